import Foundation
import OrreryReports
import OrreryTestSupport
import Testing

@Suite struct PageHTMLTests {
  static let html = SamplePage.page.html()

  @Test func obeysTheLawsOfAPage() {
    let check = HTMLChecker(Self.html)
    #expect(check.faults.isEmpty, "\(check.faults)")
    #expect(check.ids.contains("laws") && check.ids.contains("phase-diagram") && check.ids.contains("sources"))
  }

  @Test func needsNothingElse() {
    let check = HTMLChecker(Self.html)
    // Addresses are data, or links that a reader follows to a publication.
    #expect(check.addresses.allSatisfy { $0.hasPrefix("data:") || $0.hasPrefix("https://arxiv.org/") })
    for forbidden in ["<img", "<iframe", "src=", "@import", "url(http", "fetch(", "XMLHttpRequest", "import("] {
      #expect(!Self.html.contains(forbidden), "\(forbidden)")
    }
    #expect(Self.html.contains("default-src 'none'"))
  }

  @Test func readsOnAPhoneAndInTheDark() {
    #expect(Self.html.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"))
    #expect(Self.html.contains("<html lang=\"en\">"))
    #expect(Self.html.contains("prefers-color-scheme:dark"))
    #expect(Self.html.contains("@media print"))
    #expect(Self.html.contains("@media (max-width:40rem)"))
  }

  @Test func figuresAndTablesAreNumberedInOrder() {
    let numbers = (1...5).map { "Figure \($0)." }
    let places = numbers.compactMap { Self.html.range(of: $0)?.lowerBound }
    #expect(places.count == 5 && zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
    #expect(!Self.html.contains("Figure 6."))
    #expect(Self.html.contains("Table 1.") && !Self.html.contains("Table 2."))
  }

  @Test func everyFigureSavesAndIsDescribed() {
    let figures = SamplePage.page.figures
    #expect(figures.count == 5)
    for figure in figures {
      #expect(Self.html.contains("data-save=\"\(figure.name)\""))
      #expect(Self.html.contains("download=\"\(figure.name).csv\""))
    }
    let pictures = Self.html.components(separatedBy: "role=\"img\"").count - 1
    #expect(pictures == 6, "Five figures, one of them in a second form for narrow screens.")
  }

  @Test func dataAddressesHoldTheData() throws {
    let check = HTMLChecker(Self.html)
    let addresses = check.addresses.filter { $0.hasPrefix("data:text/csv") }
    #expect(addresses.count == 6)
    let decoded = addresses.compactMap {
      $0.split(separator: ",", maxSplits: 1).last.flatMap { String($0).removingPercentEncoding }
    }
    for figure in SamplePage.page.figures { #expect(decoded.contains(figure.plot.csv)) }
    #expect(decoded.contains(SamplePage.table.csv))
  }

  @Test func escapesWhateverComesFromOutside() {
    let evil = "<script>alert(1)</script>\"'&<!--"
    let text = InlineText(verbatim: evil)
    var table = Table(
      columns: [.init(text, unit: evil)], rows: [.init([.text(text)], chip: .init(.good, evil))], caption: text,
      notes: [text])
    table.chipTitle = evil
    let plot = Plot(title: text, x: PlotAxis(text, unit: evil), y: PlotAxis(text), summary: evil)
    let page = Page(
      title: text, subtitle: text, facts: [.init(evil, text)],
      sections: [
        Section(
          text, anchor: evil,
          [
            .headline(
              Headline(forecast: text, verdict: [.init(text, .bad)], table: table, changes: [text], notSaid: [text])),
            .paragraph(text), .heading(text), .list([text]), .list([text], ordered: true), .table(table),
            .figure(Figure(evil, plot, caption: text)), .definitions([Definition(text, anchor: evil + "2", text)]),
            .callout(.init(.bad, evil), text), .code(evil), .details(text, [.paragraph(text)]),
          ])
      ], references: [Reference(key: evil, title: text, citation: text, link: "javascript:alert(1)")])
    let html = page.html()
    #expect(html.components(separatedBy: "<script").count == 2, "Only the page's own script.")
    #expect(!html.contains("javascript:"))
    #expect(HTMLChecker(html).faults.isEmpty, "\(HTMLChecker(html).faults)")
  }

  @Test func equalNamesGetDifferentIDs() {
    let figure = Figure("same", SamplePage.outputHistogram)
    let page = Page(
      title: "t",
      sections: [Section("a", [.figure(figure), .figures([figure, figure])]), Section("a", [.heading("same")])])
    let check = HTMLChecker(page.html())
    #expect(check.faults.isEmpty, "\(check.faults)")
    #expect(check.ids.contains("same-3"))
  }

  @Test func emptyPageIsAPage() {
    let check = HTMLChecker(Page(title: "").html())
    #expect(check.faults.isEmpty)
    #expect(!Page(title: "x").html().contains("<nav"))
  }

  @Test func headingsDescendByOne() {
    let levels = Self.html.matches(of: /<h([1-6])/).compactMap { Int($0.output.1) }
    #expect(levels.first == 1 && levels.filter { $0 == 1 }.count == 1)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
  }

  @Test func statusesAreWordsAndSignsToo() {
    #expect(Self.html.contains("<span class=\"chip good\"><span aria-hidden=\"true\">✓</span>"))
    #expect(Self.html.contains("<p class=\"bad\"><span class=\"sign\" aria-hidden=\"true\">✗</span> Will NOT train"))
    #expect(Set(Status.allCases.map(\.sign)).count == 4)
  }

  @Test func sameValueSameBytes() {
    #expect(SamplePage.page.html() == Self.html)
  }
}
