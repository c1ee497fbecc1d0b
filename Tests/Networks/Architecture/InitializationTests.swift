import Foundation
import OrreryNetworks
import Testing

@Suite struct InitializationTests {
  static let network = MultilayerPerceptron(widths: [20, 30], activation: Activation(.relu), outputs: 2)

  /// The variance of a weight and of a bias, from each framework's own documentation, at 10 → 20 → 30 → 2.
  /// Name, variances of the weights, variances of the biases.
  static let cases: [(NamedInitialization, [Double], [Double])] = {
    let none: [Double] = [0, 0, 0]
    let overFanIn: [Double] = [0.1, 0.05, 1.0 / 30.0]
    let overThreeFanIn: [Double] = overFanIn.map { $0 / 3 }
    let glorot: [Double] = [2.0 / 30.0, 2.0 / 50.0, 2.0 / 32.0]
    return [
      (.pytorchLinear, overThreeFanIn, overThreeFanIn), (.kerasDense, glorot, none), (.glorot, glorot, none),
      (.flaxDense, overFanIn, none), (.lecun, overFanIn, none), (.he, overFanIn.map { 2 * $0 }, none),
    ]
  }()

  /// The variance of a weight and of a bias, from each framework's own documentation, at 10 → 20 → 30 → 2.
  @Test(arguments: cases)
  func variances(_ name: NamedInitialization, _ weights: [Double], _ biases: [Double]) throws {
    let layers = try #require(try Initialization.named(name).layers(for: Self.network, inputs: 10))
    #expect(layers.count == 3)
    for (place, fanIn) in [10.0, 20, 30].enumerated() {
      #expect(abs(layers[place].weightVariance / fanIn - weights[place]) < 1e-15)
      #expect(abs(layers[place].biasVariance - biases[place]) < 1e-15)
    }
    #expect(!name.displayName.isEmpty && !name.publications.isEmpty)
  }

  @Test func distributions() {
    #expect(NamedInitialization.pytorchLinear.layer(fanIn: 3, fanOut: 4).weightDistribution == .uniform)
    #expect(NamedInitialization.pytorchLinear.layer(fanIn: 3, fanOut: 4).biasDistribution == .uniform)
    #expect(NamedInitialization.kerasDense.layer(fanIn: 3, fanOut: 4).weightDistribution == .uniform)
    #expect(NamedInitialization.flaxDense.layer(fanIn: 3, fanOut: 4).weightDistribution == .truncatedGaussian)
    #expect(NamedInitialization.he.layer(fanIn: 3, fanOut: 4).weightDistribution == .gaussian)
  }

  @Test func numbersPassThrough() throws {
    let layer = LayerInitialization(weightVariance: 1.5, biasVariance: 0.25)
    #expect(try Initialization.uniform(layer).layers(for: Self.network, inputs: 10) == [layer, layer, layer])
    let list = [1.0, 2, 3].map { LayerInitialization(weightVariance: $0, biasVariance: 0) }
    #expect(try Initialization.perLayer(list).layers(for: Self.network, inputs: 10) == list)
    #expect(try Initialization.critical.layers(for: Self.network, inputs: 10) == nil)
  }

  @Test func nonsenseIsRefused() throws {
    let good = LayerInitialization(weightVariance: 1, biasVariance: 0)
    func problem(_ initialization: Initialization) throws -> String {
      try #require(throws: NetworkError.self) { try initialization.layers(for: Self.network, inputs: 10) }.description
    }
    #expect(
      try problem(.perLayer([good, good]))
        == "the initialization lists 2 layers, and the network has 3 weight tensors (L = depth + 1 in an mlp); give one entry for each."
    )
    #expect(
      try problem(.uniform(LayerInitialization(weightVariance: -1, biasVariance: 0)))
        == "the weight-variance of every layer is -1.0, and a variance is finite and not negative; give 0 or a positive "
        + "number.")
    let bad = LayerInitialization(weightVariance: 1, biasVariance: .infinity)
    #expect(try problem(.perLayer([good, good, bad])).contains("bias-variance of layer 3"))
    #expect(throws: NetworkError.self) { try Initialization.critical.layers(for: Self.network, inputs: 0) }
  }

  @Test func names() throws {
    #expect(Initialization.critical.displayName == "critical")
    #expect(Initialization.named(.pytorchLinear).displayName == "PyTorch nn.Linear default")
    let layer = LayerInitialization(weightVariance: 1.5, biasVariance: 0)
    #expect(Initialization.uniform(layer).displayName == "C_W = 1.5, C_b = 0")
    #expect(Initialization.perLayer([layer, layer]).displayName == "C_W = 1.5, C_b = 0")
    #expect(try Initialization(name: "he") == .named(.he))
    let error = try #require(throws: NetworkError.self) { try Initialization(name: "critcal") }
    #expect(error.description == "there is no initialization called 'critcal'; did you mean 'critical'?")
  }

  @Test(arguments: [
    Initialization.critical, .named(.flaxDense),
    .uniform(LayerInitialization(weightVariance: 2, biasVariance: 0.1, weightDistribution: .truncatedGaussian)),
    .perLayer([
      LayerInitialization(weightVariance: 1, biasVariance: 0),
      LayerInitialization(weightVariance: 2, biasVariance: 1, biasDistribution: .uniform),
    ]),
  ]) func roundTripsThroughJSON(_ initialization: Initialization) throws {
    let data = try JSONEncoder().encode([initialization])
    #expect(try JSONDecoder().decode([Initialization].self, from: data) == [initialization])
  }

  @Test func readsTheFormOfDescriptions() throws {
    func decode(_ text: String) throws -> Initialization {
      try JSONDecoder().decode(Initialization.self, from: Data(text.utf8))
    }
    #expect(try decode(#""critical""#) == .critical)
    #expect(
      try decode(#"{"weight-variance": 2}"#) == .uniform(LayerInitialization(weightVariance: 2, biasVariance: 0)))
    #expect(throws: NetworkError.self) { try decode(#""hee""#) }
  }
}
