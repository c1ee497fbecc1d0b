import Foundation
import OrreryNetworks
import Testing

@Suite struct ResolvedNetworkTests {
  private static let layer = LayerInitialization(weightVariance: 2, biasVariance: 0.5)
  private static let perceptron = PerceptronView(
    architecture: MultilayerPerceptron(widths: [5, 4], activation: Activation(.tanh), outputs: 2), inputs: 3,
    layers: Array(repeating: layer, count: 3), parametrization: .ntk)

  @Test func parametersOfAPerceptron() throws {
    let parameters = try ResolvedNetwork(Self.perceptron).parameters()
    #expect(parameters.map(\.name) == ["W1", "b1", "W2", "b2", "W3", "b3"])
    #expect(parameters.map(\.weightNumber) == [1, 1, 2, 2, 3, 3])
    #expect(
      parameters.map(\.description.role) == [.input, .hiddenBias, .hidden, .hiddenBias, .readout, .readoutBias])
    #expect(parameters.map(\.description.shape) == [[5, 3], [5], [4, 5], [4], [2, 4], [2]])
  }

  @Test func layersGetTheRolesOfTheirPlaces() throws {
    let layers = [3, 4, 2].map { Layer(Dense(units: $0)) }
    let parameters = try Architecture(layers).parameters(inputShape: [6])
    #expect(
      parameters.map(\.description.role) == [.input, .hiddenBias, .hidden, .hiddenBias, .readout, .readoutBias])
    #expect(parameters.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"])
  }

  @Test func perceptronsGoThereAndBack() throws {
    let network = ResolvedNetwork(Self.perceptron)
    #expect(network.perceptron == Self.perceptron)
    #expect(try network.outputShape() == [2])
    #expect(try JSONDecoder().decode(ResolvedNetwork.self, from: JSONEncoder().encode(network)) == network)
  }

  @Test func otherNetworksAreNotPerceptrons() throws {
    let network = try ResolvedNetwork(
      architecture: Architecture(Self.perceptron.architecture.layers + [Layer(Flatten())]), inputShape: [3],
      initializations: Array(repeating: Self.layer, count: 3), parametrization: .ntk)
    #expect(network.perceptron == nil)
    #expect(try JSONDecoder().decode(ResolvedNetwork.self, from: JSONEncoder().encode(network)) == network)
  }

  @Test func initializationsAreCounted() {
    let error = #expect(throws: NetworkError.self) {
      try ResolvedNetwork(
        architecture: Architecture([Layer(Dense(units: 2))]), inputShape: [3],
        initializations: [Self.layer, Self.layer], parametrization: .ntk)
    }
    #expect(error?.description.contains("2 initializations, and the network has 1 weight tensors") == true)
  }

  @Test func aLayerThatDoesNotFitIsNamed() {
    let layers = [Layer(Dense(units: 4)), Layer(Dense(units: 0))]
    let error = #expect(throws: NetworkError.self) { try layers.outputShape(for: [3]) }
    #expect(error?.description.contains("layer 2 (dense) does not fit: a dense layer has 0 units") == true)
  }

  @Test(arguments: NamedInitialization.allCases) func namedInitializationsAgreeWithThePerceptrons(
    _ name: NamedInitialization
  ) throws {
    let architecture = Self.perceptron.architecture
    let layers = try Initialization.named(name).weights(
      of: Architecture(architecture.layers).parameters(inputShape: [3]))
    let own = try Initialization.named(name).layers(for: architecture, inputs: 3)
    #expect(layers == own)
  }
}
