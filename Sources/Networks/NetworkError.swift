import OrreryFormats

/// What is wrong with the description of a network: an activation, an architecture, an initialization.
public struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of trouble, for programs that want to tell them apart.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// There is no activation, layer or initialization of this name.
    case unknownName
    /// A named thing has no parameter of this name.
    case unknownParameter
    /// A parameter without a default was not given.
    case missingParameter
    /// A number is outside the range that makes sense.
    case invalidValue
    /// The network's shapes do not fit, or are too large to be counted.
    case invalidShape
    /// As many entries were given as there are not layers.
    case wrongCount
  }

  public let kind: Kind
  /// What is wrong, a clause without a full stop.
  public let problem: String
  /// What to do, a clause that ends the sentence.
  public let remedy: String
  /// The setting of a layer that is wrong, as a description calls it; nil where it is no single one.
  public let key: String?

  public init(_ kind: Kind, _ problem: String, remedy: String, key: String? = nil) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
    self.key = key
  }

  /// One sentence: what is wrong, and what to do.
  public var description: String { "\(problem); \(remedy)" }
}
