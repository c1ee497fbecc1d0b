import Testing

@Suite struct PlaceholderStudiesTests {
  @Test func placeholder() {}
}
