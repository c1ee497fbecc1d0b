import OrreryTensors

/// One matrix product in the arena.
///
/// Small operands go through register tiles where they lie; a transposed right operand is packed into scratch first. Large
/// ones go to BLAS. Work is cut by rows at places that the extents alone fix, and an element's sum has one order: results do
/// not depend on the number of threads.
struct ProductKernel: Sendable {
  let extents: ProductExtents
  let transposesLeft: Bool
  let transposesRight: Bool
  var scratch: Int
  let isParallel: Bool
  private let usesBLAS: Bool

  init(
    _ extents: ProductExtents, transposesLeft: Bool, transposesRight: Bool, scratch: Int, isParallel: Bool
  ) {
    self.extents = extents
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
    self.scratch = scratch
    self.isParallel = isParallel
    // Beyond the second cache BLAS's blocking of all three extents wins.
    usesBLAS = extents.inner * extents.columns > Self.largestOperand && extents.rows >= 8
  }

  /// Elements of a right operand that the second cache holds beside the rest.
  private static var largestOperand: Int { 1 << 16 }

  /// The room that a packed right operand takes.
  static func packedCount(inner: Int, columns: Int, _ width: Int) -> Int {
    (columns + width - 1) / width * width * inner
  }

  /// What computes op(A) op(B), or adds it to C; places are given in numbers from the arena's start.
  @inline(__always)
  func kernel<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, a: Int, b: Int, c: Int, accumulating: Bool
  ) -> Kernel {
    let (rows, inner, columns) = (extents.rows, extents.inner, extents.columns)
    let (transposesLeft, transposesRight, usesBLAS) = (transposesLeft, transposesRight, usesBLAS)
    let strideA = transposesLeft ? rows : inner
    let strideB = transposesRight ? inner : columns
    let width = RegisterProduct.tileColumns(Scalar.self)
    let isPacked = !usesBLAS && transposesRight
    // Each tile of rows writes its own part of C, and reads what nobody writes.
    nonisolated(unsafe) let left = UnsafePointer(base + a)
    nonisolated(unsafe) let right = UnsafePointer(base + (isPacked ? scratch : b))
    nonisolated(unsafe) let target = base + c
    let (innerStride, tileStride) = isPacked ? (width, width * inner) : (columns, width)
    // BLAS packs the whole right operand for every tile: few of them.
    let smallest = usesBLAS ? max(64, (rows + 3) / 4) : max(24, (rows + 15) / 16)
    let tile = rows * inner * columns >= Self.parallelWork ? smallest : rows
    let product = Placement.parts((rows + tile - 1) / tile, isParallel: isParallel) { index in
      let first = index * tile
      let count = min(tile, rows - first)
      if usesBLAS {
        Scalar.multiply(
          left + first * (transposesLeft ? 1 : strideA), transposed: transposesLeft, stride: strideA, right,
          transposed: transposesRight, stride: strideB, into: target + first * columns, stride: columns, rows: count,
          inner: inner, columns: columns, accumulating: accumulating)
      } else {
        RegisterProduct.multiply(
          left + first * (transposesLeft ? 1 : strideA), row: transposesLeft ? 1 : strideA,
          inner: transposesLeft ? strideA : 1, right, inner: innerStride, tile: tileStride, rows: count, inner: inner,
          columns: columns, into: target + first * columns, stride: columns, accumulating: accumulating)
      }
    }
    guard isPacked else { return product }
    let pack = OperandPanels.packTransposed(
      UnsafePointer(base + b), inner: inner, columns: columns, into: base + scratch, isParallel: isParallel)
    return {
      pack()
      product()
    }
  }

  /// Multiply-adds, of some 50 microseconds, below which moving arrays to a second core costs more than it gains.
  static var parallelWork: Int { 1 << 22 }
}
