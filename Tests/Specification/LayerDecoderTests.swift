import OrreryNetworks
import OrrerySpecification
import Testing

@Suite struct LayerDecoderTests {
  private func network(_ layers: String) throws -> Network? {
    try Specification.studies(yaml: "orrery: 1\nnetwork:\n  layers:\n\(layers)\n  init: he\n", origin: "net.yaml")[0]
      .study.network
  }

  @Test func layersAreReadInOrder() throws {
    let network = try network(
      """
          - dense: { units: 1_2 }
          - activation: { leaky-relu: { slope: 0.2 } }
          - dense:
              units: 3
              role: readout
      """)
    #expect(
      network?.architecture
        == Architecture([
          Layer(Dense(units: 12)), Layer(Nonlinearity(Activation(.leakyReLU(slope: 0.2)))),
          Layer(Dense(units: 3, role: .readout)),
        ]))
    #expect(network?.initialization == .named(.he))
  }

  @Test(arguments: [
    ("    - dense: { unts: 3 }", "net.yaml, line 4", "needs a key units"),
    ("    - dense: { units: 3, rank: 4 }", "net.yaml, line 4", "Unknown key 'rank' in network.layers.1"),
    ("    - dense: { units: 3, rol: hidden }", "net.yaml, line 4", "Did you mean role?"),
    (
      "    - dense: { units: many }", "net.yaml, line 4",
      "network.layers.1.dense.units must be a whole number, and is 'many'."
    ),
    ("    - dense: { units: 3 }\n    - dens: { units: 3 }", "net.yaml, line 5", "did you mean 'dense'?"),
    ("    - activation: rleu", "net.yaml, line 4", "relu"),
    ("    - 7", "net.yaml, line 4", "there is no layer called '7'"),
    ("    - { dense: { units: 3 }, activation: relu }", "net.yaml, line 4", "must be one layer"),
    ("    []", "net.yaml", "empty list"),
  ])
  func mistakesAreNamedWithTheirLine(_ layers: String, _ place: String, _ what: String) throws {
    let error = try #require(throws: SpecificationError.self) { try network(layers) }
    #expect(error.description.hasPrefix(place), "\(error)")
    #expect(error.description.contains(what), "\(error)")
  }

  /// Deeper ones could not be written down as JSON.
  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      "    - " + String(repeating: "residual: [ { ", count: depth - 1) + "dense: { units: 3 }"
        + String(repeating: " } ]", count: depth - 1)
    }
    #expect(try network(nested(LayerBounds.deepestNesting)) != nil)
    let error = try #require(throws: SpecificationError.self) { try network(nested(LayerBounds.deepestNesting + 1)) }
    #expect(error.line == 4 && error.message.contains("more than 64 deep") && error.message.count < 200, "\(error)")
  }

  @Test func eitherPerceptronOrLayers() throws {
    let error = try #require(throws: SpecificationError.self) {
      try Specification.studies(
        yaml:
          "orrery: 1\nnetwork: { mlp: { depth: 1, width: 8, activation: relu }, layers: [{ dense: { units: 1 } }] }",
        origin: "net.yaml")
    }
    #expect(error.description.contains("both mlp and layers"))
  }
}
