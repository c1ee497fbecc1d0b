/// Matrix products of any size on one thread, operands where they lie: see ``RegisterProduct`` for the kernels.
///
/// They are our own, because a BLAS of the system may not know the processor, packs both operands at every call, and has threads
/// of its own. At their best the two are equally fast.
package enum DenseProduct {
  /// C ← α op(A) op(B) + β C for row-major blocks: op(A) is (rows, inner), op(B) (inner, columns), C overlaps neither.
  ///
  /// - Precondition: α is not 0.
  @inline(__always)
  package static func multiply<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, transposed transposeA: Bool = false, stride strideA: Int,
    _ b: UnsafePointer<Scalar>, transposed transposeB: Bool = false, stride strideB: Int,
    into c: UnsafeMutablePointer<Scalar>, stride strideC: Int,
    rows: Int, inner: Int, columns: Int, alpha: Scalar = 1, beta: Scalar = 0
  ) {
    if beta != 0, beta != alpha { scale(c, stride: strideC, rows: rows, columns: columns, by: beta / alpha) }
    let (rowStep, innerStep) = transposeA ? (1, strideA) : (strideA, 1)
    if !transposeB, !RegisterProduct.isWorthPacking(rows: rows, bRow: strideB) {
      RegisterProduct.multiply(
        a, row: rowStep, inner: innerStep, b, inner: strideB, tile: RegisterProduct.tileColumns(Scalar.self),
        rows: rows,
        inner: inner, columns: columns, into: c, stride: strideC, accumulating: beta != 0)
    } else {
      RegisterProduct.multiplyPanelled(
        a, row: rowStep, inner: innerStep, b, bRow: strideB, transposed: transposeB, rows: rows, inner: inner,
        columns: columns, into: c, stride: strideC, accumulating: beta != 0)
    }
    if alpha != 1 { scale(c, stride: strideC, rows: rows, columns: columns, by: alpha) }
  }

  @inline(__always)
  private static func scale<Scalar: TensorScalar>(
    _ c: UnsafeMutablePointer<Scalar>, stride: Int, rows: Int, columns: Int, by factor: Scalar
  ) {
    for row in 0..<rows { for column in 0..<columns { c[row &* stride &+ column] *= factor } }
  }
}
