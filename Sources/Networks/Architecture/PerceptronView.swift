/// A resolved network seen as the multilayer perceptron that it is: what theory of perceptrons takes.
public struct PerceptronView: Hashable, Codable, Sendable {
  public var architecture: MultilayerPerceptron
  /// The number of input features n_0.
  public var inputs: Int
  /// One entry for each dense layer, ℓ = 1 … L.
  public var layers: [LayerInitialization]
  public var parametrization: Parametrization

  public init(
    architecture: MultilayerPerceptron, inputs: Int, layers: [LayerInitialization], parametrization: Parametrization
  ) {
    precondition(layers.count == architecture.layerCount, "One initialization for each of the L dense layers.")
    self.architecture = architecture
    self.inputs = inputs
    self.layers = layers
    self.parametrization = parametrization
  }

  /// Recognizes a perceptron.
  ///
  /// - Throws: ``Unrecognized`` for other networks; it names the first layer that does not fit.
  public init(_ network: ResolvedNetwork) throws(Unrecognized) {
    let architecture = try MultilayerPerceptron(recognizing: network.architecture.layers)
    guard network.inputShape.count == 1 else {
      throw .unflattened(network.inputShape)
    }
    self.init(
      architecture: architecture, inputs: network.inputs, layers: network.initializations,
      parametrization: network.parametrization)
  }

  /// n_0 … n_(L−1): the fan-in of each dense layer.
  public var fanIns: [Int] { [inputs] + architecture.widths }
}
