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
/// Operands go through register tiles where they lie, as long as their rows are near to each other. A right operand that is
/// transposed, or whose rows are far apart, is packed a panel at a time, which stays in the first cache while it meets the rows
/// of the left one; a transposed left operand whose rows are far apart is turned round first, in scratch. Work is cut at places
/// that the extents alone fix, by panels of columns so that no panel is packed twice, and an element's sum has one order: results
/// do not depend on the number of threads.
struct ProductKernel: Sendable {
  let extents: ProductExtents
  let transposesLeft: Bool
  let right: RightOperand
  var scratch: Int
  let isParallel: Bool

  /// The room that the kernel takes at `scratch`.
  static func scratchCount(_ extents: ProductExtents, transposesLeft: Bool, right: RightOperand) -> Int {
    let own = Self(extents: extents, transposesLeft: transposesLeft, right: right, scratch: 0, isParallel: false)
    return own.copiesLeft ? extents.rows * extents.inner : 0
  }

  private var packsRight: Bool {
    switch right {
    case .packed: false
    case .transposed: true
    case .plain: RegisterProduct.isWorthPacking(rows: extents.rows, bRow: extents.columns)
    }
  }

  private var copiesLeft: Bool {
    transposesLeft && RegisterProduct.isWorthTurning(rows: extents.rows, columns: extents.columns)
  }

  /// What computes op(A) op(B), or the same added to a row that all rows of C start from; places are given in numbers from the
  /// arena's start.
  @inline(__always)
  func kernel<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, a: Int, b: Int, c: Int, rowStart: Int? = nil
  ) -> Kernel {
    let (rows, inner, columns) = (extents.rows, extents.inner, extents.columns)
    let copy = scratch
    let (rowStep, innerStep) = transposesLeft && !copiesLeft ? (1, rows) : (inner, 1)
    // Each part writes its own block of C, and reads what nobody writes.
    nonisolated(unsafe) let base = base
    var steps = KernelSequence()
    if copiesLeft {
      steps.append(
        Placement.parts((rows + 63) / 64, isParallel: isWorthSharing) { part in
          RegisterProduct.transpose(
            UnsafePointer(base + a + 64 * part), stride: rows, rows: inner, columns: min(64, rows - 64 * part),
            into: base + copy + 64 * part * inner, stride: inner)
        })
    }
    let block = Block(
      a: copiesLeft ? copy : a, rowStep: rowStep, innerStep: innerStep, b: b, c: c, start: rowStart, extents: extents,
      width: RegisterProduct.tileColumns(Scalar.self), right: right, isPanelled: packsRight)
    guard isWorthSharing else {
      steps.append(block.kernel(base))
      return steps.kernel
    }
    let grid = ProductGrid(rows: rows, columns: columns, panel: RegisterProduct.tileColumns(Scalar.self))
    steps.append(
      Placement.parts(grid.count, isParallel: true) { part in block.run(base, grid.rows(part), grid.columns(part)) })
    return steps.kernel
  }

  /// Where a product's operands lie, for any block of its rows and columns.
  private struct Block: Sendable {
    let a: Int
    let rowStep: Int
    let innerStep: Int
    let b: Int
    let c: Int
    let start: Int?
    let extents: ProductExtents
    /// A panel's columns.
    let width: Int
    let right: RightOperand
    let isPanelled: Bool

    /// From one row of B to the next, where it is not packed.
    private var bRow: Int { right == .transposed ? extents.inner : extents.columns }

    /// All of C, as one call of a kernel.
    @inline(__always)
    func kernel<Scalar: ExperimentScalar>(_ base: UnsafeMutablePointer<Scalar>) -> Kernel {
      let (left, second) = (UnsafePointer(base + a), UnsafePointer(base + b))
      let first = start.map { UnsafePointer(base + $0) }
      if isPanelled {
        return RegisterProduct.panelledProduct(
          left, row: rowStep, inner: innerStep, second, bRow: bRow, transposed: right == .transposed,
          rows: extents.rows, inner: extents.inner, columns: extents.columns, into: base + c, stride: extents.columns,
          start: first)
      }
      let isPacked = right == .packed
      return RegisterProduct.product(
        left, row: rowStep, inner: innerStep, second, inner: isPacked ? width : extents.columns,
        tile: isPacked ? width * extents.inner : width, rows: extents.rows, inner: extents.inner,
        columns: extents.columns, into: base + c, stride: extents.columns, start: first)
    }

    /// Some rows and columns of C; columns begin with a panel.
    @inline(__always)
    func run<Scalar: ExperimentScalar>(_ base: UnsafeMutablePointer<Scalar>, _ rows: Range<Int>, _ columns: Range<Int>)
    {
      let left = UnsafePointer(base + a + rows.lowerBound * rowStep)
      let first = start.map { UnsafePointer(base + $0 + columns.lowerBound) }
      let target = base + c + rows.lowerBound * extents.columns + columns.lowerBound
      if isPanelled {
        let shift = right == .transposed ? columns.lowerBound * extents.inner : columns.lowerBound
        RegisterProduct.multiplyPanelled(
          left, row: rowStep, inner: innerStep, UnsafePointer(base + b + shift), bRow: bRow,
          transposed: right == .transposed, rows: rows.count, inner: extents.inner, columns: columns.count,
          into: target, stride: extents.columns, start: first)
      } else {
        let isPacked = right == .packed
        let shift = isPacked ? columns.lowerBound * extents.inner : columns.lowerBound
        RegisterProduct.multiply(
          left, row: rowStep, inner: innerStep, UnsafePointer(base + b + shift),
          inner: isPacked ? width : extents.columns, tile: isPacked ? width * extents.inner : width, rows: rows.count,
          inner: extents.inner, columns: columns.count, into: target, stride: extents.columns, start: first)
      }
    }
  }

  private var isWorthSharing: Bool {
    isParallel && extents.rows * extents.inner * extents.columns >= Self.parallelWork
  }

  /// Multiply-adds, of some 6 to 20 microseconds, below which moving arrays to a second core costs more than it gains.
  static var parallelWork: Int { 1 << 20 }
  /// Multiply-adds of a network's largest product from which threads share each product. Below, they take samples of their own:
  /// there is one region to wait for instead of one for each product, but their gradients have to be added.
  static var sharedWork: Int { 1 << 24 }
}
