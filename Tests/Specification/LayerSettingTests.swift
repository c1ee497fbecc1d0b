import OrreryNetworks
import OrrerySpecification
import Testing

/// A setting of a layer that is wrong: the error names its key, its value and what is wanted, in one sentence.
@Suite struct LayerSettingTests {
  private func error(_ layers: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> SpecificationError {
    try #require(
      #expect(throws: SpecificationError.self, sourceLocation: sourceLocation) {
        try Specification.studies(
          yaml: "orrery: 1\nnetwork:\n  layers:\n    - flatten\n    - \(layers)\n", origin: "net.yaml")
      }, sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ("self-attention: { heads: 2.5 }", "self-attention.heads must be a whole number, and is '2.5'."),
    ("self-attention: { heads: two }", "self-attention.heads must be a whole number, and is 'two'."),
    ("self-attention: { heads: -2 }", "self-attention.heads: self-attention has -2 heads; give it at least one."),
    ("self-attention: { heads: 2, causal: 1 }", "self-attention.causal must be true or false, and is '1'."),
    ("self-attention: { heads: [2] }", "self-attention.heads must be a whole number, and is a list."),
    ("self-attention: { heads: }", "self-attention.heads must be a whole number, and is nothing."),
    ("dense: { units: 1e30 }", "dense.units must be a whole number, and is '1e30'."),
    ("dense: { units: 0 }", "dense.units: a dense layer has 0 units; give it at least 1"),
    ("dense: { units: 3, role: 7 }", "dense.role is '7'. It must be one of input, hidden, readout"),
    ("dense: { units: 3, role: reedout }", "dense.role is 'reedout'. Did you mean readout?"),
    ("embedding: { vocabulary: 3, features: 0 }", "embedding.features: an embedding of 3 symbols has 0 features"),
    ("max-pool: { window: -2 }", "max-pool.window: the window of maximum pooling is -2 × -2; give positive whole"),
    ("max-pool: { window: 2, stride: 0 }", "max-pool.stride: the stride of maximum pooling is 0 × 0; give positive"),
    ("average-pool: { window: 2.5 }", "average-pool.window is '2.5': give one whole number"),
    ("convolution: { units: 4, kernel: [3, x] }", "convolution.kernel is a list: give one whole number"),
    ("convolution: { units: 4, kernel: -3 }", "convolution.kernel: the window of a convolution is -3 × -3"),
    ("convolution: { units: 4, padding: 1 }", "convolution.padding: there is no padding called '1'"),
    ("layer-norm: { epsilon: 0 }", "layer-norm.epsilon: the epsilon of a layer normalization is 0.0"),
    ("batch-norm: { momentum: 1 }", "batch-norm.momentum: the momentum of batch normalization is 1.0"),
    ("batch-norm: { momentum: .inf }", "batch-norm.momentum must be a number, and is '.inf'."),
    ("dropout: 1.5", "dropout: the probability of dropout is 1.5; give a number from 0"),
    ("dropout: many", "dropout must be a number, and is 'many'."),
    ("residual: { branch: [ flatten ], scale: half }", "residual.scale must be a number, and is 'half'."),
    (
      "residual: [ flatten, { dense: { units: 2.5 } } ]", "residual.2.dense.units must be a whole number, and is '2.5'."
    ),
    ("residual: { branch: [ { max-pool: { window: 0 } } ] }", "residual.branch.1.max-pool.window: the window"),
    ("activation: { leaky-relu: { slope: steep } }", "activation.leaky-relu.slope must be a finite number"),
  ])
  func isNamedByItsKey(_ layer: String, _ what: String) throws {
    let found = try error(layer)
    #expect(found.line == 5 && found.message.hasPrefix("network.layers.2." + what), "\(found)")
    #expect(!found.message.contains("..") && !found.message.contains("?."), "\(found)")
    #expect([".", "?"].contains(found.message.last), "\(found)")
    #expect(!found.message.contains("JSON"), "\(found)")
  }

  /// Remedies end their sentence themselves.
  @Test(arguments: ["dens: { units: 3 }", "convolution: { units: 3, padding: circullar }", "activation: rleu"])
  func sentencesEndOnce(_ layer: String) throws {
    let message = try error(layer).message
    #expect(!message.hasSuffix("..") && !message.hasSuffix("?.") && !message.hasSuffix(".?"), "\(message)")
  }

  @Test(arguments: [
    (
      "residual: { branch: [ flatten ], scal: 2 }",
      "Unknown key 'scal' in network.layers.2.residual. Did you mean scale?"
    ),
    ("flatten: { window: 2 }", "Unknown key 'window' in network.layers.2.flatten. There are no settings here."),
    ("residual: [ { max-pool: { windw: 2 } } ]", "Unknown key 'windw' in network.layers.2.residual.1.max-pool."),
    ("activation: { tanh: {}, input-scal: 2 }", "Unknown key 'input-scal' in network.layers.2.activation."),
  ])
  func unknownKeysAreNamed(_ layer: String, _ what: String) throws {
    let found = try error(layer)
    #expect(found.line == 5 && found.message.hasPrefix(what), "\(found)")
  }

  /// Numbers may be written as elsewhere in a description.
  @Test func numbersAreReadAsElsewhere() throws {
    let layers = try #require(
      Specification.studies(
        yaml: """
          orrery: 1
          network:
            layers:
              - { convolution: { units: 1e2, kernel: [3, 5.0] } }
              - { batch-norm: { learned: no } }
              - max-pool:
              - flatten
              - { dense: { units: 1_0 } }
          """, origin: "net.yaml")[0].study.network
    ).architecture.layers
    #expect(
      layers == [
        Layer(Convolution(units: 100, kernel: ImageExtents(height: 3, width: 5))), Layer(BatchNorm(learned: false)),
        Layer(MaxPool(window: 2)), Layer(Flatten()), Layer(Dense(units: 10)),
      ])
  }
}
