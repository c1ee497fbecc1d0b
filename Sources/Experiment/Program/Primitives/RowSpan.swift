/// Some rows of matrices that lie in one arena.
struct RowSpan<Scalar: ExperimentScalar> {
  let base: UnsafeMutablePointer<Scalar>
  /// The number of the first row.
  let first: Int
  /// How many rows.
  let count: Int
  let columns: Int

  /// These rows of a matrix.
  @inline(__always)
  func rows(_ offset: Int) -> UnsafeMutablePointer<Scalar> { base + (offset + first * columns) }

  /// These rows' elements of a vector.
  @inline(__always)
  func elements(_ offset: Int) -> UnsafeMutablePointer<Scalar> { base + (offset + first) }
}

/// A shape as rows of its last axis.
struct RowExtents: Sendable {
  let rows: Int
  let columns: Int

  init(_ shape: [Int]) {
    precondition(!shape.isEmpty, "A number has no rows.")
    columns = shape[shape.count - 1]
    rows = shape.dropLast().reduce(1, *)
  }
}
