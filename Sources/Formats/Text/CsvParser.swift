import OrreryTensors

/// Turns the lines of a table into numbers.
struct CsvParser {
  private var lines: CsvLines
  private let file: String
  private let first: CsvLines.Line
  private var second: CsvLines.Line?
  private let separator: Csv.Separator
  private let separatorByte: UInt8

  /// Looks at the first two lines.
  ///
  /// - Throws: `FormatError` when the text is empty or no text of single bytes.
  init(_ text: UnsafeBufferPointer<UInt8>, file: String, separator: Csv.Separator?) throws {
    self.file = file
    if text.starts(with: [0xff, 0xfe]) || text.starts(with: [0xfe, 0xff]) {
      throw FormatError(.unsupported, file: file, "the text is in UTF-16", remedy: "save it in UTF-8")
    }
    lines = CsvLines(text)
    guard let first = lines.next() else {
      throw FormatError(.malformed, file: file, "the file holds no line of numbers", remedy: "check how it was saved")
    }
    self.first = first
    second = lines.next()
    self.separator = separator ?? Self.guessSeparator((second ?? first).bytes)
    separatorByte = self.separator.rawValue.utf8.first!
  }

  mutating func table(header: Csv.Header) throws -> Csv.Table {
    let firstFields = try fields(of: first)
    var names: [String]?
    var values: [Double] = []
    var columns = 0
    var reference = first
    var row: CsvLines.Line?
    if try isHeader(firstFields, header) {
      names = firstFields.map { String(decoding: $0, as: UTF8.self) }
      row = second
    } else {
      row = first
    }
    guard row != nil else {
      throw FormatError(
        .malformed, file: file, "the file holds a header line and no numbers", remedy: "check how it was saved")
    }
    var rows = 0
    var takesSecond = names == nil
    while let line = row {
      let count = try append(line, to: &values)
      if rows == 0 {
        columns = count
        reference = line
      }
      guard count == columns else { throw ragged(line, count, reference, columns) }
      rows += 1
      row = takesSecond ? second : lines.next()
      takesSecond = false
    }
    if let found = names, found.count != columns { names = nil }
    let tensor = Tensor<Double>(shape: [rows, columns], elements: values)
    return Csv.Table(columnNames: names, values: NumericArray(tensor, name: file))
  }

  /// Tabs before semicolons before commas before spaces: a comma beside semicolons is a decimal one, and tabs beside
  /// fields that are set apart by spaces alone are white space like these.
  private static func guessSeparator(_ line: UnsafeBufferPointer<UInt8>) -> Csv.Separator {
    var quoted = false
    var seen: Set<UInt8> = []
    var gap: Set<UInt8> = []
    var hasGapOfSpaces = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { quoted.toggle() }
      guard !quoted else { continue }
      seen.insert(byte)
      if byte == 0x20 || byte == 0x09 {
        gap.insert(byte)
      } else {
        hasGapOfSpaces = hasGapOfSpaces || gap == [0x20]
        gap = []
      }
    }
    func holds(_ separator: Csv.Separator) -> Bool { seen.contains(separator.rawValue.utf8.first!) }
    for separator in [Csv.Separator.semicolon, .comma] where holds(separator) && !holds(.tab) { return separator }
    if holds(.tab) { return hasGapOfSpaces && !holds(.semicolon) && !holds(.comma) ? .space : .tab }
    return holds(.space) ? .space : .comma
  }

  private func isHeader(_ fields: [UnsafeBufferPointer<UInt8>], _ header: Csv.Header) throws -> Bool {
    switch header {
    case .present: return true
    case .absent: return false
    case .automatic:
      // A mixed line is more likely a spoilt row than a header: it is read as a row, and refused.
      return fields.contains { !$0.isEmpty } && fields.allSatisfy { $0.isEmpty || DecimalNumber.parse($0) == nil }
    }
  }

  /// Appends the numbers of a line; returns how many.
  private func append(_ line: CsvLines.Line, to values: inout [Double]) throws -> Int {
    var position = 0
    var column = 0
    while let field = try nextField(line, &position, column: column + 1) {
      column += 1
      guard let value = DecimalNumber.parse(field) else { throw notNumeric(line, column, field) }
      values.append(value)
    }
    return column
  }

  private func fields(of line: CsvLines.Line) throws -> [UnsafeBufferPointer<UInt8>] {
    var position = 0
    var fields: [UnsafeBufferPointer<UInt8>] = []
    while let field = try nextField(line, &position, column: fields.count + 1) { fields.append(field) }
    return fields
  }

  /// The next field without its quotes and the space around it; nil after the last one.
  ///
  /// `position` is one past the end of the line after the last field, so that a separator at the end of a line announces
  /// one more, empty field.
  private func nextField(
    _ line: CsvLines.Line, _ position: inout Int, column: Int
  ) throws -> UnsafeBufferPointer<UInt8>? {
    let text = line.bytes
    guard position <= text.count else { return nil }
    let tabsToo = separator != .tab
    while position < text.count, text[position] == 0x20 || (tabsToo && text[position] == 0x09) { position &+= 1 }
    var field: Range<Int>
    if position < text.count, text[position] == UInt8(ascii: "\"") {
      guard let end = text[(position + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
        throw FormatError(
          .malformed, file: file, "line \(line.number), column \(column): the quotation mark is never closed",
          remedy: "correct the field")
      }
      field = CsvLines.trim(text, (position + 1)..<end, tabsToo: true)
      position = end + 1
      while position < text.count, !isSeparator(text[position]) {
        guard text[position] == 0x20 || text[position] == 0x09 else {
          throw FormatError(
            .malformed, file: file, "line \(line.number), column \(column): text follows the closing quotation mark",
            remedy: "correct the field")
        }
        position &+= 1
      }
    } else {
      let start = position
      while position < text.count, !isSeparator(text[position]) { position &+= 1 }
      field = CsvLines.trim(text, start..<position, tabsToo: true)
    }
    if separator == .space {
      while position < text.count, isSeparator(text[position]) { position &+= 1 }
      if position == text.count { position += 1 }
    } else {
      position += 1
    }
    return UnsafeBufferPointer(rebasing: text[field])
  }

  @inline(__always)
  private func isSeparator(_ byte: UInt8) -> Bool {
    byte == separatorByte || (separator == .space && byte == 0x09)
  }

  private func notNumeric(_ line: CsvLines.Line, _ column: Int, _ field: UnsafeBufferPointer<UInt8>) -> FormatError {
    let place = "line \(line.number), column \(column)"
    if field.isEmpty {
      return FormatError(
        .notNumeric, file: file, "\(place): the field is empty", remedy: "fill it, or remove the line or the column")
    }
    let text = printable(String(decoding: field.prefix(64), as: UTF8.self))
    var remedy = "correct it, or remove the line or the column"
    if field.contains(UInt8(ascii: ",")), separator != .comma { remedy = "write decimal points instead of commas" }
    if line.number == first.number { remedy = "correct it, or remove the line if it is a header" }
    return FormatError(.notNumeric, file: file, "\(place): '\(text)' is not a number", remedy: remedy)
  }

  private func ragged(
    _ line: CsvLines.Line, _ count: Int, _ reference: CsvLines.Line, _ columns: Int
  ) -> FormatError {
    FormatError(
      .inconsistent, file: file,
      "line \(line.number) has \(count) field\(count == 1 ? "" : "s") where line \(reference.number) has \(columns)",
      remedy: "give every line the same number of fields")
  }
}
