extension Table {
  /// The table for a terminal: columns aligned by display width, two spaces between them, a rule under the titles.
  ///
  /// - Parameters:
  ///   - indent: spaces before every line.
  ///   - rule: whether a line stands under the titles.
  public func text(indent: Int = 0, rule: Bool = true) -> String {
    var grid = [columns.map { $0.title.plain + ($0.unit.map { " [\($0)]" } ?? "") }]
    for row in rows {
      var line = columns.indices.map { cell(row, $0).plain }
      if !line.isEmpty { line[0] = String(repeating: "  ", count: row.indent) + line[0] }
      grid.append(line)
    }
    var alignments = columns.map(\.alignment)
    if hasChips {
      alignments.append(.left)
      grid[0].append(chipTitle)
      for (index, row) in rows.enumerated() {
        grid[index + 1].append(row.chip.map { $0.status.sign + " " + $0.label } ?? "")
      }
    }
    let widths = alignments.indices.map { column in grid.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    if let caption { lines.append(margin + caption.plain) }
    for (index, cells) in grid.enumerated() {
      let padded = cells.indices.map { DisplayWidth.padded(cells[$0], to: widths[$0], alignments[$0]) }
      lines.append(Self.withoutTrailingSpaces(margin + padded.joined(separator: "  ")))
      if index == 0, rule {
        lines.append(margin + widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
      }
    }
    lines += notes.map { margin + $0.plain }
    return lines.map { $0 + "\n" }.joined()
  }

  static func withoutTrailingSpaces(_ text: String) -> String {
    var result = text
    while result.last == " " { result.removeLast() }
    return result
  }
}
