import Foundation

/// An input file that cannot be used: which file, what is wrong with it, and what to do.
///
/// ```
/// X.npy: the header promises shape (3, 4) of float64, 96 bytes, but 80 bytes follow it; copy the file again, or save
/// it again with numpy.save.
/// ```
public struct FormatError: Error, Hashable, Sendable {
  /// The kinds of trouble, for programs that want to tell them apart.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// There is no file at this path.
    case noSuchFile
    /// The file may not be read, or is no ordinary file.
    case unreadable
    /// The file is in none of the formats that are read here.
    case unrecognized
    /// The file ends too early.
    case truncated
    /// The file's own description of its contents disagrees with the contents.
    case inconsistent
    /// The file does not follow its format.
    case malformed
    /// The file is valid, and holds what is not read here: objects, records, complex numbers, text, encryption.
    case unsupported
    /// The contents would need more memory than the limits allow.
    case tooLarge
    /// A checksum disagrees with the contents.
    case corrupt
    /// A text field is not a number.
    case notNumeric
    /// A value is NaN or infinite.
    case notFinite
    /// The file has no array of this name, or several and none was named.
    case noSuchArray
  }

  public let kind: Kind
  /// The file, as the caller named it.
  public let file: String
  /// What is wrong and where, a clause without a full stop.
  public let problem: String
  /// What to do, a clause without a full stop.
  public let remedy: String

  package init(_ kind: Kind, file: String, _ problem: String, remedy: String) {
    self.kind = kind
    self.file = file
    self.problem = problem
    self.remedy = remedy
  }

  /// `noSuchInput` when the file could not be opened, else `badData`.
  public var category: FailureCategory {
    switch kind {
    case .noSuchFile, .unreadable: .noSuchInput
    default: .badData
    }
  }
}

extension FormatError: CustomStringConvertible, LocalizedError {
  /// One sentence: file, problem, remedy.
  public var description: String { "\(file): \(problem); \(remedy)." }
  public var errorDescription: String? { description }
}
