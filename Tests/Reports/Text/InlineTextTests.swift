import Foundation
import OrreryReports
import Testing

@Suite struct InlineTextTests {
  @Test(arguments: [
    ("plain", "plain"),
    ("a *word* here", "a <em>word</em> here"),
    ("**Will not** train", "<strong>Will not</strong> train"),
    ("`init: critical`", "<code>init: critical</code>"),
    ("C_b + C_W", "C<sub>b</sub> + C<sub>W</sub>"),
    ("K^(ℓ)", "K<sup>(ℓ)</sup>"),
    ("χ_⊥ = 1", "χ<sub>⊥</sub> = 1"),
    ("K_{αβ}^{(2)}", "K<sub>αβ</sub><sup>(2)</sup>"),
    ("K_αβ", "K<sub>αβ</sub>"),
    ("log_{10} x", "log<sub>10</sub> x"),
    ("10^-3", "10<sup>-3</sup>"),
    ("n^−1, x", "n<sup>−1</sup>, x"),
    ("σ_m² + δ_p²", "σ<sub>m</sub>² + δ<sub>p</sub>²"),
    ("[law](#a)", "<a href=\"#a\">law</a>"),
    ("[C_b](https://x.org/?a=1&b=2)", "<a href=\"https://x.org/?a=1&amp;b=2\">C<sub>b</sub></a>"),
  ])
  func readsMarkup(markup: String, html: String) {
    #expect(InlineText(markup: markup).html == html)
  }

  @Test(arguments: [
    "learning_rate", "fashion_mnist_28", "a * b", "2 * 3 * 4", "an [unclosed link", "`unclosed", "x_", "^2", "_x",
    "[a] (b)",
    "K_{unclosed", "trailing \\",
  ])
  func unpairedMarksAreText(text: String) {
    #expect(InlineText(markup: text).plain == text)
    #expect(InlineText(markup: text).spans.allSatisfy { $0.style.isEmpty && $0.link == nil })
  }

  @Test(arguments: ["a*b*c", "C_b", "x^2", "`code`", "[a](#b)", "back\\slash", "<script>", "a_b_c", "**", "", "日本_a"])
  func verbatimTextIsKept(text: String) {
    let value = InlineText(verbatim: text)
    #expect(value.plain == text)
    #expect(value.html == Markup.escape(text))
    let interpolated: InlineText = "C_b of \(text)"
    #expect(interpolated.plain == "C_b of " + text)
    #expect(interpolated.html.hasPrefix("C<sub>b</sub> of "))
  }

  @Test func escapesEverything() {
    let text: InlineText = "a < b & *c > \"d\"* `<script>alert('x')</script>`"
    #expect(!text.html.contains("<script"))
    #expect(text.html.contains("a &lt; b &amp; <em>c &gt; &quot;d&quot;</em>"))
    #expect(InlineText(markup: "a\u{0}b\u{8}c").html == "abc")
  }

  @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host/x", "JAVASCRIPT:x"])
  func unsafeAddressesAreNoLinks(address: String) {
    let text = InlineText(markup: "[press](\(address))")
    #expect(!text.html.contains("<a"))
    #expect(text.html.contains("press"))
  }

  @Test func interpolatesNumbers() {
    let text: InlineText = "K = \(3.5616, digits: 3), \(0.5, error: 0.02), n = \(64), \(-1.5e-7, digits: 2)"
    #expect(text.plain == "K = 3.56, 0.500(20), n = 64, −1.5×10⁻⁷")
  }

  @Test func plainUsesUnicodeIndicesWhereTheyExist() {
    #expect(InlineText(markup: "10^-3 z_1 K^(ℓ) C_W").plain == "10⁻³ z₁ K^(ℓ) C_W")
  }

  @Test func tspansShiftBack() throws {
    let svg = InlineText(markup: "K_b^2 x").svg(fontSize: 10)
    let tree = MarkupTree("<text>\(svg)</text>")
    #expect(tree.failure == nil)
    let shifts = tree.named("tspan").map { $0.attributes["dy"].flatMap(Double.init) ?? 0 }
    // Whatever was moved is moved back: the sum of all shifts is zero.
    #expect(abs(shifts.reduce(0, +)) < 0.011)
    #expect(tree.root?.allText == "Kb2 x")
  }

  @Test func widthGrowsWithTextAndShrinksInIndices() {
    let short = InlineText(markup: "ab").width(fontSize: 10)
    let long = InlineText(markup: "abab").width(fontSize: 10)
    #expect(abs(long - 2 * short) < 1e-9)
    #expect(InlineText(markup: "K_b").width(fontSize: 10) < InlineText(verbatim: "Kb").width(fontSize: 10))
    #expect(abs(InlineText(markup: "ab").width(fontSize: 20) - 2 * short) < 1e-9)
  }

  @Test func codesAsAString() throws {
    let value: InlineText = "C_b \("x_y")"
    let data = try JSONEncoder().encode([value])
    #expect(try JSONDecoder().decode([InlineText].self, from: data) == [value])
  }

  /// Any text at all gives well-formed markup.
  @Test func randomMarkupIsWellFormed() {
    let alphabet = Array("ab*_^`[]()\\{}#<>&\"' −2ℓ")
    var state: UInt64 = 20_261_121
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<24 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      let value = InlineText(markup: text)
      #expect(MarkupTree("<p>\(value.html)</p>").failure == nil, "\(text)")
      #expect(MarkupTree("<text>\(value.svg(fontSize: 12))</text>").failure == nil, "\(text)")
      #expect(InlineText(verbatim: text).plain == text)
    }
  }
}
