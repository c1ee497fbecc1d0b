/// A multilayer perceptron: `depth` hidden layers, so L = depth + 1 dense layers, with the same activation after each
/// hidden one. Layer ℓ = 1 is linear in the input, ℓ = L is the output.
public struct MultilayerPerceptron: Hashable, Codable, Sendable {
  /// The number of neurons of each hidden layer, n_1 … n_(L−1).
  public var widths: [Int]
  public var activation: Activation
  /// The number of output neurons n_L.
  public var outputs: Int

  public init(widths: [Int], activation: Activation, outputs: Int = 1) {
    self.widths = widths
    self.activation = activation
    self.outputs = outputs
  }

  public init(depth: Int, width: Int, activation: Activation, outputs: Int = 1) {
    self.init(widths: Array(repeating: width, count: depth), activation: activation, outputs: outputs)
  }

  /// The number of hidden layers.
  public var depth: Int { widths.count }
  /// L = depth + 1.
  public var layerCount: Int { depth + 1 }
  /// n_1 … n_L.
  public var layerWidths: [Int] { widths + [outputs] }

  /// L/n with n the harmonic mean of the hidden widths: the expansion parameter of effective theory.
  public var aspectRatio: Double {
    guard !widths.isEmpty else { return 0 }
    let inverse = widths.reduce(0.0) { $0 + 1 / Double($1) } / Double(widths.count)
    return Double(layerCount) * inverse
  }

  /// The same network as a list of layers.
  public var layers: [Layer] {
    var layers: [Layer] = []
    for (index, width) in widths.enumerated() {
      layers.append(Layer(Dense(units: width, role: index == 0 ? .input : .hidden)))
      layers.append(Layer(Nonlinearity(activation)))
    }
    layers.append(Layer(Dense(units: outputs, role: widths.isEmpty ? .input : .readout)))
    return layers
  }
}

/// Which learning rate each tensor gets, and so what the NTK is. The law of the outputs at initialization is the same.
public enum Parametrization: String, Codable, Sendable, CaseIterable {
  /// One rate η for every tensor, plain gradient descent on W and b: λ_b = 1, and λ_W = fan-in, since a weight's rate is
  /// η λ_W / fan-in.
  case standard
  /// Jacot et al. 2018, unit-normal parameters behind fixed scales: λ_b = C_b, λ_W = C_W.
  case ntk
}

/// A network as a description holds it: shapes and the rule of its initialization, nothing drawn.
public struct Network: Hashable, Codable, Sendable {
  public var architecture: MultilayerPerceptron
  public var initialization: Initialization
  public var parametrization: Parametrization

  public init(
    _ architecture: MultilayerPerceptron, initialization: Initialization = .critical,
    parametrization: Parametrization = .ntk
  ) {
    self.architecture = architecture
    self.initialization = initialization
    self.parametrization = parametrization
  }
}

/// A network whose every number is fixed: what Theory forecasts and Experiment draws.
public struct ResolvedNetwork: Hashable, Codable, Sendable {
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
