/// A multilayer perceptron whose every number is fixed: what Theory forecasts.
public struct ResolvedPerceptron: Hashable, Codable, Sendable {
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

  /// n_0 … n_(L−1): the fan-in of each dense layer.
  public var fanIns: [Int] { [inputs] + architecture.widths }
}
