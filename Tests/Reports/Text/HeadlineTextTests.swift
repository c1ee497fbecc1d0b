import OrreryReports
import Testing

@Suite struct HeadlineTextTests {
  @Test func hasTheShapeOfTheFirstPage() {
    let lines = SamplePage.headline.text(width: 110).split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("FORECAST 30 hidden × 256, GELU(erf)"))
    #expect(lines[1] == "VERDICT  Will NOT train with nn.Linear defaults.")
    #expect(lines[2] == "         Trains with He or critical initialization.")
    #expect(lines.contains { $0.hasPrefix("CHANGE   1 replace the default") })
    #expect(lines.contains { $0.hasPrefix("         3 less depth") })
    #expect(lines.last?.hasPrefix("NOT SAID final accuracy") == true)
    // The links of the last column are words here.
    #expect(lines.contains { $0.hasPrefix(" output kernel K, n = ∞") && $0.hasSuffix("kernel recursion") })
    #expect(!lines.joined().contains("#kernel-recursion"))
  }

  @Test(arguments: [30, 40, 60, 80])
  func linesBreakAtTheWidth(width: Int) {
    let headline = Headline(
      forecast: "a network of thirty layers and a data set of sixty thousand images that nobody has looked at",
      verdict: [.init("It trains, it is deep for its width, and its kernel fluctuates by a factor of three.", .caution)]
    )
    let lines = headline.text(width: width).split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= width })
    #expect(lines.dropFirst().filter { $0.hasPrefix("VERDICT") }.count == 1)
  }

  @Test func longWordsStayWhole() {
    let word = String(repeating: "x", count: 50)
    let headline = Headline(forecast: InlineText(verbatim: "a \(word) b"), verdict: [])
    #expect(headline.text(width: 30) == "FORECAST a\n         \(word)\n         b\n")
  }

  @Test func emptyPartsAreLeftOut() {
    let headline = Headline(forecast: "x", verdict: [])
    #expect(headline.text() == "FORECAST x\n")
    #expect(headline.entries.count == 1)
  }
}
