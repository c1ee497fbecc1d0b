/// The average over all pixels: (height, width, channels) → (channels).
public struct GlobalAveragePool: LayerDescription {
  public static let key = "global-average-pool"

  public init() {}

  /// - Throws: `NetworkError` unless images enter.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try ImageShape.check(inputShape, what: "a global average")
    return [inputShape[2]]
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

/// All axes as one, row by row: (height, width, channels) → (height · width · channels).
public struct Flatten: LayerDescription {
  public static let key = "flatten"

  public init() {}

  public func outputShape(for inputShape: [Int]) throws -> [Int] { [inputShape.reduce(1, *)] }
  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}
