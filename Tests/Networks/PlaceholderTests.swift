import Testing

@Suite struct PlaceholderNetworksTests {
  @Test func placeholder() {}
}
