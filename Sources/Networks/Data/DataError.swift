import OrreryFormats

/// What is wrong with data, or with what a description asks of them.
///
/// Files that cannot be read or are not what they should be are `FormatError`s; both have a `category`, from which the
/// command line takes its exit status.
public struct DataError: Error, Hashable, Sendable {
  /// The kinds of trouble, for programs that want to tell them apart.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The catalogue has no data set of this name.
    case unknownName
    /// The data set is in the catalogue, and not on this machine.
    case notInstalled
    /// The inputs are no (samples, features) table.
    case wrongShape
    /// There are no labels where they are needed, or as many as there are not inputs, or they are no whole numbers.
    case labels
    /// A class is asked for that the data do not have, or twice.
    case classes
    /// More samples are asked for than there are.
    case tooFewSamples
    /// The targets do not go with the number of classes.
    case targets
    /// The normalization does not go with the values.
    case normalization
    /// A number is too large for the precision that networks run in.
    case range
  }

  public let kind: Kind
  /// What the data are called: a name of the catalogue, or a file.
  public let name: String
  /// What is wrong and where, a clause without a full stop.
  public let problem: String
  /// What to do, a clause that ends the sentence.
  public let remedy: String

  package init(_ kind: Kind, name: String, _ problem: String, remedy: String) {
    self.kind = kind
    self.name = name
    self.problem = problem
    self.remedy = remedy
  }

  /// `noSuchInput` for data that are not there, else `badData`.
  public var category: FailureCategory {
    switch kind {
    case .unknownName, .notInstalled: .noSuchInput
    default: .badData
    }
  }
}

extension DataError: CustomStringConvertible {
  /// One sentence: which data, what is wrong, what to do.
  public var description: String { "\(name): \(problem); \(remedy)" }
}
