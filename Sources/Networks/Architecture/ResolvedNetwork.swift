/// A network of any layers whose every number is fixed: what Experiment draws and trains.
public struct ResolvedNetwork: Hashable, Codable, Sendable {
  public var architecture: Architecture
  /// The shape of one sample: (features), (height, width, channels), (positions).
  public var inputShape: [Int]
  /// One entry for each drawn weight tensor, in the order of ``NetworkParameter/weightNumber``; a bias shares that of the
  /// weights before it.
  public var initializations: [LayerInitialization]
  public var parametrization: Parametrization

  /// - Throws: `NetworkError` when layers do not fit to each other, or initializations are too few or too many.
  public init(
    architecture: Architecture, inputShape: [Int], initializations: [LayerInitialization],
    parametrization: Parametrization
  ) throws {
    self.architecture = architecture
    self.inputShape = inputShape
    self.initializations = initializations
    self.parametrization = parametrization
    let weights = try architecture.parameters(inputShape: inputShape).filter(\.isDrawnWeight).count
    guard initializations.count == weights else {
      throw NetworkError(
        .wrongCount,
        "there are \(initializations.count) initializations, and the network has \(weights) weight tensors",
        remedy: "give one for each.")
    }
  }

  public init(_ perceptron: ResolvedPerceptron) {
    architecture = .perceptron(perceptron.architecture)
    inputShape = [perceptron.inputs]
    initializations = perceptron.layers
    parametrization = perceptron.parametrization
  }

  /// The same as Theory takes it; nil for networks that are not multilayer perceptrons.
  public var perceptron: ResolvedPerceptron? {
    architecture.perceptron.map {
      ResolvedPerceptron(
        architecture: $0, inputs: inputShape.reduce(1, *), layers: initializations, parametrization: parametrization)
    }
  }

  /// Every parameter tensor in order.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  public func parameters() throws -> [NetworkParameter] { try architecture.parameters(inputShape: inputShape) }

  /// The shape of the network's output for one sample.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  public func outputShape() throws -> [Int] {
    if case .perceptron(let perceptron) = architecture { return [perceptron.outputs] }
    return try architecture.layers.outputShape(for: inputShape)
  }

  /// The number of input features of a sample.
  public var inputs: Int { inputShape.reduce(1, *) }
}
