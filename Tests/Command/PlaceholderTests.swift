import Testing

@Suite struct PlaceholderCommandTests {
  @Test func placeholder() {}
}
