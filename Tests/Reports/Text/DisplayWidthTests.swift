import OrreryReports
import Testing

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("abc", 3), ("", 0), ("χ_⊥", 3), ("K^(ℓ)", 5), ("日本", 4), ("Ĝ", 1), ("G\u{302}", 1), ("×10⁻³", 5), ("✓ ok", 4),
    ("한", 2),
    ("a\u{200B}b", 2), ("ＡＢ", 4), ("√(σ²)", 5), ("🙂", 2),
  ])
  func countsCells(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }
}
