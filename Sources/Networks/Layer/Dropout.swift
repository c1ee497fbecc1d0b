/// Dropout: in training every number is 0 with probability p, else divided by 1 − p, drawn anew for each sample and step; in
/// evaluation nothing happens.
///
/// In a description `dropout: 0.2`. Which numbers are left out is a function of (seed, member, dropout layer, step, place in the
/// batch): the same for any number of threads, stopped and resumed or not.
///
/// N. Srivastava et al., JMLR 15, 1929 (2014).
public struct Dropout: LayerDescription {
  public static let key = "dropout"
  /// p, 0 ≤ p < 1.
  public var probability: Double

  public init(_ probability: Double) { self.probability = probability }

  /// - Throws: `NetworkError` unless 0 ≤ p < 1.
  public func validate() throws {
    guard (0..<1).contains(probability) else {
      throw NetworkError(
        .invalidValue, "the probability of dropout is \(probability)",
        remedy: "give a number from 0 to less than 1, such as 0.2.")
    }
  }

  /// - Throws: as ``validate()``.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try validate()
    return inputShape
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

/// The probability stands for the layer: `{"dropout": 0.2}`.
extension Dropout: Codable {
  public init(from decoder: any Decoder) throws {
    probability = try decoder.singleValueContainer().decode(Double.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(probability)
  }
}
