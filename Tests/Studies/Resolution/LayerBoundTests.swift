import OrreryNetworks
import OrrerySpecification
import OrreryStudies
import Testing

/// Sizes beyond all machines, read from a description: refused with a sentence, whatever they multiply to.
@Suite struct LayerBoundTests {
  private static func load(_ layers: String) throws -> LoadedStudy {
    let text = """
      orrery: 1
      network: { layers: [ \(layers) ], init: he, parametrization: standard }
      data: { name: digits, classes: [0, 1], train: 8, test: 4, targets: one-hot }
      """
    return try LoadedStudy(try Specification.studies(yaml: text, origin: "net.yaml")[0].study)
  }

  private static let end = ", flatten, { dense: { units: 2 } }"

  @Test(arguments: [
    ("{ convolution: { units: 3, stride: 9223372036854775807 } }\(end)", "stride"),
    ("{ convolution: { units: 3, kernel: 4294967296 } }\(end)", "window"),
    ("{ convolution: { units: 3, kernel: 2147483647 } }\(end)", "2^40"),
    ("{ convolution: { units: 2305843009213693952 } }\(end)", "2305843009213693952 units"),
    ("{ convolution: { units: 2147483647 } }\(end)", "more than 2147483647 numbers"),
    ("{ max-pool: { window: 9223372036854775807, padding: same } }\(end)", "window"),
    ("{ average-pool: { window: 2, stride: 9223372036854775807 } }\(end)", "stride"),
    ("flatten, { dense: { units: 4611686018427387904 } }, { dense: { units: 2 } }", "4611686018427387904 units"),
    ("flatten, { dense: { units: 2000000000 } }, { dense: { units: 2000000000 } }, { dense: { units: 2 } }", "2^40"),
    ("{ embedding: { vocabulary: 4294967296, features: 4294967296 } }\(end)", "4294967296 symbols"),
    ("{ embedding: { vocabulary: 16, features: 2147483647 } }\(end)", "more than 2147483647 numbers"),
    ("flatten, { dense: { units: 16 } }, { embedding: { vocabulary: 16, features: 2 } }\(end)", "put it first"),
    ("flatten, { residual: [ ] }, { dense: { units: 2 } }", "branch is empty"),
    (
      "flatten, { residual: { branch: [ { dense: { units: 9223372036854775807 } } ] } }, { dense: { units: 2 } }",
      "9223372036854775807 units"
    ),
  ])
  func sizesBeyondAllBounds(_ layers: String, _ words: String) {
    do {
      _ = try Self.load(layers)
      Issue.record("The layers \(layers) were read.")
    } catch {
      // By its line where no shape is needed to know it.
      #expect(error is NetworkError || error is SpecificationError, "\(error)")
      #expect("\(error)".contains(words), "\(error)")
    }
  }

  @Test(arguments: [20_003, 65_600]) func layersBeyondAllBounds(count: Int) {
    let many = Array(repeating: "flatten", count: count)
    for layers in [many.joined(separator: ", "), "flatten, { residual: [ \(many.joined(separator: ", ")) ] }"] {
      let error = #expect(throws: SpecificationError.self) { try Self.load(layers) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("at most 20002"))
    }
  }

  /// Made in code, where no description counts the layers.
  @Test func weightTensorsAreNumbered() {
    let layers = Array(repeating: Layer(Dense(units: 1)), count: 66_000)
    let error = #expect(throws: NetworkError.self) {
      try Architecture(layers).parameters(inputShape: [1])
    }
    #expect(error?.description.contains("65000 weight tensors") == true)
    #expect(throws: NetworkError.self) { try Network(Architecture(layers)).validate() }
  }

  @Test func usualNetworksAreRead() throws {
    let loaded = try Self.load(
      "{ convolution: { units: 4 } }, { residual: [ { convolution: { units: 4 } } ] }\(Self.end)")
    #expect(try loaded.resolved.network.outputShape() == [2])
  }
}
