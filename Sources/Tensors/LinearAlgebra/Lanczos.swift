/// The Lanczos process with full reorthogonalization: an orthonormal basis Q of the Krylov space of a start vector, in which a
/// symmetric A is the tridiagonal T = QᵀAQ (C. Lanczos, J. Res. Natl. Bur. Stand. 45, 255, 1950).
///
/// Each product is made orthogonal to all before it, twice, so that eigenvalues do not come back as ghosts. Where the Krylov space
/// is exhausted (an invariant subspace) the process goes on from a fresh random direction orthogonal to it, with coupling 0: so
/// small problems are solved completely, multiple eigenvalues included.
package final class Lanczos<Scalar: TensorScalar> {
  private let a: any SymmetricOperator<Scalar>
  private let count: Int
  private let seed: UInt64
  /// Vectors that are made once and used by each run.
  private var vectors: [AlignedStorage<Scalar>] = []
  private var restarts = 0

  /// The diagonal of T.
  package private(set) var alphas: [Double] = []
  /// The couplings of T, one behind each diagonal element; the last one leads out of the basis.
  package private(set) var betas: [Double] = []

  package init(_ a: any SymmetricOperator<Scalar>, seed: UInt64) {
    self.a = a
    self.seed = seed
    count = a.count
  }

  /// Q's column i.
  package func basis(_ i: Int) -> UnsafeMutablePointer<Scalar> { vector(i) }

  private func vector(_ i: Int) -> UnsafeMutablePointer<Scalar> {
    while vectors.count <= i { vectors.append(AlignedStorage(uninitializedCount: count)) }
    return vectors[i].elements.baseAddress!
  }

  /// Begins anew from a vector, which is normalized.
  package func begin(_ fill: (UnsafeMutableBufferPointer<Scalar>) -> Void) {
    (alphas, betas, restarts) = ([], [], 0)
    let start = vector(0)
    fill(UnsafeMutableBufferPointer(start: start, count: count))
    ArrayArithmetic.scale(1 / ArrayArithmetic.norm(start, count: count), start, count: count)
  }

  /// One more product; false when there is nothing left to be found, or when numbers ceased to be finite.
  package func step() -> Bool {
    let size = alphas.count
    guard size < count, betas.last?.isFinite != false else { return false }
    let (current, next) = (vector(size), vector(size + 1))
    a.apply(UnsafePointer(current), into: next)
    let alpha = ArrayArithmetic.dot(UnsafePointer(next), current, count: count)
    alphas.append(alpha)
    let length = ArrayArithmetic.norm(next, count: count)
    orthogonalize(next, size + 1)
    var beta = ArrayArithmetic.norm(next, count: count)
    guard alpha.isFinite, beta.isFinite else {
      betas.append(.nan)
      return false
    }
    // What rounding leaves of a vector that lies in the space is no direction.
    let noise = Double(Scalar.ulpOfOne) * 64 * max(length, scale)
    if beta <= noise {
      beta = 0
      if size + 1 < count {
        restarts += 1
        RandomStream(seed: seed, purpose: .probe, layer: 0xFFFF, step: restarts)
          .fillNormals(UnsafeMutableBufferPointer(start: next, count: count))
        orthogonalize(next, size + 1)
        ArrayArithmetic.scale(1 / ArrayArithmetic.norm(next, count: count), next, count: count)
      }
    } else {
      ArrayArithmetic.scale(1 / beta, next, count: count)
    }
    betas.append(beta)
    return true
  }

  /// The size of T's elements so far.
  private var scale: Double { zip(alphas, betas).reduce(0) { max($0, abs($1.0), abs($1.1)) } }

  private func orthogonalize(_ x: UnsafeMutablePointer<Scalar>, _ number: Int) {
    for _ in 0..<2 {
      for i in 0..<number {
        let other = UnsafePointer(vector(i))
        ArrayArithmetic.add(-ArrayArithmetic.dot(x, other, count: count), other, to: x, count: count)
      }
    }
  }

  /// Eigenvalues of T, ascending, and its eigenvectors in rows; nil when they are not to be had.
  package func ritzPairs() -> SymmetricEigendecomposition<Double>? {
    let size = alphas.count
    var matrix = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size {
      matrix[i, i] = alphas[i]
      if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (betas[i - 1], betas[i - 1]) }
    }
    return try? matrix.symmetricEigendecomposition()
  }
}
