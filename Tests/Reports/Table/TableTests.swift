import Foundation
import OrreryReports
import Testing

@Suite struct TableTests {
  @Test func csvSplitsValueAndError() {
    let table = Table(
      columns: [.init("name"), .init("K", .decimal, unit: "1"), .init("n", .right)],
      rows: [
        .init(["a, b", .measured(1.25, error: 0.5), 64], chip: .init(.good, "agrees")),
        .init(["c", "text", .none]), .init([.chip(.init(.bad, "frozen")), 2.5]),
      ])
    #expect(
      table.csv == """
        name,K [1],K error [1],n,verdict
        "a, b",1.25,0.5,64,agrees
        c,text,,,
        frozen,2.5,,,

        """)
  }

  @Test func literalsAreCells() {
    let cells: [Table.Cell] = ["C_b of \("x_y")", 1.5, 3]
    #expect(cells == [.text("C_b of \("x_y")"), .number(1.5), .integer(3)])
  }

  @Test func codesAndDecodes() throws {
    let table = SamplePage.table
    #expect(try JSONDecoder().decode(Table.self, from: JSONEncoder().encode(table)) == table)
    let page = SamplePage.page
    // A NaN has no JSON form of its own; a caller's encoder says how to write it.
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let read = try decoder.decode(Page.self, from: encoder.encode(page))
    #expect(read.html() == page.html())
  }
}
