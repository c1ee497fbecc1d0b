import OrreryReports
import Testing

@Suite struct TextTableTests {
  static let table = Table(
    columns: [.init("quantity"), .init("predicted", .decimal), .init("width n", .right, unit: "neurons")],
    rows: [
      .init(["kernel K^(ℓ)", .measured(3.5, error: 0.1), 64], chip: .init(.good, "agrees")),
      .init(["日本", 1e-7, .none], chip: .init(.bad, "refuted"), indent: 1),
      .init(["c"]),
    ])

  @Test func columnsAlign() {
    let lines = Self.table.text().split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(
      lines == [
        "quantity      predicted  width n [neurons]  verdict",
        "────────────  ─────────  ─────────────────  ─────────",
        "kernel K^(ℓ)   3.50(10)                 64  ✓ agrees",
        "  日本          1.00e-7                  –  ✗ refuted",
        "c                     –                  –",
      ])
  }

  @Test func everyLineOfTheGridIsNoWiderThanTheRule() {
    let lines = Self.table.text(indent: 3).split(separator: "\n").map(String.init)
    let rule = DisplayWidth.of(lines[1])
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= rule })
    #expect(lines.allSatisfy { $0.hasPrefix("   ") && !$0.hasSuffix(" ") })
  }

  @Test func emptyTableAndCaption() {
    let table = Table(columns: [.init("a")], caption: "Nothing yet.", notes: ["A note."])
    #expect(table.text() == "Nothing yet.\na\n─\nA note.\n")
    #expect(Table(columns: []).text(rule: false) == "\n")
  }

  @Test func ruleCanBeLeftOut() {
    #expect(!Self.table.text(rule: false).contains("─"))
  }

  @Test func centred() {
    let table = Table(columns: [.init("wide title", .center)], rows: [.init(["x"])])
    #expect(table.text(rule: false) == "wide title\n    x\n")
  }
}
