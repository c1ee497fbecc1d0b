/// The parts that threads take of one product: a few panels of columns each, and where there are fewer than eight panels some of
/// the rows, in whole register tiles of any instruction set.
package struct ProductGrid: Sendable {
  package let count: Int
  private let rowCount: Int
  private let columnCount: Int
  private let rowStep: Int
  private let columnStep: Int
  private let across: Int

  package init(rows: Int, columns: Int, panel: Int) {
    let panels = (columns + panel - 1) / panel
    columnStep = (panels + 31) / 32 * panel
    across = (columns + columnStep - 1) / columnStep
    let wanted = max(1, (8 + across - 1) / max(1, across))
    rowStep = wanted == 1 ? max(1, rows) : max(24, (rows + wanted - 1) / wanted + 11) / 12 * 12
    rowCount = rows
    columnCount = columns
    count = across * ((rows + rowStep - 1) / rowStep)
  }

  package func rows(_ part: Int) -> Range<Int> {
    let first = part / across * rowStep
    return first..<min(rowCount, first + rowStep)
  }

  package func columns(_ part: Int) -> Range<Int> {
    let first = part % across * columnStep
    return first..<min(columnCount, first + columnStep)
  }
}
