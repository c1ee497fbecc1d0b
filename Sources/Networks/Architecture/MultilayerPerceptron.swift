/// A multilayer perceptron: `depth` hidden layers, so L = depth + 1 dense layers, with the same activation after each
/// hidden one; without any, a linear map. Layer ℓ = 1 is linear in the input, ℓ = L is the output.
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

  /// The same network as a list of layers, each in the role of its place.
  public var layers: [Layer] {
    var layers: [Layer] = []
    for width in widths {
      layers.append(Layer(Dense(units: width)))
      layers.append(Layer(Nonlinearity(activation)))
    }
    layers.append(Layer(Dense(units: outputs)))
    return layers
  }
}
