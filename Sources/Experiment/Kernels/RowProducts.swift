import OrreryTensors

/// C ← A Bᵀ, or C ← C + A Bᵀ, of many pairs of matrices at once, by tiles of rows on all threads. Tiles do not depend on their
/// number.
///
/// Each right operand is packed once for all tiles that meet it; where the inner extent is long, each tile packs it in parts. A list
/// that is run again keeps its memory.
struct RowProducts<Scalar: TrainingScalar> {
  private struct Operand: Equatable {
    let b: UnsafePointer<Scalar>
    let columns: Int
    let inner: Int
  }

  private struct Tile: @unchecked Sendable {
    let a: UnsafePointer<Scalar>
    let b: UnsafePointer<Scalar>
    /// Where B's panels are; nil where each tile packs it.
    let panels: Int?
    let c: UnsafeMutablePointer<Scalar>
    let rows: Int
    let columns: Int
    let inner: Int
    let stride: Int

    var work: Int { rows * columns * inner }
  }

  private struct Panel: @unchecked Sendable {
    let source: UnsafePointer<Scalar>
    let rows: Int
    let inner: Int
    let place: Int
  }

  private var tiles: [Tile] = []
  private var panels: [Panel] = []
  private var operands: [(operand: Operand, place: Int)] = []
  private var panelCount = 0
  private var storage: AlignedStorage<Scalar>?

  /// Rows of a tile: whole register tiles.
  private static var tileRows: Int { 48 }
  /// The longest inner extent that is packed here.
  private static var longestInner: Int { 4096 }

  /// Numbers that packing a right operand takes while a list lives.
  static func panelCount(columns: Int, inner: Int) -> Int {
    inner <= longestInner
      ? OperandPanels.size(inner: inner, columns: columns, RegisterProduct.tileColumns(Scalar.self)) : 0
  }

  /// Adds a product to the list: A (rows, inner), B (columns, inner), C (rows, columns).
  ///
  /// - Parameters:
  ///   - isSymmetric: A and B are the same; of C only the lower triangle is written, in whole tiles.
  mutating func add(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>, rows: Int,
    columns: Int, inner: Int, isSymmetric: Bool
  ) {
    let place = inner <= Self.longestInner ? place(of: Operand(b: b, columns: columns, inner: inner)) : nil
    for first in stride(from: 0, to: rows, by: Self.tileRows) {
      let count = min(Self.tileRows, rows - first)
      tiles.append(
        Tile(
          a: a + first * inner, b: b, panels: place, c: c + first * columns, rows: count,
          columns: isSymmetric ? min(columns, first + count) : columns, inner: inner, stride: columns))
    }
    // Large tiles first, so that the last ones even out.
    tiles.sort { $0.work > $1.work }
    storage = nil
  }

  /// Where an operand's panels begin.
  private mutating func place(of operand: Operand) -> Int {
    if let known = operands.first(where: { $0.operand == operand }) { return known.place }
    let width = RegisterProduct.tileColumns(Scalar.self)
    let place = panelCount
    for panel in 0..<OperandPanels.count(operand.columns, width) {
      panels.append(
        Panel(
          source: operand.b + panel * width * operand.inner, rows: min(width, operand.columns - panel * width),
          inner: operand.inner, place: panelCount))
      panelCount += width * operand.inner
    }
    operands.append((operand, place))
    return place
  }

  /// Computes all of them.
  ///
  /// - Parameter accumulating: whether products are added to what stands in C.
  mutating func run(isParallel: Bool, accumulating: Bool = false) {
    let storage = storage ?? AlignedStorage(uninitializedCount: panelCount)
    self.storage = storage
    let width = RegisterProduct.tileColumns(Scalar.self)
    nonisolated(unsafe) let base = storage.elements.baseAddress!
    let (panels, tiles) = (panels, tiles)
    let pack = Placement.parts(panels.count, isParallel: isParallel) { index in
      let panel = panels[index]
      RegisterProduct.packTransposed(
        panel.source, stride: panel.inner, inner: panel.inner, columns: panel.rows, into: base + panel.place)
    }
    let multiply = Placement.parts(tiles.count, isParallel: isParallel) { index in
      let tile = tiles[index]
      if let panels = tile.panels {
        RegisterProduct.multiply(
          tile.a, row: tile.inner, inner: 1, UnsafePointer(base + panels), inner: width, tile: width * tile.inner,
          rows: tile.rows, inner: tile.inner, columns: tile.columns, into: tile.c, stride: tile.stride,
          accumulating: accumulating)
      } else {
        DenseProduct.multiply(
          tile.a, transposed: false, stride: tile.inner, tile.b, transposed: true, stride: tile.inner, into: tile.c,
          stride: tile.stride, rows: tile.rows, inner: tile.inner, columns: tile.columns, beta: accumulating ? 1 : 0)
      }
    }
    if !panels.isEmpty { pack() }
    if !tiles.isEmpty { multiply() }
  }
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
