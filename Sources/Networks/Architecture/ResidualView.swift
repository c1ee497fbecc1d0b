/// A resolved network seen as the residual or normalized perceptron that it is: a dense layer of n units, then steps
///
///     z′ = γz + a(b + Wσ(N z)),
///
/// N a normalization of the features or nothing, σ an activation or nothing, γ = 0 where there is no skip. All widths are n but the last
/// one's, which has no skip: the readout.
public struct ResidualView: Hashable, Codable, Sendable {
  /// A normalization of one sample's features.
  public struct Norm: Hashable, Codable, Sendable {
    /// Whether the mean over features is taken off, as by layer normalization; else only the mean square is divided by.
    public var centres: Bool
    /// Whether gains, and shifts where the mean is taken off, are learned.
    public var learned: Bool
    /// ε > 0: what is divided by is √(variance + ε).
    public var epsilon: Double

    public init(centres: Bool, learned: Bool, epsilon: Double = 1e-5) {
      self.centres = centres
      self.learned = learned
      self.epsilon = epsilon
    }
  }

  /// One step of the recursion, from a layer with weights to the next.
  public struct Step: Hashable, Codable, Sendable {
    /// γ.
    public var skip: Double
    /// a.
    public var scale: Double
    public var norm: Norm?
    /// σ; linear where the branch has none.
    public var activation: Activation
    public var initialization: LayerInitialization
    public var units: Int

    public init(
      skip: Double, scale: Double = 1, norm: Norm? = nil, activation: Activation, initialization: LayerInitialization,
      units: Int
    ) {
      self.skip = skip
      self.scale = scale
      self.norm = norm
      self.activation = activation
      self.initialization = initialization
      self.units = units
    }
  }

  /// n_0.
  public var inputs: Int
  /// n.
  public var width: Int
  /// Of the first dense layer.
  public var first: LayerInitialization
  /// ℓ = 1 → 2, …, L − 1 → L.
  public var steps: [Step]
  public var parametrization: Parametrization

  public init(
    inputs: Int, width: Int, first: LayerInitialization, steps: [Step], parametrization: Parametrization
  ) {
    self.inputs = inputs
    self.width = width
    self.first = first
    self.steps = steps
    self.parametrization = parametrization
  }

  /// L.
  public var layerCount: Int { steps.count + 1 }
  /// Of every layer with weights, ℓ = 1 … L.
  public var initializations: [LayerInitialization] { [first] + steps.map(\.initialization) }
  /// n_0, n, …, n.
  public var fanIns: [Int] { [inputs] + steps.map { _ in width } }
  /// Whether the last step has no skip: what leaves it are outputs of their own weights.
  public var hasReadout: Bool { steps.last?.skip == 0 }
}

extension ResidualView {
  /// Recognizes a residual perceptron.
  ///
  /// - Throws: ``Unrecognized`` for other networks; it names the first layer that does not fit.
  public init(_ network: ResolvedNetwork) throws(Unrecognized) {
    let layers = network.architecture.layers
    let start = layers.firstIndex { !($0.description is Flatten) } ?? layers.count
    guard start < layers.count, let dense = layers[start].description as? Dense else {
      throw Unrecognized(
        "layer \(start + 1) is \(start < layers.count ? layers[start].key : "missing"), where the first dense layer would stand"
      )
    }
    guard start > 0 || network.inputShape.count == 1 else {
      throw .unflattened(network.inputShape)
    }
    var numbers = network.initializations[...]
    func next() throws(Unrecognized) -> LayerInitialization {
      guard let own = numbers.popFirst() else { throw Unrecognized("a layer has no initialization") }
      return own
    }
    (inputs, width, parametrization) = (network.inputs, dense.units, network.parametrization)
    first = try next()
    steps = []
    var index = start + 1
    var pending: [Layer] = []
    while index < layers.count {
      let place = "layer \(index + 1)"
      if let block = layers[index].description as? Residual {
        guard pending.isEmpty else { throw Unrecognized("\(place) is a residual block behind \(pending[0].key)") }
        steps.append(
          try Self.step(
            block.branch, skip: Self.factor(block.skip, place), scale: block.scale, next()
          ) { _ in "the branch of \(place) has" })
        guard steps[steps.count - 1].units == width else {
          throw Unrecognized("the branch of \(place) has \(steps[steps.count - 1].units) units and the stream \(width)")
        }
      } else {
        pending.append(layers[index])
        if layers[index].description is Dense {
          let first = index - pending.count + 2
          steps.append(try Self.step(pending, skip: 0, scale: 1, next()) { "layer \(first + $0) is" })
          guard steps[steps.count - 1].units == width || index == layers.count - 1 else {
            throw Unrecognized("\(place) changes the width from \(width) to \(steps[steps.count - 1].units)")
          }
          pending = []
        }
      }
      index += 1
    }
    guard pending.isEmpty else {
      throw Unrecognized("layer \(layers.count) is \(pending[pending.count - 1].key), and no dense layer follows")
    }
  }

  /// [norm], [activation], dense.
  private static func step(
    _ layers: [Layer], skip: Double, scale: Double, _ initialization: LayerInitialization, place: (Int) -> String
  ) throws(Unrecognized) -> Step {
    var rest = layers[...]
    var norm: Norm?
    switch rest.first?.description {
    case let own as LayerNorm: norm = Norm(centres: true, learned: own.learned, epsilon: own.epsilon)
    case let own as RootMeanSquareNorm: norm = Norm(centres: false, learned: own.learned, epsilon: own.epsilon)
    default: break
    }
    if norm != nil { rest = rest.dropFirst() }
    var activation = Activation(.linear)
    if let own = rest.first?.description as? Nonlinearity {
      activation = own.activation
      rest = rest.dropFirst()
    }
    guard rest.count == 1, let dense = rest.first?.description as? Dense else {
      let wrong = rest.indices.first { !(rest[$0].description is Dense) } ?? rest.indices.dropFirst().first
      throw Unrecognized(
        "\(place(wrong ?? 0)) \(wrong.map { layers[$0].key } ?? "nothing"), where a norm, an activation and one dense layer, in this "
          + "order, would stand")
    }
    return Step(
      skip: skip, scale: scale, norm: norm, activation: activation, initialization: initialization, units: dense.units)
  }

  /// γ of a skip: 1 without layers, else that of one linear activation, z → γz.
  private static func factor(_ skip: [Layer], _ place: String) throws(Unrecognized) -> Double {
    guard let layer = skip.first else { return 1 }
    if skip.count == 1, let nonlinearity = layer.description as? Nonlinearity,
      let coefficients = nonlinearity.activation.polynomialCoefficients, coefficients.count != 1,
      coefficients.count <= 2,
      coefficients.first ?? 0 == 0
    {
      return coefficients.last ?? 0
    }
    throw Unrecognized("the skip of \(place) is \(layer.key), where nothing or a factor would stand")
  }
}

extension ResolvedNetwork {
  /// The same as a residual perceptron; nil for other networks.
  public var residual: ResidualView? { try? ResidualView(self) }
}
