import Testing

@Suite struct PlaceholderExperimentTests {
  @Test func placeholder() {}
}
