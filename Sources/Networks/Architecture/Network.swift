/// A network as a description holds it: shapes and the rule of its initialization, nothing drawn.
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
    self.init(.perceptron(perceptron), initialization: initialization, parametrization: parametrization)
  }

  /// Checks what can be checked before the inputs' shape is known.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    switch architecture {
    case .perceptron(let perceptron):
      try perceptron.validate()
      try initialization.validate(weightCount: perceptron.layerCount)
    case .layers(let layers):
      guard !layers.isEmpty else {
        throw NetworkError(.invalidShape, "the network has no layers", remedy: "list at least one under layers.")
      }
      let count = layers.totalCount
      guard count <= LayerBounds.mostLayers else {
        throw NetworkError(
          .invalidShape, "the network has \(count) layers", remedy: "take at most \(LayerBounds.mostLayers).")
      }
    }
  }
}
