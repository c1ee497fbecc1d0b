/// Rows and columns, rendered to HTML, to the terminal and to CSV.
public struct Table: Hashable, Codable, Sendable {
  /// How a column is set.
  public enum Alignment: String, Hashable, Codable, Sendable {
    case left
    case center
    case right
    /// Numbers: to the right, in figures of equal width.
    case decimal
  }

  public struct Column: Hashable, Codable, Sendable {
    public var title: InlineText
    public var alignment: Alignment
    /// The unit, shown muted beside the title and in the CSV header.
    public var unit: String?

    public init(_ title: InlineText, _ alignment: Alignment = .left, unit: String? = nil) {
      self.title = title
      self.alignment = alignment
      self.unit = unit
    }
  }

  /// What stands in one place of the table.
  public enum Cell: Hashable, Codable, Sendable {
    case text(InlineText)
    /// A number with this many significant digits.
    case number(Double, digits: Int = 3)
    /// A number with its standard error.
    case measured(Double, error: Double)
    case integer(Int)
    case chip(StatusChip)
    /// Nothing to say: a dash.
    case none
  }

  public struct Row: Hashable, Codable, Sendable {
    public var cells: [Cell]
    /// A chip at the row's end; a table with any has a last column of its own for them.
    public var chip: StatusChip?
    /// The id that other parts of a page link to.
    public var anchor: String?
    /// Steps of indentation of the first cell, for rows that qualify the one above.
    public var indent: Int

    public init(_ cells: [Cell], chip: StatusChip? = nil, anchor: String? = nil, indent: Int = 0) {
      self.cells = cells
      self.chip = chip
      self.anchor = anchor
      self.indent = indent
    }
  }

  public var columns: [Column]
  public var rows: [Row]
  /// One sentence above the table.
  public var caption: InlineText?
  /// Remarks below the table.
  public var notes: [InlineText]
  /// The title of the column of chips.
  public var chipTitle: String

  /// - Precondition: no row has more cells than there are columns; missing ones are dashes.
  public init(
    columns: [Column], rows: [Row] = [], caption: InlineText? = nil, notes: [InlineText] = [],
    chipTitle: String = "verdict"
  ) {
    precondition(
      rows.allSatisfy { $0.cells.count <= columns.count }, "A row of the table has more cells than there are columns.")
    self.columns = columns
    self.rows = rows
    self.caption = caption
    self.notes = notes
    self.chipTitle = chipTitle
  }

  var hasChips: Bool { rows.contains { $0.chip != nil } }

  /// The cell of a row and column; a dash where the row is shorter.
  func cell(_ row: Row, _ column: Int) -> Cell {
    column < row.cells.count ? row.cells[column] : .none
  }
}

extension Table.Cell: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) {
    self = .text(InlineText(markup: value))
  }

  public init(stringInterpolation: InlineText.StringInterpolation) {
    self = .text(InlineText(stringInterpolation: stringInterpolation))
  }
}

extension Table.Cell: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) {
    self = .number(value)
  }
}

extension Table.Cell: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) {
    self = .integer(value)
  }
}

extension Table.Cell {
  /// The cell in a terminal.
  var plain: String {
    switch self {
    case .text(let text): text.plain
    case .number(let value, let digits): NumberText.text(value, digits: digits)
    case .measured(let value, let error): NumberText.text(value, error: error)
    case .integer(let value): String(value)
    case .chip(let chip): chip.label
    case .none: "–"
    }
  }

  /// The cell on a page.
  var html: String {
    switch self {
    case .text(let text): text.html
    case .number(let value, let digits): Markup.escape(NumberText.text(value, digits: digits, style: .typographic))
    case .measured(let value, let error):
      Markup.escape(NumberText.text(value, error: error, style: .typographic))
    case .integer(let value): value < 0 ? "−\(value.magnitude)" : String(value)
    case .chip(let chip): chip.html
    case .none: "<span class=\"none\">–</span>"
    }
  }
}
