import Foundation
import OrreryNetworks
import Testing

@Suite struct MultilayerPerceptronTests {
  @Test func countsLayersAndParameters() throws {
    let network = MultilayerPerceptron(widths: [5, 3], activation: Activation(.tanh), outputs: 2)
    #expect(network.depth == 2 && network.layerCount == 3 && network.layerWidths == [5, 3, 2])
    // 4·5 + 5, 5·3 + 3, 3·2 + 2.
    #expect(network.parameterCount(inputs: 4) == 25 + 18 + 8)
    #expect(abs(network.aspectRatio - 3 * (1 / 5.0 + 1 / 3.0) / 2) < 1e-15)
    #expect(throws: Never.self) { try network.validate(inputs: 4) }
  }

  /// The list of layers has the same shapes and as many parameters.
  @Test func layersHaveTheSameParameters() throws {
    let network = MultilayerPerceptron(widths: [5, 3], activation: Activation(.tanh), outputs: 2)
    let parameters = try Architecture(network).parameters(inputShape: [2, 2])
    #expect(parameters.map { $0.description.shape.reduce(1, *) }.reduce(0, +) == network.parameterCount(inputs: 4))
    #expect(parameters.map(\.description.role) == [.input, .hiddenBias, .hidden, .hiddenBias, .readout, .readoutBias])
    #expect(parameters.filter(\.isDrawnWeight).map(\.description.fanIn) == [4, 5, 3])
    #expect(try network.layers.outputShape(for: [4]) == [2])
  }

  /// A network that is refused; its description in the test's log stays short.
  struct Nonsense: Sendable, CustomTestStringConvertible {
    var network: MultilayerPerceptron
    var words: String
    var testDescription: String { words }
  }

  @Test(arguments: [
    Nonsense(network: .init(widths: [4, 0], activation: Activation(.relu)), words: "the width of hidden layer 2 is 0"),
    Nonsense(network: .init(widths: [-4], activation: Activation(.relu)), words: "the width of hidden layer 1 is -4"),
    Nonsense(network: .init(widths: [4], activation: Activation(.relu), outputs: 0), words: "0 outputs"),
    Nonsense(network: .init(widths: [1 << 40, 1 << 40], activation: Activation(.relu)), words: "more parameters"),
    Nonsense(network: .init(depth: 70_000, width: 1, activation: Activation(.relu)), words: "70000 hidden layers"),
    Nonsense(network: .init(widths: [4], activation: Activation(.relu, inputScale: .nan)), words: "input-scale"),
    Nonsense(network: .init(widths: [4], activation: Activation(.monomial(degree: 31))), words: "degree 31"),
  ]) func nonsenseIsRefused(_ nonsense: Nonsense) throws {
    let error = try #require(throws: NetworkError.self) { try nonsense.network.validate() }
    #expect(error.description.contains(nonsense.words) && error.description.hasSuffix("."))
  }

  @Test func inputsAreChecked() {
    let network = MultilayerPerceptron(depth: 1, width: 1 << 20, activation: Activation(.relu))
    #expect(throws: NetworkError.self) { try network.validate(inputs: 0) }
    #expect(throws: NetworkError.self) { try network.validate(inputs: 1 << 50) }
    #expect(throws: Never.self) { try network.validate(inputs: 1 << 20) }
  }

  @Test func roundTripsThroughJSON() throws {
    let network = Network(
      MultilayerPerceptron(widths: [5, 3], activation: Activation(.leakyReLU(slope: 0.1), inputScale: 2), outputs: 2),
      initialization: .named(.he), parametrization: .standard)
    #expect(try JSONDecoder().decode(Network.self, from: JSONEncoder().encode(network)) == network)
    #expect(throws: Never.self) { try network.validate() }
  }
}
