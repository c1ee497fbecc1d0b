/// A network whose every number is fixed: what Theory forecasts and Experiment draws and trains.
///
/// A perceptron takes one axis of features and has no flatten layer: what it would flatten is flat already.
public struct ResolvedNetwork: Hashable, Sendable {
  public private(set) var architecture: Architecture
  /// The shape of one sample: (features), (height, width, channels), (positions).
  public private(set) var inputShape: [Int]
  /// One entry for each drawn weight tensor, in the order of ``NetworkParameter/weightNumber``; a bias shares that of the
  /// weights before it.
  public var initializations: [LayerInitialization]
  public var parametrization: Parametrization

  /// - Throws: `NetworkError` when layers do not fit to each other, or initializations are too few or too many.
  public init(
    architecture: Architecture, inputShape: [Int], initializations: [LayerInitialization],
    parametrization: Parametrization
  ) throws {
    // The layers decide before any of them is dropped, so that an error names their places as described.
    let weights = try architecture.parameters(inputShape: inputShape).filter(\.isDrawnWeight).count
    guard initializations.count == weights else {
      throw NetworkError(
        .wrongCount,
        "there are \(initializations.count) initializations, and the network has \(weights) weight tensors",
        remedy: "give one for each.")
    }
    self.initializations = initializations
    self.parametrization = parametrization
    if let perceptron = architecture.perceptron(inputShape: inputShape) {
      self.architecture = Architecture(perceptron.layers)
      self.inputShape = [inputShape.reduce(1, *)]
    } else {
      self.architecture = architecture
      self.inputShape = inputShape
    }
  }

  public init(_ perceptron: PerceptronView) {
    architecture = Architecture(perceptron.architecture.layers)
    inputShape = [perceptron.inputs]
    initializations = perceptron.layers
    parametrization = perceptron.parametrization
  }

  /// Every parameter tensor in order.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  public func parameters() throws -> [NetworkParameter] { try architecture.parameters(inputShape: inputShape) }

  /// The shape of the network's output for one sample.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  public func outputShape() throws -> [Int] { try architecture.layers.outputShape(for: inputShape) }

  /// The number of input features of a sample.
  public var inputs: Int { inputShape.reduce(1, *) }

  /// The same as a multilayer perceptron; nil for other networks.
  public var perceptron: PerceptronView? { try? PerceptronView(self) }
}

extension ResolvedNetwork: Codable {
  private enum Key: String, CodingKey { case architecture, inputShape, initializations, parametrization }

  /// - Throws: as ``init(architecture:inputShape:initializations:parametrization:)``; `DecodingError` for the wrong shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(
      architecture: try container.decode(Architecture.self, forKey: .architecture),
      inputShape: try container.decode([Int].self, forKey: .inputShape),
      initializations: try container.decode([LayerInitialization].self, forKey: .initializations),
      parametrization: try container.decode(Parametrization.self, forKey: .parametrization))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    // A perceptron in short, which stands for a flatten layer too.
    try container.encode(perceptron.map { Architecture($0.architecture) } ?? architecture, forKey: .architecture)
    try container.encode(inputShape, forKey: .inputShape)
    try container.encode(initializations, forKey: .initializations)
    try container.encode(parametrization, forKey: .parametrization)
  }
}
