import Testing

@Suite struct PlaceholderFindingsTests {
  @Test func placeholder() {}
}
