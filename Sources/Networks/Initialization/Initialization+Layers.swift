extension Initialization {
  /// C_W and C_b of each dense layer ℓ = 1 … L of a network, or nil for `.critical`, which Theory must find first.
  ///
  /// - Parameter inputs: n_0, the number of input features.
  /// - Throws: `NetworkError` when the network or the numbers make no sense, or their count is not L.
  public func layers(for network: MultilayerPerceptron, inputs: Int) throws -> [LayerInitialization]? {
    try network.validate(inputs: inputs)
    return try weights(of: Architecture(network).parameters(inputShape: [inputs]))
  }

  /// C_W and C_b of each weight tensor of a network of any layers, or nil for `.critical`, which Theory must find first.
  ///
  /// - Parameter parameters: all of the network's.
  /// - Throws: `NetworkError` when the numbers make no sense, or a list has not one entry for each weight tensor.
  public func weights(of parameters: [NetworkParameter]) throws -> [LayerInitialization]? {
    let weights = parameters.filter(\.isDrawnWeight)
    try validate(weightCount: weights.count)
    switch self {
    case .critical: return nil
    case .uniform(let layer): return Array(repeating: layer, count: weights.count)
    case .perLayer(let layers): return layers
    case .named(let name): return weights.map { name.layer(fanIn: $0.description.fanIn, fanOut: $0.description.fanOut) }
    }
  }

  /// Checks that variances are finite and not negative, and that a list has one entry for each weight tensor: in a
  /// multilayer perceptron, for each of its L layers.
  ///
  /// - Throws: `NetworkError`.
  public func validate(weightCount: Int) throws {
    switch self {
    case .critical, .named: break
    case .uniform(let layer): try layer.validate(place: "every layer")
    case .perLayer(let layers):
      guard layers.count == weightCount else {
        throw NetworkError(
          .wrongCount,
          "the initialization lists \(layers.count) layers, and the network has \(weightCount) weight tensors (L = depth + 1 in an mlp)",
          remedy: "give one entry for each.")
      }
      for (index, layer) in layers.enumerated() { try layer.validate(place: "layer \(index + 1)") }
    }
  }

  /// What to call the initialization in reports: `critical`, `PyTorch nn.Linear default`, `C_W = 1.3, C_b = 0.1`.
  public var displayName: String {
    switch self {
    case .critical: "critical"
    case .named(let name): name.displayName
    case .uniform(let layer): layer.displayName
    case .perLayer(let layers):
      Set(layers).count == 1 ? layers[0].displayName : "C_W and C_b of each layer as described"
    }
  }
}

extension LayerInitialization {
  /// `C_W = 1.3, C_b = 0.1`, and the distributions when they are not Gaussian.
  public var displayName: String {
    var text = "C_W = \(Self.text(weightVariance)), C_b = \(Self.text(biasVariance))"
    if weightDistribution != .gaussian { text += ", weights \(weightDistribution.rawValue)" }
    if biasDistribution != .gaussian, biasVariance > 0 { text += ", biases \(biasDistribution.rawValue)" }
    return text
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  func validate(place: String) throws {
    for (name, value) in [("weight-variance", weightVariance), ("bias-variance", biasVariance)] {
      guard value.isFinite, value >= 0 else {
        throw NetworkError(
          .invalidValue, "the \(name) of \(place) is \(value), and a variance is finite and not negative",
          remedy: "give 0 or a positive number.")
      }
    }
    guard biasDistribution != .orthogonal else {
      throw NetworkError(
        .invalidValue, "the biases of \(place) are orthogonal, which only matrices can be",
        remedy: "choose biases: gaussian or uniform.")
    }
  }
}
