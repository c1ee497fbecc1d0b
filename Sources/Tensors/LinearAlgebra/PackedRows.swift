/// The rows of a matrix M, packed as the right operand of A Mᵀ: packed once, used for every block of A.
package final class PackedRows<Scalar: TensorScalar>: Sendable {
  /// The rows of M.
  package let count: Int
  private let inner: Int
  private let storage: AlignedStorage<Scalar>

  /// Packs on all threads.
  package init(_ matrix: Matrix<Scalar>) {
    count = matrix.rows
    inner = matrix.columns
    let (count, inner) = (count, inner)
    let width = RegisterProduct.tileColumns(Scalar.self)
    let panels = (count + width - 1) / width
    let storage = AlignedStorage<Scalar>(uninitializedCount: panels * width * inner)
    self.storage = storage
    guard count > 0, inner > 0 else { return }
    matrix.withUnsafeBuffer { source in
      // Read by all threads, written by none.
      nonisolated(unsafe) let source = source.baseAddress!
      Parallel.forEach(panels) { panel in
        let rows = min(width, count - panel * width)
        let target = storage.elements.baseAddress! + panel * width * inner
        if rows < width { target.update(repeating: 0, count: width * inner) }
        RegisterProduct.transpose(
          source + panel * width * inner, stride: inner, rows: rows, columns: inner, into: target, stride: width)
      }
    }
  }

  /// The first row of the panel that holds `row`: where a block of products may begin.
  @inline(__always)
  package static func panelStart(_ row: Int) -> Int {
    let width = RegisterProduct.tileColumns(Scalar.self)
    return row / width * width
  }

  /// C ← A Mᵀ for the rows of M in `range`.
  ///
  /// - Parameters:
  ///   - a: row-major, (rows, columns of M), without gaps.
  ///   - range: begins at a panel's start; see ``panelStart(_:)``.
  ///   - c: row-major (rows, range.count), rows `stride` apart.
  @inline(__always)
  package func products(
    _ a: UnsafePointer<Scalar>, rows: Int, range: Range<Int>, into c: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    let width = RegisterProduct.tileColumns(Scalar.self)
    assert(range.lowerBound % width == 0 && range.upperBound <= count)
    RegisterProduct.multiply(
      a, row: inner, inner: 1, UnsafePointer(storage.elements.baseAddress! + range.lowerBound * inner), inner: width,
      tile: width * inner, rows: rows, inner: inner, columns: range.count, into: c, stride: stride)
  }
}
