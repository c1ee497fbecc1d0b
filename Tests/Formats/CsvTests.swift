import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("CSV") struct CsvTests {
  private func read(
    _ text: String, separator: Csv.Separator? = nil, header: Csv.Header = .automatic
  ) throws -> Csv.Table {
    try Csv.read(Array(text.utf8), name: "X.csv", separator: separator, header: header)
  }

  private func values(_ text: String, _ separator: Csv.Separator? = nil) throws -> [[Double]] {
    let array = try read(text, separator: separator).values
    return (0..<array.rows).map { array.float64(rows: $0..<($0 + 1)).elements }
  }

  @Test(arguments: ["savetxt.txt", "savetxt.csv", "savetxt.tsv", "table.csv.gz"])
  func numpyWroteIt(_ name: String) throws {
    try expectMatches(Csv.read(from: Fixtures.url(name)).values, name)
    try expectMatches(NumericArray.read(from: Fixtures.url(name)), name)
  }

  @Test func separatorsAreFound() throws {
    let expected = [[1, 2.5, -3], [4, 5, 6]]
    for text in [
      "1,2.5,-3\n4,5,6\n", "1;2.5;-3\n4;5;6", "1\t2.5\t-3\n4\t5\t6\n", "1 2.5 -3\n4 5 6\n", "  1   2.5 -3  \n4\t5  6",
      "1, 2.5, -3\r\n4, 5, 6\r\n", "1 ,2.5,\t-3\r4,5,6\r", "\u{feff}1,2.5,-3\n4,5,6\n",
      "# comment\n\n1,2.5,-3\n\n  \n# more\n4,5,6\n\n", "\"1\",\"2.5\",\"-3\"\n\" 4 \",5,6",
      "+1,2.5e0,-.3e1\n4.,5,0006",
    ] { #expect(try values(text) == expected, "\(text)") }
    #expect(try values("1\n2\n") == [[1], [2]])
    #expect(try values("7") == [[7]])
    #expect(try values("1;2\n3;4", .semicolon) == [[1, 2], [3, 4]])
  }

  @Test func headers() throws {
    let table = try read("width, depth,\"error, mean\"\n1,2,3\n4,5,6\n")
    #expect(table.columnNames == ["width", "depth", "error, mean"])
    #expect(table.values.shape == [2, 3])
    #expect(try read("1,2\n3,4", header: .present).values.shape == [1, 2])
    #expect(try read("1,2\n3,4", header: .present).columnNames == ["1", "2"])
    #expect(try read("1,2\n3,4").columnNames == nil)
    // A first line that counts rows and columns, as scikit-learn writes it, is no header of the columns.
    let counted = try read("569,malignant\n1,2,3\n4,5,6", header: .present)
    #expect(counted.columnNames == nil)
    #expect(counted.values.shape == [2, 3])
    #expect(try read(",a,b\n0,1,2\n").columnNames == ["", "a", "b"])
  }

  @Test func numbersAreRoundedAsTheStandardLibraryRoundsThem() throws {
    var generator = SplitMix(seed: 11)
    var texts = [
      "0", "-0", "0.0e400", "9007199254740993", "9007199254740992.5", "1e22", "1e23", "1e-22", "123456789012345678901",
      "2.2250738585072011e-308", "4.9e-324", "2e-324", "1.7976931348623157e308", "1e309", "-1e309", "1e-400",
      "0.1e-999999999999999999999", "1e999999999999999999999", "179769313486231580793728971405301e276",
      "00000000000000000000000000000000000001.5", "0.00000000000000000000000000000000000000015",
      String(repeating: "9", count: 400), "0." + String(repeating: "0", count: 400) + "7",
      "8.5e15", "4503599627370496.5", "1.0000000000000002220446049250313080847263336181640625",
    ]
    for _ in 0..<2000 {
      let digits = String(generator.next())
      let place = Int(generator.next() % UInt64(digits.count))
      let exponent = Int(generator.next() % 60) - 30
      texts.append("\(digits.prefix(place + 1)).\(digits.dropFirst(place + 1))e\(exponent)")
      texts.append("\(Double(bitPattern: generator.next()))".replacing("nan", with: "1"))
    }
    for text in texts {
      // The library refuses what is out of range on some systems, and gives infinity or zero on others.
      let reference = Double(text) ?? (text.contains("e-") ? 0 : text.hasPrefix("-") ? -.infinity : .infinity)
      let found = try #require(try values(text).first?.first)
      #expect(found.bitPattern == reference.bitPattern || found.isNaN && reference.isNaN, "\(text)")
    }
  }

  @Test func whatIsNotFiniteIsReadAndFoundLater() throws {
    let table = try read("1,nan\n-inf,Infinity\n+Inf,-NaN\n")
    #expect(table.values.float64().elements.map(\.isFinite) == [true, false, false, false, false, false])
    #expect(table.values.float64().elements[2] == -.infinity)
    expectFormatError(
      .notFinite,
      "X.csv: the value at index (0, 1), counted from 0, is NaN; remove or replace what is not finite."
    ) { try table.values.requireFinite() }
  }
}

@Suite("CSV: bad input") struct CsvBadInputTests {
  private func expectError(
    _ kind: FormatError.Kind, _ text: String, _ contents: String, separator: Csv.Separator? = nil,
    header: Csv.Header = .automatic, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectFormatError(kind, "X.csv: \(text)", sourceLocation: sourceLocation) {
      try Csv.read(Array(contents.utf8), name: "X.csv", separator: separator, header: header)
    }
  }

  @Test func fieldsThatAreNoNumbers() {
    let remedy = "correct it, or remove the line or the column."
    expectError(.notNumeric, "line 3, column 2: 'NA' is not a number; \(remedy)", "a,b\n1,2\n3,NA\n")
    expectError(.notNumeric, "line 2, column 1: '1.2.3' is not a number; \(remedy)", "1\n1.2.3")
    for field in ["0x1p3", "1e", "e5", ".", "-", "+", "1e+", "--1", "1_000", "1f", "infinit", "nanan", "١"] {
      expectError(.notNumeric, "line 2, column 2: '\(field)' is not a number; \(remedy)", "1,2\n3,\(field)\n")
    }
    expectError(
      .notNumeric, "line 2, column 1: '\(String(repeating: "x", count: 32))…' is not a number; \(remedy)",
      "1\n" + String(repeating: "x", count: 5000))
    expectError(.notNumeric, "line 2, column 1: 'a\u{fffd}b' is not a number; \(remedy)", "1\na\u{1b}b")
  }

  @Test func mixedFirstLinesAreNotTakenForHeaders() {
    expectError(
      .notNumeric,
      "line 1, column 2: 'two' is not a number; correct it, or remove the line if it is a header.", "1,two\n3,4")
    expectError(
      .notNumeric, "line 1, column 1: 'a' is not a number; correct it, or remove the line if it is a header.",
      "a,b\n3,4", header: .absent)
  }

  @Test func decimalCommas() {
    expectError(
      .notNumeric, "line 2, column 1: '1,5' is not a number; write decimal points instead of commas.",
      "a;b\n1,5;2,5\n")
  }

  @Test func emptyFields() {
    let remedy = "fill it, or remove the line or the column."
    expectError(.notNumeric, "line 2, column 2: the field is empty; \(remedy)", "1,2,3\n4,,6")
    expectError(.notNumeric, "line 2, column 3: the field is empty; \(remedy)", "1,2,3\n4,5,")
    expectError(.notNumeric, "line 1, column 1: the field is empty; \(remedy)", ",1,2\n3,4,5")
    expectError(.notNumeric, "line 1, column 1: the field is empty; \(remedy)", ",,\n,,")
    expectError(.notNumeric, "line 2, column 2: the field is empty; \(remedy)", "1\t2\t3\n4\t\t6")
    expectError(.notNumeric, "line 2, column 2: the field is empty; \(remedy)", "1,2,3\n4,\"\",6")
  }

  @Test func raggedLines() {
    let remedy = "give every line the same number of fields."
    expectError(.inconsistent, "line 4 has 2 fields where line 2 has 3; \(remedy)", "a,b,c\n1,2,3\n\n4,5\n")
    expectError(.inconsistent, "line 2 has 1 field where line 1 has 2; \(remedy)", "1 2\n3\n", separator: .space)
    expectError(.inconsistent, "line 2 has 4 fields where line 1 has 3; \(remedy)", "1,2,3\n4,5,6,7")
  }

  @Test func quotationMarks() {
    expectError(
      .malformed, "line 2, column 2: the quotation mark is never closed; correct the field.", "1,2\n3,\"4\n")
    expectError(
      .malformed, "line 2, column 1: text follows the closing quotation mark; correct the field.", "1,2\n\"3\"0,4\n")
  }

  @Test func nothingInIt() {
    for text in ["", "\n\n", "# only a comment\n", "   \n\t\n"] {
      expectError(.malformed, "the file holds no line of numbers; check how it was saved.", text)
    }
    expectError(
      .malformed, "the file holds a header line and no numbers; check how it was saved.", "first,second\n")
  }

  @Test func otherEncodings() {
    for bytes: [UInt8] in [[0xff, 0xfe, 0x31, 0], [0xfe, 0xff, 0, 0x31]] {
      expectFormatError(.unsupported, "X.csv: the text is in UTF-16; save it in UTF-8.") {
        try Csv.read(bytes, name: "X.csv")
      }
    }
  }

  @Test func limits() {
    expectFormatError(
      .tooLarge, "X.csv: the text takes 8 bytes, more than the limit of 4 bytes; save the numbers as an npy file."
    ) { try Csv.read(Array("1,2\n3,4\n".utf8), name: "X.csv", limits: ReadLimits(arrayBytes: 4)) }
  }
}
