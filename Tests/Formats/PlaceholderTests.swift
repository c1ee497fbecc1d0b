import Testing

@Suite struct PlaceholderFormatsTests {
  @Test func placeholder() {}
}
