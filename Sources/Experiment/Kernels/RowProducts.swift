import OrreryTensors

/// C ← C + A Bᵀ of many pairs of matrices at once, by tiles of rows on all threads. Tiles do not depend on their number.
struct RowProducts<Scalar: TrainingScalar>: @unchecked Sendable {
  private struct Tile {
    let a: UnsafePointer<Scalar>
    let b: UnsafePointer<Scalar>
    let c: UnsafeMutablePointer<Scalar>
    let rows: Int
    let columns: Int
    let inner: Int
    let stride: Int
    let isAccumulating: Bool
  }

  private var tiles: [Tile] = []

  static var tileRows: Int { 64 }

  /// Adds a product to the list: A (rows, inner), B (columns, inner), C (rows, columns).
  ///
  /// - Parameters:
  ///   - isSymmetric: A and B are the same; of C only the lower triangle is written, in whole tiles.
  mutating func add(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>, rows: Int,
    columns: Int, inner: Int, isSymmetric: Bool, isAccumulating: Bool
  ) {
    var first = 0
    while first < rows {
      let count = min(Self.tileRows, rows - first)
      tiles.append(
        Tile(
          a: a + first * inner, b: b, c: c + first * columns, rows: count,
          columns: isSymmetric ? min(columns, first + count) : columns, inner: inner, stride: columns,
          isAccumulating: isAccumulating))
      first += count
    }
  }

  mutating func reset() { tiles.removeAll(keepingCapacity: true) }

  /// Computes all of them.
  func run(isParallel: Bool) {
    // Large tiles first, so that the last ones even out.
    let tiles = tiles.sorted { $0.rows * $0.columns * $0.inner > $1.rows * $1.columns * $1.inner }
    let shared = Shared(tiles: tiles)
    let body: @Sendable (Int) -> Void = { index in
      let tile = shared.tiles[index]
      Scalar.multiply(
        tile.a, transposed: false, stride: tile.inner, tile.b, transposed: true, stride: tile.inner, into: tile.c,
        stride: tile.stride, rows: tile.rows, inner: tile.inner, columns: tile.columns,
        accumulating: tile.isAccumulating)
    }
    if isParallel { ThreadTeam.forEach(tiles.count, body) } else { for index in tiles.indices { body(index) } }
  }

  private struct Shared: @unchecked Sendable { let tiles: [Tile] }
}

enum LowerTriangle {
  /// Copies the lower triangle of a square matrix onto the upper, in blocks that stay in cache.
  static func mirror<Scalar: TrainingScalar>(_ c: UnsafeMutablePointer<Scalar>, size: Int) {
    let block = 32
    for top in stride(from: 0, to: size, by: block) {
      for left in stride(from: 0, through: top, by: block) {
        for i in top..<min(size, top + block) {
          for j in left..<min(i, left + block) { c[j &* size &+ i] = c[i &* size &+ j] }
        }
      }
    }
  }
}
