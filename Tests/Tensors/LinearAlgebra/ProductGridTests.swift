import OrreryTensors
import OrreryTestSupport
import Testing

/// Parts of a product for threads.
@Suite struct ProductGridTests {
  /// Every element belongs to one part, and parts begin with whole panels, and with whole register tiles of rows.
  @Test(arguments: [8, 16, 32])
  func partsCoverTheProductOnce(panel: Int) {
    for (rows, columns) in [(1, 1), (24, 7), (25, 33), (128, 256), (200, 65), (1500, 20), (7, 1100), (300, 3000)] {
      let grid = ProductGrid(rows: rows, columns: columns, panel: panel)
      var seen = [Int](repeating: 0, count: rows * columns)
      for part in 0..<grid.count {
        let (own, width) = (grid.rows(part), grid.columns(part))
        #expect(!own.isEmpty && !width.isEmpty && own.lowerBound % 12 == 0 && width.lowerBound % panel == 0)
        for i in own { for j in width { seen[i * columns + j] += 1 } }
      }
      #expect(seen.allSatisfy { $0 == 1 }, "\(rows) × \(columns) in panels of \(panel)")
      // Enough for a few threads, few enough that a part is worth its call.
      #expect(grid.count <= 64)
    }
  }
}
