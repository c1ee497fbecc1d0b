import Foundation
import OrreryReports
import Testing

/// Tables and the first page, by their structure.
@Suite struct TableHTMLTests {
  /// The one element of a kind in a page that holds nothing but the block.
  static func tree(_ block: Block) -> MarkupTree {
    let html = Page(title: "t", sections: [Section("s", [block])]).html()
    let start = html.range(of: "<section")?.lowerBound ?? html.startIndex
    let end = html.range(of: "</section>")?.upperBound ?? html.endIndex
    // Void elements do not occur inside sections, so that the part is XML but for attributes without a value.
    return MarkupTree(
      String(html[start..<end]).replacing(" hidden>", with: ">").replacing("<details open>", with: "<details>"))
  }

  static let table = Table(
    columns: [.init("name"), .init("K^(ℓ)", .decimal, unit: "1"), .init("n", .right), .init("middle", .center)],
    rows: [
      .init(["first", .measured(1.5e-5, error: 2e-7), 64, "x"], chip: .init(.good, "agrees"), anchor: "row-one"),
      .init(["second", .number(.nan), -3], chip: .init(.bad, "refuted"), indent: 1),
      .init(["third"]),
    ], caption: "What K^(ℓ) is.", notes: ["One note.", "Two notes."], chipTitle: "status")

  @Test func hasAHeadAndABody() throws {
    let tree = Self.tree(.table(Self.table))
    #expect(tree.failure == nil)
    let head = try #require(tree.named("thead").first)
    #expect(
      head.descendants.filter { $0.name == "th" }.map(\.allText) == ["name", "K(ℓ) [1]", "n", "middle", "status"])
    #expect(head.descendants.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] == "col" })
    let rows = try #require(tree.named("tbody").first).children
    #expect(rows.count == 3)
    #expect(rows.allSatisfy { $0.children.count == 5 }, "Every row has every cell.")
    #expect(rows.allSatisfy { $0.children[0].name == "th" && $0.children[0].attributes["scope"] == "row" })
  }

  @Test func cellsAreSetByTheirKind() throws {
    let rows = try #require(Self.tree(.table(Self.table)).named("tbody").first).children
    #expect(rows[0].children.map(\.allText) == ["first", "1.500(20)×10⁻⁵", "64", "x", "✓ agrees"])
    #expect(rows[1].children.map(\.allText) == ["second", "—", "−3", "–", "✗ refuted"])
    #expect(rows[2].children.map(\.allText) == ["third", "–", "–", "–", ""])
    #expect(
      rows[0].children.map { $0.attributes["class"] ?? "" } == ["left", "decimal", "right", "center", "left verdict"])
    #expect(rows[1].children[0].has("indent") && !rows[0].children[0].has("indent"))
    #expect(rows[0].attributes["id"] == "row-one")
  }

  @Test func scrollsAndIsNamed() throws {
    let tree = Self.tree(.table(Self.table))
    let region = try #require(tree.all("scroll").first)
    #expect(region.attributes["role"] == "region" && region.attributes["tabindex"] == "0")
    let caption = try #require(tree.all("caption").first)
    #expect(region.attributes["aria-labelledby"] == caption.attributes["id"])
    #expect(caption.allText.hasPrefix("Table 1. What K(ℓ) is."))
    #expect(tree.all("note").map(\.allText) == ["One note.", "Two notes."])
    #expect(!region.has("long"))
    #expect(Self.tree(.table(GalleryPage.longTable)).all("scroll").first?.has("long") == true)
  }

  @Test func noChipsNoColumn() throws {
    let table = Table(columns: [.init("a")], rows: [.init(["x"])])
    let tree = Self.tree(.table(table))
    #expect(tree.named("th").count == 2)
    #expect(tree.all("verdict").isEmpty)
  }

  @Test func firstPageKeepsItsOrder() throws {
    let tree = Self.tree(.headline(SamplePage.headline))
    #expect(tree.failure == nil)
    #expect(tree.all("label").map(\.allText) == ["FORECAST", "VERDICT", "CHANGE", "NOT SAID"])
    let card = try #require(tree.all("headline").first)
    #expect(card.children.map { $0.attributes["class"] ?? "" } == ["entry", "entry", "scroll", "entry", "entry"])
    let verdict = card.children[1].descendants.filter { $0.name == "p" }
    #expect(verdict.map { $0.attributes["class"] } == ["bad", "good", "caution"])
    let links = card.descendants.filter { $0.name == "a" }.compactMap { $0.attributes["href"] }
    #expect(links.first == "#kernel-recursion" && links.allSatisfy { $0.hasPrefix("#") })
  }

  @Test func listsAndDetails() {
    #expect(Self.tree(.list(["a", "b_c"])).named("ul").first?.children.map(\.allText) == ["a", "bc"])
    #expect(Self.tree(.list(["a"], ordered: true)).named("ol").count == 1)
    let details = Self.tree(.details("more", [.code("a < b\n  c")]))
    #expect(details.named("summary").first?.allText == "more")
    #expect(details.named("pre").first?.allText == "a < b\n  c")
  }

  @Test func wideFiguresComeInTwoForms() {
    let wide = Self.tree(.figure(Figure("w", SamplePage.correlationAgainstDepth)))
    #expect(wide.failure == nil)
    #expect(wide.named("svg").map { $0.attributes["width"] } == ["720", "400"])
    let column = Self.tree(.figures([Figure("a", SamplePage.outputHistogram), Figure("b", SamplePage.phaseDiagram)]))
    #expect(column.named("svg").count == 2 && column.named("figure").map { $0.attributes["id"] } == ["a", "b"])
    let clips = column.named("clipPath").compactMap { $0.attributes["id"] }
    #expect(Set(clips).count == 2, "Pictures of one page do not clip each other.")
  }
}
