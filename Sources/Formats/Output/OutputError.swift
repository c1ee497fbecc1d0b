import Foundation

/// An output that cannot be written: which file or folder, why, and what to do.
public struct OutputError: Error, Hashable, Sendable {
  /// The kinds of trouble, for programs that want to tell them apart.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The folder that should hold the output does not exist.
    case noSuchFolder
    /// The place is taken by what must not be replaced: a folder, a device.
    case occupied
    /// The system refused: permissions, a full disk, a read-only file system.
    case refused
    /// The folder belongs to a job with other settings.
    case otherJob
    /// Another process is writing there now.
    case inUse
  }

  public let kind: Kind
  /// The output, as the caller named it.
  public let file: String
  /// What is wrong, a clause without a full stop.
  public let problem: String
  /// What to do, a clause without a full stop.
  public let remedy: String

  package init(_ kind: Kind, file: String, _ problem: String, remedy: String) {
    self.kind = kind
    self.file = file
    self.problem = problem
    self.remedy = remedy
  }

  public var category: FailureCategory { .cannotWrite }
}

extension OutputError: CustomStringConvertible, LocalizedError {
  /// One sentence: file, problem, remedy.
  public var description: String { "\(file): \(problem); \(remedy)." }
  public var errorDescription: String? { description }
}
