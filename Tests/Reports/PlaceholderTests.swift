import Testing

@Suite struct PlaceholderReportsTests {
  @Test func placeholder() {}
}
