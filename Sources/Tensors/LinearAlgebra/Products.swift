import COpenBLAS

/// Matrix products over the system's BLAS, one thread each: Orrery runs tiles, networks and samples in parallel instead,
/// because OpenBLAS's own threads spin and collapse when another process shares the machine.
public enum BLAS {
  /// The processor family whose kernels OpenBLAS runs, for reports: `Haswell`, `SkylakeX`, `Zen`, …
  ///
  /// `OPENBLAS_CORETYPE` in the environment changes it, and with it the last bits of products.
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// Sets OpenBLAS to one thread, once.
  package static let prepared: Void = openblas_set_num_threads(1)

  /// C ← α op(A) op(B) + β C for row-major blocks: op(A) is (rows, inner), op(B) (inner, columns).
  @inline(__always)
  package static func multiply(
    _ a: UnsafePointer<Float>, transposed transposeA: Bool = false, stride strideA: Int,
    _ b: UnsafePointer<Float>, transposed transposeB: Bool = false, stride strideB: Int,
    into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    rows: Int, inner: Int, columns: Int, alpha: Float = 1, beta: Float = 0
  ) {
    _ = prepared
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner), alpha, a, blasint(strideA), b, blasint(strideB), beta, c,
      blasint(strideC))
  }

  @inline(__always)
  package static func multiply(
    _ a: UnsafePointer<Double>, transposed transposeA: Bool = false, stride strideA: Int,
    _ b: UnsafePointer<Double>, transposed transposeB: Bool = false, stride strideB: Int,
    into c: UnsafeMutablePointer<Double>, stride strideC: Int,
    rows: Int, inner: Int, columns: Int, alpha: Double = 1, beta: Double = 0
  ) {
    _ = prepared
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner), alpha, a, blasint(strideA), b, blasint(strideB), beta, c,
      blasint(strideC))
  }
}
