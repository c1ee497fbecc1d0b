import OrreryTensors

/// Sums over rows, in blocks of rows that threads share.
struct RowBlocks: Sendable {
  let rows: Int
  let columns: Int
  private static var height: Int { 512 }

  init(rows: Int, columns: Int) { (self.rows, self.columns) = (rows, columns) }

  private var count: Int { (rows + Self.height - 1) / Self.height }
  /// Room for the sums of the blocks, in numbers.
  var scratch: Int { count > 1 ? count * columns : 0 }

  /// - Parameter body: writes the sum over `count` rows from `first` on to the target.
  /// - Returns: what computes the sum over all rows.
  @inline(__always)
  func sum<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, into output: Int, scratch: Int, isParallel: Bool,
    _ body: @escaping @Sendable (_ first: Int, _ count: Int, _ target: UnsafeMutablePointer<Scalar>) -> Void
  ) -> Kernel {
    nonisolated(unsafe) let base = base
    let (rows, columns, count) = (rows, columns, count)
    guard count > 1 else { return { body(0, rows, base + output) } }
    let parts = Placement.parts(count, isParallel: isParallel && rows * columns >= 1 << 15) { index in
      let first = index * Self.height
      body(first, min(Self.height, rows - first), base + (scratch + index * columns))
    }
    return {
      parts()
      ArrayArithmetic.sumRows(base + scratch, rows: count, columns: columns, into: base + output)
    }
  }
}
