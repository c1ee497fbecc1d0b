/// A tensor of four inputs without the symmetries of ``PairTensor``: B, F, P, Q, R, S, T, U. Indices are inputs, 0 … M − 1.
public struct FourPointTensor: Hashable, Sendable {
  /// M.
  public let inputs: Int
  /// Shape (M, M, M, M), in the order of the tensor's own indices.
  public private(set) var elements: [Double]

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
