import Foundation

extension Matrix {
  /// The lower triangular L with L Lᵀ = self, for a symmetric positive definite matrix, of which the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` with the row at which it fails, or `notFinite`.
  public func choleskyFactor() throws(LinearAlgebraError) -> Matrix {
    try checkSquareAndFinite()
    var factor = self
    let size = rows
    let info = factor.withUnsafeMutableBuffer { buffer -> Int in
      guard size > 0, let a = buffer.baseAddress else { return 0 }
      // The row-major lower triangle is LAPACK's upper.
      let info = LAPACK.potrf("U", a, size: size)
      for i in 0..<size { (a + i * size + i + 1).update(repeating: 0, count: size - i - 1) }
      return info
    }
    guard info == 0 else { throw .notPositiveDefinite(index: info - 1, size: size) }
    return factor
  }

  /// X with self X = right, for a symmetric positive definite matrix, of which the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` with the row at which it fails, or `notFinite`.
  public func solvePositiveDefinite(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(right.rows == rows, "\(right.rows) rows on the right of \(rows) equations.")
    var factor = try choleskyFactor()
    var solution = right.transposed
    let size = rows
    factor.withUnsafeMutableBuffer { a in
      solution.withUnsafeMutableBuffer { b in
        guard let a = a.baseAddress, let b = b.baseAddress, size > 0, right.columns > 0 else { return }
        LAPACK.potrs("U", a, size: size, b, columns: right.columns)
      }
    }
    return solution.transposed
  }

  /// The logarithm of a symmetric positive definite matrix's determinant.
  ///
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` with the row at which it fails, or `notFinite`.
  public func logDeterminantOfPositiveDefinite() throws(LinearAlgebraError) -> Double {
    let factor = try choleskyFactor()
    return (0..<rows).reduce(0) { $0 + 2 * log(Double(factor[$1, $1])) }
  }

  func checkSquareAndFinite() throws(LinearAlgebraError) {
    precondition(rows == columns, "This verb needs a square matrix; this one is \(rows) × \(columns).")
    let place = withUnsafeBuffer { $0.firstIndex { !$0.isFinite } }
    if let place { throw .notFinite(row: place / columns, column: place % columns) }
  }
}
