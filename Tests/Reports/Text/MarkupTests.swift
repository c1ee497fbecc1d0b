import OrreryReports
import Testing

@Suite struct MarkupTests {
  @Test(arguments: [
    (12.5, "12.5"), (-3, "-3"), (0.07, "0.07"), (0.7, "0.7"), (-0.004, "0"), (1.999, "2"), (100, "100"),
    (-0.25, "-0.25"),
    (10.01, "10.01"), (.nan, "0"), (.infinity, "0"), (1e300, "10000000"), (0.1 + 0.2, "0.3"),
  ])
  func numbersAreShort(value: Double, text: String) {
    #expect(Markup.number(value) == text)
  }

  @Test func numbersReadBackToAHundredth() {
    for index in -5000...5000 {
      let value = Double(index) * 0.0137
      #expect(abs((Double(Markup.number(value)) ?? .nan) - value) <= 0.005 + 1e-9)
    }
  }

  @Test(arguments: [
    ("What theory says", "what-theory-says"), ("  A — B  ", "a-b"), ("χ_⊥ & K", "χ-k"), ("", "section"),
    ("!!", "section"),
    ("Layer 12", "layer-12"),
  ])
  func anchors(text: String, anchor: String) {
    #expect(Markup.anchor(text) == anchor)
  }

  @Test func escapes() {
    #expect(Markup.escape("<a href=\"x\">'&'</a>") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")
    #expect(Markup.escape("a\nb\tc\u{1}\u{FFFE}") == "a\nb\tc")
  }
}
