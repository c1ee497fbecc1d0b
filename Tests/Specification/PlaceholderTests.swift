import Testing

@Suite struct PlaceholderSpecificationTests {
  @Test func placeholder() {}
}
