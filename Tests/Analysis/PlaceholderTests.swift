import Testing

@Suite struct PlaceholderAnalysisTests {
  @Test func placeholder() {}
}
