import COpenBLAS

/// LAPACK's routines for either element type, chosen once per matrix. Column-major, as LAPACK has it.
enum LAPACK {
  /// The Cholesky factor in place; returns LAPACK's `info`.
  static func potrf<Scalar: TensorScalar>(_ triangle: String, _ a: UnsafeMutablePointer<Scalar>, size: Int) -> Int {
    _ = BLAS.prepared
    var n = Int32(size)
    var info: Int32 = 0
    if Scalar.self == Double.self {
      dpotrf_(triangle, &n, double(a), &n, &info)
    } else {
      spotrf_(triangle, &n, single(a), &n, &info)
    }
    return Int(info)
  }

  /// Solves with a Cholesky factor; `b` has one column per right-hand side.
  static func potrs<Scalar: TensorScalar>(
    _ triangle: String, _ a: UnsafeMutablePointer<Scalar>, size: Int, _ b: UnsafeMutablePointer<Scalar>, columns: Int
  ) {
    _ = BLAS.prepared
    var n = Int32(size)
    var count = Int32(columns)
    var info: Int32 = 0
    if Scalar.self == Double.self {
      dpotrs_(triangle, &n, &count, double(a), &n, double(b), &n, &info)
    } else {
      spotrs_(triangle, &n, &count, single(a), &n, single(b), &n, &info)
    }
  }

  /// Eigenvalues, ascending, and with `vectors` the eigenvectors in the columns of `a`; returns `info`.
  static func syevd<Scalar: TensorScalar>(
    vectors: Bool, _ a: UnsafeMutablePointer<Scalar>, size: Int, _ values: UnsafeMutablePointer<Scalar>
  ) -> Int {
    _ = BLAS.prepared
    precondition(size <= 32_000, "An eigenproblem of size \(size) passes LAPACK's 32-bit work space; split it.")
    let job = vectors ? "V" : "N"
    var n = Int32(size)
    var info: Int32 = 0
    // What divide and conquer needs, by LAPACK's own formula.
    var workCount = Int32(vectors ? 1 + 6 * size + 2 * size * size : 1 + 2 * size)
    var integerCount = Int32(vectors ? 3 + 5 * size : 1)
    var integers = [Int32](repeating: 0, count: Int(integerCount))
    let work = AlignedStorage<Scalar>(uninitializedCount: Int(workCount))
    if Scalar.self == Double.self {
      dsyevd_(
        job, "L", &n, double(a), &n, double(values), double(work.elements.baseAddress!), &workCount, &integers,
        &integerCount, &info)
    } else {
      ssyevd_(
        job, "L", &n, single(a), &n, single(values), single(work.elements.baseAddress!), &workCount, &integers,
        &integerCount, &info)
    }
    return Int(info)
  }

  /// Solves a general system in place of `b`; returns `info`.
  static func gesv<Scalar: TensorScalar>(
    _ a: UnsafeMutablePointer<Scalar>, size: Int, _ b: UnsafeMutablePointer<Scalar>, columns: Int
  ) -> Int {
    _ = BLAS.prepared
    var n = Int32(size)
    var count = Int32(columns)
    var pivots = [Int32](repeating: 0, count: size)
    var info: Int32 = 0
    if Scalar.self == Double.self {
      dgesv_(&n, &count, double(a), &n, &pivots, double(b), &n, &info)
    } else {
      sgesv_(&n, &count, single(a), &n, &pivots, single(b), &n, &info)
    }
    return Int(info)
  }

  /// The triangular factors in place, and the rows exchanged (counted from 1).
  static func getrf<Scalar: TensorScalar>(_ a: UnsafeMutablePointer<Scalar>, size: Int) -> (pivots: [Int32], info: Int)
  {
    _ = BLAS.prepared
    var n = Int32(size)
    var pivots = [Int32](repeating: 0, count: size)
    var info: Int32 = 0
    if Scalar.self == Double.self {
      dgetrf_(&n, &n, double(a), &n, &pivots, &info)
    } else {
      sgetrf_(&n, &n, single(a), &n, &pivots, &info)
    }
    return (pivots, Int(info))
  }

  /// The QR factorisation: R above the diagonal, reflections below it.
  static func geqrf(_ a: UnsafeMutablePointer<Double>, rows: Int, columns: Int, _ tau: UnsafeMutablePointer<Double>) {
    _ = BLAS.prepared
    var (m, n, info) = (Int32(rows), Int32(columns), Int32(0))
    var workCount = Int32(64 * max(1, columns))
    let work = AlignedStorage<Double>(uninitializedCount: Int(workCount))
    dgeqrf_(&m, &n, a, &m, tau, work.elements.baseAddress!, &workCount, &info)
    precondition(info == 0, "A QR factorisation of finite numbers does not fail.")
  }

  /// Q from reflections.
  static func orgqr(_ a: UnsafeMutablePointer<Double>, rows: Int, columns: Int, _ tau: UnsafeMutablePointer<Double>) {
    var (m, n, k, info) = (Int32(rows), Int32(columns), Int32(columns), Int32(0))
    var workCount = Int32(64 * max(1, columns))
    let work = AlignedStorage<Double>(uninitializedCount: Int(workCount))
    dorgqr_(&m, &n, &k, a, &m, tau, work.elements.baseAddress!, &workCount, &info)
    precondition(info == 0, "Reflections make a matrix.")
  }

  private static func double<Scalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }

  private static func single<Scalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
  }
}
