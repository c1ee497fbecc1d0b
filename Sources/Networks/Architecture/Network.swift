/// A network as a description holds it: layers and the rule of their initialization, nothing drawn.
public struct Network: Hashable, Codable, Sendable {
  public var architecture: Architecture
  public var initialization: Initialization
  public var parametrization: Parametrization

  public init(
    _ architecture: Architecture, initialization: Initialization = .critical,
    parametrization: Parametrization = .ntk
  ) {
    self.architecture = architecture
    self.initialization = initialization
    self.parametrization = parametrization
  }

  public init(
    _ perceptron: MultilayerPerceptron, initialization: Initialization = .critical,
    parametrization: Parametrization = .ntk
  ) {
    self.init(Architecture(perceptron), initialization: initialization, parametrization: parametrization)
  }

  /// Checks what can be checked before the inputs' shape is known.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    guard !architecture.layers.isEmpty else {
      throw NetworkError(.invalidShape, "the network has no layers", remedy: "list at least one under layers.")
    }
    let count = architecture.layers.totalCount
    guard count <= LayerBounds.mostLayers else {
      throw NetworkError(
        .invalidShape, "the network has \(count) layers", remedy: "take at most \(LayerBounds.mostLayers).")
    }
    if let perceptron = architecture.perceptron {
      try perceptron.validate()
      try initialization.validate(weightCount: perceptron.layerCount)
    }
  }
}
