/// The eigenvalues of a symmetric matrix, ascending, and its orthonormal eigenvectors.
public struct SymmetricEigendecomposition<Scalar: TensorScalar>: Sendable {
  /// Ascending.
  public let values: [Scalar]
  /// Row k is the eigenvector of `values[k]`.
  public let vectors: Matrix<Scalar>

  /// V f(Λ) Vᵀ: the function of the matrix.
  public func applying(_ function: (Scalar) -> Scalar) -> Matrix<Scalar> {
    var scaled = vectors
    let size = values.count
    scaled.withUnsafeMutableBuffer { buffer in
      for (row, value) in values.enumerated() {
        let factor = function(value)
        for place in (row * size)..<((row + 1) * size) { buffer[place] *= factor }
      }
    }
    var result = vectors.product(scaled, transposingLeft: true)
    result.mirrorLowerTriangle()
    return result
  }
}

extension Matrix {
  /// The eigenvalues, ascending, of a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError.notFinite` or `noConvergence`.
  public func symmetricEigenvalues() throws(LinearAlgebraError) -> [Scalar] {
    var copy = self
    return try copy.eigenvaluesInPlace(vectors: false)
  }

  /// The eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read.
  ///
  /// Divide and conquer (LAPACK's `syevd`); memory for four such matrices.
  ///
  /// - Throws: `LinearAlgebraError.notFinite` or `noConvergence`.
  public func symmetricEigendecomposition() throws(LinearAlgebraError) -> SymmetricEigendecomposition<Scalar> {
    var vectors = self
    let values = try vectors.eigenvaluesInPlace(vectors: true)
    return SymmetricEigendecomposition(values: values, vectors: vectors)
  }

  /// The symmetric S with S S = self, for a positive semidefinite matrix: it may be singular, as the covariance of
  /// coinciding points is.
  ///
  /// - Parameter tolerance: eigenvalues down to −tolerance times the largest count as rounding, and as 0; by default
  ///   8 n times the unit roundoff.
  /// - Throws: `LinearAlgebraError.notPositiveSemidefinite`, `notFinite` or `noConvergence`.
  public func semidefiniteSquareRoot(tolerance: Double? = nil) throws(LinearAlgebraError) -> Matrix {
    let decomposition = try symmetricEigendecomposition()
    let largest = decomposition.values.reduce(0) { Swift.max($0, Double($1.magnitude)) }
    let allowed = (tolerance ?? 8 * Double(rows) * Double(Scalar.unitRoundoff)) * largest
    if let lowest = decomposition.values.first, Double(lowest) < -allowed {
      throw .notPositiveSemidefinite(index: 0, eigenvalue: Double(lowest), tolerance: allowed)
    }
    return decomposition.applying { $0 > 0 ? $0.squareRoot() : 0 }
  }

  private mutating func eigenvaluesInPlace(vectors: Bool) throws(LinearAlgebraError) -> [Scalar] {
    try checkSquareAndFinite()
    let size = rows
    guard size > 0 else { return [] }
    // LAPACK's lower triangle is the row-major upper; only the lower is promised to hold the matrix.
    mirrorLowerTriangle()
    var values = [Scalar](repeating: 0, count: size)
    let info = withUnsafeMutableBuffer { a in
      values.withUnsafeMutableBufferPointer {
        LAPACK.syevd(vectors: vectors, a.baseAddress!, size: size, $0.baseAddress!)
      }
    }
    guard info == 0 else { throw .noConvergence(index: info, size: size) }
    return values
  }
}
