extension StatusChip {
  /// The chip on a page: its sign is for readers without colour, its word for all.
  var html: String {
    "<span class=\"chip \(status.rawValue)\"><span aria-hidden=\"true\">\(status.sign)</span> "
      + "<span class=\"word\">\(Markup.escape(label))</span></span>"
  }
}

extension PageRenderer {
  /// A numbered table that scrolls by itself where the screen is narrow, with its titles staying in sight.
  mutating func write(_ table: Table) {
    tableCount += 1
    let id = take("table-\(tableCount)")
    out += "<div class=\"table\" id=\"\(id)\">\n"
    var caption = "<span class=\"number\">Table \(tableCount).</span>"
    if let text = table.caption { caption += " " + text.html }
    caption +=
      "<span class=\"save\"><a download=\"\(id).csv\" href=\"\(Self.dataAddress(table.csv))\">save CSV</a></span>"
    out += "<p class=\"caption\" id=\"\(id)-caption\">\(caption)</p>\n"
    let isLong = table.rows.count > 14 ? " long" : ""
    out += "<div class=\"scroll\(isLong)\" role=\"region\" aria-labelledby=\"\(id)-caption\" tabindex=\"0\">\n"
    writeGrid(table)
    out += "</div>\n"
    for note in table.notes { out += "<p class=\"note\">\(note.html)</p>\n" }
    out += "</div>\n"
  }

  /// The table's element alone.
  mutating func writeGrid(_ table: Table) {
    out += "<table>\n<thead><tr>"
    for column in table.columns {
      let unit = column.unit.map { " <span class=\"unit\">[\(Markup.escape($0))]</span>" } ?? ""
      out += "<th scope=\"col\" class=\"\(column.alignment.rawValue)\">\(column.title.html)\(unit)</th>"
    }
    if table.hasChips { out += "<th scope=\"col\" class=\"left verdict\">\(Markup.escape(table.chipTitle))</th>" }
    out += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      let id = row.anchor.map { " id=\"\(Markup.escape(take($0)))\"" } ?? ""
      out += "<tr\(id)>"
      for (index, column) in table.columns.enumerated() {
        let content = table.cell(row, index).html
        if index == 0 {
          let indent = row.indent > 0 ? " indent" : ""
          out += "<th scope=\"row\" class=\"\(column.alignment.rawValue)\(indent)\">\(content)</th>"
        } else {
          out += "<td class=\"\(column.alignment.rawValue)\">\(content)</td>"
        }
      }
      if table.hasChips { out += "<td class=\"left verdict\">\(row.chip?.html ?? "")</td>" }
      out += "</tr>\n"
    }
    out += "</tbody>\n</table>\n"
  }

  /// The first page as a card in equal-width type.
  mutating func write(_ headline: Headline) {
    out += "<div class=\"headline\">\n"
    for entry in headline.entries {
      switch entry {
      case .table(let table):
        out += "<div class=\"scroll\" role=\"region\" aria-label=\"The numbers behind the verdict\" tabindex=\"0\">\n"
        writeGrid(table)
        out += "</div>\n"
        for note in table.notes { out += "<p class=\"note\">\(note.html)</p>\n" }
      case .lines(let label, let lines):
        out += "<div class=\"entry\"><div class=\"label\">\(Markup.escape(label))</div><div class=\"lines\">"
        for line in lines {
          let status = line.status.map { " class=\"\($0.rawValue)\"" } ?? ""
          let sign = line.status.map { "<span class=\"sign\" aria-hidden=\"true\">\($0.sign)</span> " } ?? ""
          out += "<p\(status)>\(sign)\(line.text.html)</p>"
        }
        out += "</div></div>\n"
      }
    }
    out += "</div>\n"
  }
}
