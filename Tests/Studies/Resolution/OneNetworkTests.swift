import Foundation
import OrreryExperiment
import OrreryNetworks
import OrrerySpecification
import OrreryStudies
import OrreryTestSupport
import Testing

/// However a description spells a network, it is one network.
@Suite("One network, two spellings") struct OneNetworkTests {
  /// A network as `mlp:` and as `layers:`, with data that enter it.
  struct Pair: CustomTestStringConvertible, Sendable {
    let perceptron: String
    let layers: String
    var rest = "init: critical"
    var data = images
    var testDescription: String { "\(perceptron), \(rest)" }
  }

  private static let images =
    "{ name: digits, classes: [0, 1], train: 12, test: 6, normalize: sphere, targets: one-hot }"
  private static let vectors = "{ synthetic: { distribution: sphere, samples: 12, features: 5 } }"

  static let pairs = [
    Pair(
      perceptron: "depth: 1, width: 9, activation: tanh, outputs: 2",
      layers: "flatten, { dense: { units: 9 } }, { activation: tanh }, { dense: { units: 2 } }"),
    Pair(
      perceptron: "width: [7, 5], activation: gelu, outputs: 2",
      layers: "flatten, { dense: { units: 7 } }, { activation: gelu }, { dense: { units: 5 } }, { activation: gelu }, "
        + "{ dense: { units: 2 } }", rest: "init: critical, parametrization: standard"),
    Pair(
      perceptron: "depth: 2, width: 6, activation: { leaky-relu: { slope: 0.2 } }, outputs: 2",
      layers:
        "flatten, { dense: { units: 6 } }, { activation: { leaky-relu: { slope: 0.2 } } }, { dense: { units: 6 } }, "
        + "{ activation: { leaky-relu: { slope: 0.2 } } }, { dense: { units: 2 } }", rest: "init: pytorch-linear"),
    Pair(
      perceptron: "depth: 1, width: 6, activation: { tanh: {}, input-scale: 1.5 }, outputs: 2",
      layers:
        "flatten, { dense: { units: 6 } }, { activation: { tanh: {}, input-scale: 1.5 } }, { dense: { units: 2 } }",
      rest: "init: { weight-variance: 1.3, bias-variance: 0.1, weights: uniform }"),
    Pair(
      perceptron: "depth: 1, width: 6, activation: relu, outputs: 2",
      layers: "flatten, { dense: { units: 6 } }, { activation: relu }, { dense: { units: 2 } }",
      rest: "init: [ { weight-variance: 2, weights: orthogonal }, { weight-variance: 1, bias-variance: 0.2 } ]"),
    // Roles that places give anyway.
    Pair(
      perceptron: "depth: 2, width: 4, activation: erf, outputs: 2",
      layers:
        "flatten, { dense: { units: 4, role: input } }, { activation: erf }, { dense: { units: 4, role: hidden } }, "
        + "{ activation: erf }, { dense: { units: 2, role: readout } }", rest: "init: lecun"),
    // Features need no flatten layer, and do not mind several.
    Pair(
      perceptron: "depth: 1, width: 8, activation: silu",
      layers: "{ dense: { units: 8 } }, { activation: silu }, { dense: { units: 1 } }", data: vectors),
    Pair(
      perceptron: "depth: 1, width: 8, activation: linear",
      layers: "flatten, { dense: { units: 8 } }, { activation: linear }, { dense: { units: 1 } }",
      rest: "init: he, parametrization: standard", data: vectors),
    Pair(
      perceptron: "depth: 2, width: 8, activation: sin",
      layers:
        "flatten, flatten, { dense: { units: 8 } }, { activation: sin }, { dense: { units: 8 } }, { activation: sin }, "
        + "{ dense: { units: 1 } }", rest: "init: glorot", data: vectors),
    Pair(
      perceptron: "width: [3, 300], activation: softplus, outputs: 2",
      layers: "flatten, { dense: { units: 3 } }, { activation: softplus }, { dense: { units: 300 } }, "
        + "{ activation: softplus }, { dense: { units: 2 } }", rest: "init: flax-dense"),
  ]

  private static func load(_ network: String, _ pair: Pair) throws -> LoadedStudy {
    let text = """
      orrery: 1
      seed: 5
      network: { \(network), \(pair.rest) }
      data: \(pair.data)
      ensemble: { networks: 10, inputs: 2 }
      """
    return try LoadedStudy(try Specification.studies(yaml: text, origin: "net.yaml")[0].study)
  }

  private static func weights(_ loaded: LoadedStudy) throws -> [UInt32] {
    let parameters = try NetworkParameters(loaded.resolved.network)
    return [Float](unsafeUninitializedCapacity: parameters.layout.count) { buffer, count in
      parameters.draw(buffer.baseAddress!, seed: 5, member: 3)
      count = buffer.count
    }.map(\.bitPattern)
  }

