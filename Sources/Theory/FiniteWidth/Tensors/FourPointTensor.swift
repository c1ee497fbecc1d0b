/// A tensor of four inputs without the symmetries of ``PairTensor``: B, F, P, Q, R, S, T, U. Indices are inputs, 0 … M − 1.
public struct FourPointTensor: Hashable, Sendable {
  /// M.
  public let inputs: Int
  /// Shape (M, M, M, M), in the order of the tensor's own indices.
  public private(set) var elements: [Double]

  /// A tensor by its elements.
  ///
  /// - Parameter elements: shape (M, M, M, M), in row-major order of the tensor's own indices.
  /// - Throws: ``FiniteWidthError`` when there are not that many, or one is not finite.
  public init(inputs: Int, elements: [Double]) throws {
    _ = try FiniteWidthError.pairs(of: inputs, name: "A four-point tensor")
    try FiniteWidthError.check(
      elements, name: "A four-point tensor", expected: [inputs, inputs, inputs, inputs])
    self.inputs = inputs
    self.elements = elements
  }

  init(inputs: Int) {
    self.inputs = inputs
    elements = Array(repeating: 0, count: inputs * inputs * inputs * inputs)
  }

  /// A tensor by its elements.
  init(inputs: Int, _ element: (Int, Int, Int, Int) -> Double) {
    self.init(inputs: inputs)
    var place = 0
    for a in 0..<inputs {
      for b in 0..<inputs {
        for c in 0..<inputs {
          for d in 0..<inputs {
            elements[place] = element(a, b, c, d)
            place += 1
          }
        }
      }
    }
  }

  public subscript(first: Int, second: Int, third: Int, fourth: Int) -> Double {
    elements[((first * inputs + second) * inputs + third) * inputs + fourth]
  }
}
