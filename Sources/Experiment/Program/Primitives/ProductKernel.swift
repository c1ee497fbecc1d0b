import OrreryTensors

/// How the right operand of a product lies in the arena.
enum RightOperand: Hashable, Sendable {
  /// (inner, columns).
  case plain
  /// (columns, inner).
  case transposed
  /// In panels as wide as a register tile: see ``OperandPanels``.
  case packed
}

/// One matrix product in the arena.
///
/// Operands go through register tiles where they lie, as long as their rows are near to each other; otherwise, and where the
/// right one is transposed, they are first packed into scratch: once for all threads or, transposed and for one thread, a panel
/// at a time. The largest go to BLAS. Work is cut by rows at places that the extents alone fix, and an element's sum has one
/// order: results do not depend on the number of threads.
struct ProductKernel: Sendable {
  let extents: ProductExtents
  let transposesLeft: Bool
  let right: RightOperand
  var scratch: Int
  let isParallel: Bool

  /// The room that the kernel takes at `scratch`, with panels of this width: single precision has the wider ones, with room
  /// for both.
  static func scratchCount(
    _ extents: ProductExtents, transposesLeft: Bool, right: RightOperand, _ width: Int
  ) -> Int {
    let own = Self(extents: extents, transposesLeft: transposesLeft, right: right, scratch: 0, isParallel: false)
    return own.panelCount(width) + (own.copiesLeft ? extents.rows * extents.inner : 0)
  }

  /// Beyond the second cache BLAS's blocking of all three extents wins.
  private var usesBLAS: Bool {
    right != .packed && extents.inner * extents.columns > Self.largestOperand && extents.rows >= 8
  }

  private var packsRight: Bool {
    switch right {
    case .packed: false
    case .transposed: !usesBLAS
    case .plain: !usesBLAS && extents.columns >= Self.farRows && extents.rows >= 48
    }
  }

  /// A tile that goes along a transposed left operand meets a new row with every step.
  private var copiesLeft: Bool {
    !usesBLAS && transposesLeft && extents.rows >= Self.farRows && extents.columns >= 48
  }

  private func panelCount(_ width: Int) -> Int {
    packsRight ? OperandPanels.size(inner: extents.inner, columns: extents.columns, width) : 0
  }

  /// Elements of a right operand that is packed here.
  static var largestOperand: Int { 1 << 19 }
  /// Elements of a row from which rows, so far apart, drive each other out of the first cache.
  private static var farRows: Int { 256 }

  /// What computes op(A) op(B), or the same added to a row that all rows of C start from; places are given in numbers from the
  /// arena's start.
  @inline(__always)
  func kernel<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, a: Int, b: Int, c: Int, rowStart: Int? = nil
  ) -> Kernel {
    usesBLAS
      ? libraryKernel(base, a: a, b: b, c: c, rowStart: rowStart)
      : tileKernel(base, a: a, b: b, c: c, rowStart: rowStart)
  }

  @inline(__always)
  private func tileKernel<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, a: Int, b: Int, c: Int, rowStart: Int?
  ) -> Kernel {
    let (rows, inner, columns) = (extents.rows, extents.inner, extents.columns)
    let width = RegisterProduct.tileColumns(Scalar.self)
    let copy = scratch + panelCount(width)
    let (rowStep, innerStep) = transposesLeft && !copiesLeft ? (1, rows) : (inner, 1)
    let (innerStride, tileStride) = packsRight || right == .packed ? (width, width * inner) : (columns, width)
    // Each tile of rows writes its own part of C, and reads what nobody writes.
    nonisolated(unsafe) let base = base
    nonisolated(unsafe) let left = UnsafePointer(base + (copiesLeft ? copy : a))
    nonisolated(unsafe) let second = UnsafePointer(base + (packsRight ? scratch : b))
    nonisolated(unsafe) let (target, start) = (base + c, rowStart.map { UnsafePointer(base + $0) })
    var steps = KernelSequence()
    if copiesLeft {
      steps.append(
        Placement.parts((rows + 63) / 64, isParallel: isWorthSharing) { part in
          RegisterProduct.transpose(
            UnsafePointer(base + a + 64 * part), stride: rows, rows: inner, columns: min(64, rows - 64 * part),
            into: base + copy + 64 * part * inner, stride: inner)
        })
    }
    if right == .transposed, !isWorthSharing {
      steps.append(
        RegisterProduct.transposedProduct(
          left, row: rowStep, inner: innerStep, UnsafePointer(base + b), rows: rows, inner: inner, columns: columns,
          into: target, stride: columns, start: start, panel: base + scratch))
      return steps.kernel
    }
    if packsRight {
      steps.append(
        OperandPanels.pack(
          UnsafePointer(base + b), transposed: right == .transposed, inner: inner, columns: columns,
          into: base + scratch, isParallel: isParallel))
    }
    guard isWorthSharing else {
      steps.append(
        RegisterProduct.product(
          left, row: rowStep, inner: innerStep, second, inner: innerStride, tile: tileStride, rows: rows, inner: inner,
          columns: columns, into: target, stride: columns, start: start))
      return steps.kernel
    }
    // Whole register tiles of any instruction set.
    let tile = max(24, (rows + 15) / 16 + 11) / 12 * 12
    steps.append(
      Placement.parts((rows + tile - 1) / tile, isParallel: true) { index in
        let row = index * tile
        RegisterProduct.multiply(
          left + row * rowStep, row: rowStep, inner: innerStep, second, inner: innerStride, tile: tileStride,
          rows: min(tile, rows - row), inner: inner, columns: columns, into: target + row * columns, stride: columns,
          start: start)
      })
    return steps.kernel
  }

  @inline(__always)
  private func libraryKernel<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, a: Int, b: Int, c: Int, rowStart: Int?
  ) -> Kernel {
    let (rows, inner, columns) = (extents.rows, extents.inner, extents.columns)
    let (transposesLeft, transposesRight) = (transposesLeft, right == .transposed)
    let (strideA, strideB) = (transposesLeft ? rows : inner, transposesRight ? inner : columns)
    // Each tile of rows writes its own part of C, and reads what nobody writes.
    nonisolated(unsafe) let (base, left, second) = (base, UnsafePointer(base + a), UnsafePointer(base + b))
    nonisolated(unsafe) let target = base + c
    // BLAS packs the whole right operand for every tile: few of them.
    let tile = max(64, (rows + 3) / 4)
    return Placement.parts((rows + tile - 1) / tile, isParallel: isParallel) { index in
      let first = index * tile
      if let rowStart {
        for row in first..<min(rows, first + tile) {
          (target + row * columns).update(from: base + rowStart, count: columns)
        }
      }
      Scalar.multiply(
        left + first * (transposesLeft ? 1 : strideA), transposed: transposesLeft, stride: strideA, second,
        transposed: transposesRight, stride: strideB, into: target + first * columns, stride: columns,
        rows: min(tile, rows - first), inner: inner, columns: columns, accumulating: rowStart != nil)
    }
  }

  private var isWorthSharing: Bool {
    isParallel && extents.rows * extents.inner * extents.columns >= Self.parallelWork
  }

  /// Multiply-adds, of some 50 microseconds, below which moving arrays to a second core costs more than it gains.
  static var parallelWork: Int { 1 << 22 }
}
