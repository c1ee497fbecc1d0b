/// How a run stands.
public enum RunState: String, Hashable, Codable, Sendable, CaseIterable {
  /// A process is at work on it.
  case running
  /// Everything that was asked for is there.
  case finished
  /// It was stopped, by a person or by the machine, and can go on.
  case interrupted
  /// Training left the numbers' range: a result, and complete as far as it can be.
  case diverged
  /// It could not go on; the message says why.
  case failed

  /// Whether asking the same question again is answered from the archive.
  public var isComplete: Bool { self == .finished || self == .diverged }
}
