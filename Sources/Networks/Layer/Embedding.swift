/// A row of numbers for each symbol: x_t ∈ {0, …, V − 1} → E_(x_t), (…) → (…, features).
///
/// Symbols are data, and so an embedding is a network's first layer.
///
/// It is a linear layer on one-hot vectors, of which one component counts: fan-in 1, Var E = C_W.
public struct Embedding: LayerDescription {
  public static let key = "embedding"
  /// V: symbols are whole numbers from 0 to V − 1.
  public var vocabulary: Int
  public var features: Int

  public init(vocabulary: Int, features: Int) {
    self.vocabulary = vocabulary
    self.features = features
  }

  /// - Throws: `NetworkError` unless sizes are within ``LayerBounds``.
  public func validate() throws {
    let bounds = 1...LayerBounds.largestExtent
    guard bounds.contains(vocabulary), bounds.contains(features) else {
      throw NetworkError(
        .invalidShape, "an embedding of \(vocabulary) symbols has \(features) features",
        remedy: "give both vocabulary and features at least 1 and at most \(LayerBounds.largestExtent).",
        key: bounds.contains(vocabulary) ? "features" : "vocabulary")
    }
  }

  /// - Throws: as ``validate()``.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try validate()
    return inputShape + [features]
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    [
      ParameterDescription(
        name: "weight", shape: [vocabulary, features], fanIn: 1, fanOut: features, role: .embedding)
    ]
  }
}

/// A learned row of numbers for each position, added: x_t + P_t, (positions, features) → the same.
///
/// Like an embedding of the position's number: fan-in 1, Var P = C_W.
public struct PositionalEmbedding: LayerDescription {
  public static let key = "positional-embedding"

  public init() {}

  /// - Throws: `NetworkError` unless positions and features enter.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 2, inputShape.allSatisfy({ $0 >= 1 }) else {
      throw NetworkError(
        .invalidShape, "a positional embedding takes (positions, features), and the shape \(inputShape) enters",
        remedy: "put an embedding before it.")
    }
    return inputShape
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    [
      ParameterDescription(
        name: "weight", shape: inputShape, fanIn: 1, fanOut: inputShape.last ?? 1, role: .embedding)
    ]
  }
}
