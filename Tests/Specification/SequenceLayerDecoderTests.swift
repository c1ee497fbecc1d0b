import OrreryNetworks
import OrrerySpecification
import Testing

@Suite struct SequenceLayerDecoderTests {
  private func network(_ layers: String) throws -> Network? {
    try Specification.studies(yaml: "orrery: 1\nnetwork:\n  layers:\n\(layers)\n  init: lecun\n", origin: "net.yaml")[0]
      .study.network
  }

  @Test func aTransformerIsRead() throws {
    let network = try network(
      """
          - embedding: { vocabulary: 73, features: 8 }
          - positional-embedding
          - residual: [ layer-norm, { self-attention: { heads: 2, causal: true, scale: inverse, biases: no } } ]
          - residual:
              branch: [ { rms-norm: { epsilon: 1e-6 } }, { dense: { units: 8 } } ]
              scale: 0.5
          - { layer-norm: { learned: false } }
          - dense: { units: 73 }
      """)
    #expect(
      network?.architecture
        == Architecture([
          Layer(Embedding(vocabulary: 73, features: 8)), Layer(PositionalEmbedding()),
          Layer(
            Residual([
              Layer(LayerNorm()), Layer(SelfAttention(heads: 2, causal: true, scale: .inverse, biases: false)),
            ])),
          Layer(Residual([Layer(RootMeanSquareNorm(epsilon: 1e-6)), Layer(Dense(units: 8))], scale: 0.5)),
          Layer(LayerNorm(learned: false)), Layer(Dense(units: 73)),
        ]))
  }

  @Test(arguments: [
    ("    - self-attention: { heads: 2, scale: inverse-squareroot }", "did you mean 'inverse-square-root'"),
    ("    - self-attention: { head: 2 }", "needs a key heads"),
    ("    - residual: [ { dense: { units: 8, bias: no } } ]", "Unknown key 'bias'"),
    ("    - embedding: { vocabulary: 3 }", "needs a key features"),
    ("    - layer-norm: { epsilon: small }", "must be a number"),
  ])
  func mistakesAreNamed(_ layers: String, _ what: String) {
    let error = #expect(throws: SpecificationError.self) { try network(layers) }
    #expect("\(String(describing: error))".contains(what), "\(String(describing: error))")
  }

  @Test func textsAreData() throws {
    func data(_ text: String) throws -> DataDescription? {
      try Specification.studies(yaml: "orrery: 1\ndata: \(text)\n", origin: "d.yaml")[0].study.data
    }
    #expect(
      try data("{ name: king-james-bible, context: 64 }") == DataDescription(.named("king-james-bible"), context: 64))
    #expect(try data("{ text: plays/all.txt, train: 10 }") == DataDescription(.text("plays/all.txt"), train: 10))
    #expect(throws: SpecificationError.self) { try data("{ text: a.txt, name: digits }") }
    #expect(throws: SpecificationError.self) { try data("{ text: a.txt, context: 0 }") }
  }
}
