extension Table {
  /// The table as comma-separated values (RFC 4180, lines end in a line feed): numbers in full precision, a measured
  /// column followed by one of its errors, the chips last.
  public var csv: String {
    let isMeasured = columns.indices.map { column in
      rows.contains { if case .measured = cell($0, column) { true } else { false } }
    }
    var header: [String] = []
    for (column, measured) in zip(columns, isMeasured) {
      let unit = column.unit.map { " [\($0)]" } ?? ""
      header.append(column.title.plain + unit)
      if measured { header.append(column.title.plain + " error" + unit) }
    }
    if hasChips { header.append(chipTitle) }
    var lines = [header]
    for row in rows {
      var line: [String] = []
      for (column, measured) in isMeasured.enumerated() {
        switch cell(row, column) {
        case .number(let value, _): line.append(NumberText.machine(value))
        case .measured(let value, let error): line += [NumberText.machine(value), NumberText.machine(error)]
        case .none: line.append("")
        case let other: line.append(other.plain)
        }
        if measured, case .measured = cell(row, column) { continue }
        if measured { line.append("") }
      }
      if hasChips { line.append(row.chip?.label ?? "") }
      lines.append(line)
    }
    return CommaSeparated.text(lines)
  }
}

/// Quoting of comma-separated values (RFC 4180 §2).
enum CommaSeparated {
  static func text(_ lines: [[String]]) -> String {
    lines.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
