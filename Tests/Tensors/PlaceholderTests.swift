import Testing

@Suite struct PlaceholderTensorsTests {
  @Test func placeholder() {}
}
