/// Why a factorisation failed, and where.
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// An element is NaN or infinite.
  case notFinite(row: Int, column: Int)
  /// The leading block of `index + 1` rows and columns is not positive definite.
  case notPositiveDefinite(index: Int, size: Int)
  /// An eigenvalue lies further below 0 than rounding explains.
  case notPositiveSemidefinite(index: Int, eigenvalue: Double, tolerance: Double)
  /// A pivot vanishes: the first `index + 1` columns are linearly dependent.
  case singular(index: Int, size: Int)
  /// The eigenvalue iteration did not converge.
  case noConvergence(index: Int, size: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let row, let column):
      "The element in row \(row), column \(column) is not a finite number; look for NaN or overflow in what made the matrix."
    case .notPositiveDefinite(let index, let size):
      """
      The \(size) × \(size) matrix is not positive definite: its Cholesky factorisation fails at row \(index). If it is a \
      covariance or kernel of coinciding points, add a small multiple of the identity or take semidefiniteSquareRoot().
      """
    case .notPositiveSemidefinite(let index, let eigenvalue, let tolerance):
      """
      The matrix is not positive semidefinite: eigenvalue \(index) is \(eigenvalue), below −\(tolerance), which is what \
      rounding explains. Check that it is a covariance, or pass a larger tolerance.
      """
    case .singular(let index, let size):
      """
      The \(size) × \(size) matrix is singular: column \(index) depends on those before it. Remove dependent rows, or add a \
      small multiple of the identity.
      """
    case .noConvergence(let index, let size):
      "The eigenvalues of the \(size) × \(size) matrix did not converge, at \(index); rescale it so that its elements are near 1."
    }
  }
}
