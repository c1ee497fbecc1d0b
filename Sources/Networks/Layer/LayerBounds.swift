/// How large layers and networks may be: beyond it numbers could not be counted in 64 bits, and no machine could hold them.
public enum LayerBounds {
  /// Of units, features, symbols, extents of windows, and of the numbers that leave a layer for one sample.
  public static let largestExtent = Int(Int32.max)
  /// Numbers of one tensor of parameters.
  public static let largestTensor = 1 << 40
  /// Layers of a network, those inside residual blocks among them: a perceptron of 10 000 hidden layers, with its activations.
  public static let mostLayers = 20_002
  /// Layers inside layers, such as residual blocks in residual blocks, that a description may have.
  public static let deepestNesting = 64
  /// Tensors that are drawn with a number of their own, of 16 bits.
  static let mostWeights = 65_000

  /// The product; nil where it is larger than a bound.
  static func product(_ extents: [Int], atMost most: Int) -> Int? {
    var product = 1
    for extent in extents {
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: extent)
      guard !isTooLarge, next <= most else { return nil }
      product = next
    }
    return product
  }

  /// - Throws: `NetworkError` for a number of units that is not in 1 … ``largestExtent``.
  static func check(units: Int, of what: String) throws {
    guard (1...largestExtent).contains(units) else {
      throw NetworkError(
        .invalidShape, "\(what) has \(units) units", remedy: "give it at least 1 and at most \(largestExtent).",
        key: "units")
    }
  }

  /// - Throws: `NetworkError` for more numbers than ``largestExtent`` that leave a layer for one sample.
  static func check(_ shape: [Int]) throws {
    guard product(shape, atMost: largestExtent) != nil else {
      throw NetworkError(
        .invalidShape, "the shape \(shape) leaves it, more than \(largestExtent) numbers for each sample",
        remedy: "choose smaller sizes.")
    }
  }

  /// - Throws: `NetworkError` for a tensor beyond ``largestTensor``; it says of which layer.
  static func check(_ parameters: [NetworkParameter]) throws {
    for parameter in parameters where product(parameter.description.shape, atMost: largestTensor) == nil {
      let error = tooManyParameters(parameter.description.shape)
      throw NetworkError(
        error.kind, "layer \(parameter.layer + 1) does not fit: \(error.problem)", remedy: error.remedy)
    }
  }

  static func tooManyParameters(_ shape: [Int]) -> NetworkError {
    NetworkError(
      .invalidShape, "its weights have the shape \(shape), more than 2^40 numbers", remedy: "choose smaller sizes.")
  }
}

extension [Layer] {
  /// How many there are, those inside residual blocks among them.
  public var totalCount: Int {
    reduce(0) { count, layer in
      let block = layer.description as? Residual
      return count + 1 + (block.map { $0.branch.totalCount + $0.skip.totalCount } ?? 0)
    }
  }
}
