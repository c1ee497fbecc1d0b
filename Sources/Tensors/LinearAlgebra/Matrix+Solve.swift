import Foundation

extension Matrix {
  /// X with self X = right, for any square matrix.
  ///
  /// - Throws: `LinearAlgebraError.singular` with the column at which a pivot vanishes, or `notFinite`.
  public func solve(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(right.rows == rows, "\(right.rows) rows on the right of \(rows) equations.")
    try checkSquareAndFinite()
    var factors = transposed
    var solution = right.transposed
    let size = rows
    let info = factors.withUnsafeMutableBuffer { a in
      solution.withUnsafeMutableBuffer { b -> Int in
        guard let a = a.baseAddress, let b = b.baseAddress, size > 0, right.columns > 0 else { return 0 }
        return LAPACK.gesv(a, size: size, b, columns: right.columns)
      }
    }
    guard info == 0 else { throw .singular(index: info - 1, size: size) }
    return solution.transposed
  }

  /// x with self x = right.
  ///
  /// - Throws: `LinearAlgebraError.singular` with the column at which a pivot vanishes, or `notFinite`.
  public func solve(_ right: [Scalar]) throws(LinearAlgebraError) -> [Scalar] {
    try solve(Matrix(rows: right.count, columns: 1, elements: right)).tensor.elements
  }

  /// The determinant as its sign (0 if it vanishes) and the logarithm of its magnitude, which does not overflow.
  ///
  /// - Throws: `LinearAlgebraError.notFinite`.
  public func logDeterminant() throws(LinearAlgebraError) -> (sign: Int, logMagnitude: Double) {
    try checkSquareAndFinite()
    guard rows > 0 else { return (1, 0) }
    var factors = self
    let size = rows
    let pivots = factors.withUnsafeMutableBuffer { LAPACK.getrf($0.baseAddress!, size: size).pivots }
    var sign = 1
    var logMagnitude = 0.0
    for index in 0..<size {
      let pivot = Double(factors[index, index])
      if pivot == 0 { return (0, -.infinity) }
      if (pivot < 0) != (pivots[index] != Int32(index + 1)) { sign = -sign }
      logMagnitude += log(abs(pivot))
    }
    return (sign, logMagnitude)
  }

  /// The determinant, which overflows for large matrices: see `logDeterminant()`.
  ///
  /// - Throws: `LinearAlgebraError.notFinite`.
  public func determinant() throws(LinearAlgebraError) -> Double {
    let (sign, logMagnitude) = try logDeterminant()
    return Double(sign) * exp(logMagnitude)
  }
}
