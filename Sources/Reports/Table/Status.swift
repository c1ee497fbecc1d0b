import OrreryFindings

/// How good a row or a line of a report is; colour and sign follow from it.
public enum Status: String, Hashable, Codable, Sendable, CaseIterable {
  case good
  case caution
  case bad
  case unknown

  /// A sign that carries the meaning where there is no colour.
  public var sign: String {
    switch self {
    case .good: "✓"
    case .caution: "~"
    case .bad: "✗"
    case .unknown: "?"
    }
  }

  /// agrees → good, in tension → caution, refuted → bad, cannot tell → unknown.
  public init(_ verdict: Verdict) {
    switch verdict {
    case .agrees: self = .good
    case .inTension: self = .caution
    case .refuted: self = .bad
    case .cannotTell: self = .unknown
    }
  }
}

/// A status with the word that a reader sees: "agrees", "frozen", "Adam ε".
public struct StatusChip: Hashable, Codable, Sendable {
  public var status: Status
  public var label: String

  public init(_ status: Status, _ label: String) {
    self.status = status
    self.label = label
  }

  public init(_ verdict: Verdict) {
    self.init(Status(verdict), verdict.rawValue)
  }
}
