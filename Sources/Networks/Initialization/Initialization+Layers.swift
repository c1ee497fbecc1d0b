extension Initialization {
  /// C_W and C_b of each dense layer ℓ = 1 … L of a network, or nil for `.critical`, which Theory must find first.
  ///
  /// - Parameter inputs: n_0, the number of input features.
  /// - Throws: `NetworkError` when the network or the numbers make no sense, or their count is not L.
  public func layers(for network: MultilayerPerceptron, inputs: Int) throws -> [LayerInitialization]? {
    try network.validate(inputs: inputs)
    try validate(layerCount: network.layerCount)
    switch self {
    case .critical: return nil
    case .uniform(let layer): return Array(repeating: layer, count: network.layerCount)
    case .perLayer(let layers): return layers
    case .named(let name):
      let widths = [inputs] + network.layerWidths
      return (1..<widths.count).map { name.layer(fanIn: widths[$0 - 1], fanOut: widths[$0]) }
    }
  }

  /// Checks that variances are finite and not negative, and that a list has one entry for each of the L layers.
  ///
  /// - Throws: `NetworkError`.
  public func validate(layerCount: Int) throws {
    switch self {
    case .critical, .named: break
    case .uniform(let layer): try layer.validate(place: "every layer")
    case .perLayer(let layers):
      guard layers.count == layerCount else {
        throw NetworkError(
          .wrongCount,
          "the initialization lists \(layers.count) layers, and the network has L = depth + 1 = \(layerCount) dense layers",
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
  }
}
