/// What can go wrong when a report is written.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder cannot be written, with the system's reason.
  case cannotWrite(path: String, reason: String)

  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "The report cannot be written to '\(path)': \(reason). Choose a folder that exists and that you may write to."
    }
  }
}