  @Test(arguments: pairs) func bothSpellingsAreOne(pair: Pair) throws {
    let short = try Self.load("mlp: { \(pair.perceptron) }", pair)
    let long = try Self.load("layers: [ \(pair.layers) ]", pair)
    #expect(short.hash == long.hash)
    #expect(try short.runIdentity(kind: "train") == long.runIdentity(kind: "train"))
    #expect(try short.resolved.network.parameters() == long.resolved.network.parameters())
    #expect(try short.resolved.network.parameters().first?.name == "W1")
    #expect(try Self.weights(short) == Self.weights(long))
    #expect(try JSON.encode(short.forecast()) == JSON.encode(long.forecast()))
    #expect(try StudyCheck(short).text == StudyCheck(long).text)
  }

  /// An archive's older runs wrote the second spelling as it was.
  @Test func theOlderFormOfAPerceptronIsRead() throws {
    let text = """
      {"architecture":{"layers":[{"dense":{"role":"input","units":4}},{"activation":"tanh"},{"dense":{"role":"readout","units":1}}]},
      "initializations":[{"bias-variance":0,"biases":"gaussian","weight-variance":1,"weights":"gaussian"},
      {"bias-variance":0,"biases":"gaussian","weight-variance":1,"weights":"gaussian"}],"inputShape":[3],"parametrization":"ntk"}
      """
    let network = try JSON.decode(ResolvedNetwork.self, Data(text.utf8))
    #expect(network.perceptron?.architecture == MultilayerPerceptron(widths: [4], activation: Activation(.tanh)))
    let written = String(decoding: try JSON.encode(network), as: UTF8.self)
    #expect(written.contains(#""mlp":{"activation":"tanh","outputs":1,"widths":[4]}"#), "\(written)")
    #expect(try JSON.decode(ResolvedNetwork.self, JSON.encode(network)) == network)
  }

  /// What is no perceptron says which layer it is.
  @Test(arguments: [
    (
      "{ dense: { units: 4 } }, { activation: relu }, { batch-norm: {} }, { dense: { units: 2 } }",
      "layer 4 is batch-norm, where a"
    ),
    ("{ dense: { units: 4 } }, { activation: relu }", "layer 3 is activation, and a"), ("flatten", "no dense layer"),
    (
      "{ dense: { units: 4 } }, { activation: relu }, { dense: { units: 4 } }, { activation: relu }",
      "layer 5 is activation, and a"
    ),
    (
      "{ dense: { units: 4 } }, { activation: relu }, { dense: { units: 4 } }, { activation: tanh }, { dense: { units: 2 } }",
      "layer 5 has another activation"
    ),
    (
      "{ dense: { units: 4 } }, { activation: relu }, { dense: { units: 2, role: input } }",
      "layer 4 has the role input"
    ),
  ]) func whatIsNoPerceptronSaysWhy(layers: String, words: String) throws {
    let list = try Specification.studies(
      yaml: "orrery: 1\nnetwork: { layers: [ flatten, \(layers) ] }", origin: "net.yaml")[0].study.network!.architecture
    let reason = try #require(throws: Unrecognized.self) { try MultilayerPerceptron(recognizing: list.layers) }
    #expect(reason.description.contains(words), "\(reason)")
    #expect(list.perceptron == nil)
  }

  /// Without a flatten layer, dense layers act on images pixel by pixel.
  @Test func denseLayersOnImagesAreNoPerceptron() throws {
    let layers = MultilayerPerceptron(widths: [4], activation: Activation(.relu), outputs: 2).layers
    let numbers = LayerInitialization(weightVariance: 1, biasVariance: 0)
    let network = try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: [8, 8, 1], initializations: [numbers, numbers],
      parametrization: .ntk)
    #expect(network.perceptron == nil)
    #expect(try network.outputShape() == [8, 8, 2] && network.parameters()[0].name == "0.weight")
    let reason = #expect(throws: Unrecognized.self) { try PerceptronView(network) }
    #expect(reason?.description.contains("[8, 8, 1]") == true)
  }

  /// Both spellings may be as deep.
  @Test func depthLimitsAreTheSame() throws {
    let deepest = MultilayerPerceptron.largestDepth
    for (depth, fits) in [(deepest, true), (deepest + 1, false)] {
      let perceptron = MultilayerPerceptron(depth: depth, width: 1, activation: Activation(.tanh))
      for architecture in [Architecture(perceptron), Architecture([Layer(Flatten())] + perceptron.layers)] {
        let isRead = (try? Network(architecture).validate()) != nil
        #expect(isRead == fits)
      }
    }
  }
}
