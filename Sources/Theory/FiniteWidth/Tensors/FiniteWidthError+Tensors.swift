import OrreryTensors

extension FiniteWidthError {
  /// M(M + 1)/2, of a number of inputs that memory could hold a tensor of.
  static func pairs(of inputs: Int, name: String) throws -> Int {
    guard (1...10_000).contains(inputs) else {
      throw FiniteWidthError.badTensor(name: name, expected: [1], found: [inputs])
    }
    return KernelEntry.packedCount(inputs)
  }

  static func check(_ elements: [Double], name: String, expected: [Int]) throws {
    guard elements.count == expected.reduce(1, *) else {
      throw FiniteWidthError.badTensor(name: name, expected: expected, found: [elements.count])
    }
    guard elements.allSatisfy(\.isFinite) else { throw FiniteWidthError.tensorNotFinite(name: name) }
  }

  static func check(_ matrix: Matrix<Double>, name: String, inputs: Int) throws {
    guard matrix.rows == inputs, matrix.columns == inputs else {
      throw FiniteWidthError.badTensor(name: name, expected: [inputs, inputs], found: [matrix.rows, matrix.columns])
    }
    try check(matrix.tensor.elements, name: name, expected: [inputs, inputs])
  }
}
