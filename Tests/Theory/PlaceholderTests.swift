import Testing

@Suite struct PlaceholderTheoryTests {
  @Test func placeholder() {}
}
