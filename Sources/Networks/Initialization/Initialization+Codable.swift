// As in descriptions: `"critical"`, `"he"`, `{"weight-variance": 2, "bias-variance": 0}`, or a list of such objects.

extension LayerInitialization: Codable {
  private enum Key: String, CodingKey {
    case weightVariance = "weight-variance"
    case biasVariance = "bias-variance"
    case weights, biases
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      weightVariance: try container.decode(Double.self, forKey: .weightVariance),
      biasVariance: try container.decodeIfPresent(Double.self, forKey: .biasVariance) ?? 0,
      weightDistribution: try container.decodeIfPresent(WeightDistribution.self, forKey: .weights) ?? .gaussian,
      biasDistribution: try container.decodeIfPresent(WeightDistribution.self, forKey: .biases) ?? .gaussian)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(weightVariance, forKey: .weightVariance)
    try container.encode(biasVariance, forKey: .biasVariance)
    try container.encode(weightDistribution, forKey: .weights)
    try container.encode(biasDistribution, forKey: .biases)
  }
}

extension Initialization: Codable {
  /// - Throws: `NetworkError` for an unknown name, `DecodingError` for the wrong shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      self = try Initialization(name: name)
    } else if let layers = try? container.decode([LayerInitialization].self) {
      self = .perLayer(layers)
    } else {
      self = .uniform(try container.decode(LayerInitialization.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .critical: try container.encode("critical")
    case .named(let name): try container.encode(name)
    case .uniform(let layer): try container.encode(layer)
    case .perLayer(let layers): try container.encode(layers)
    }
  }

  /// The initialization of this name: `critical`, or one of ``NamedInitialization``.
  ///
  /// - Throws: `NetworkError` with the nearest right name.
  public init(name: String) throws {
    if name == "critical" {
      self = .critical
    } else if let named = NamedInitialization(rawValue: name) {
      self = .named(named)
    } else {
      throw NetworkError(
        .unknownName, "there is no initialization called '\(name)'",
        remedy: Spelling.remedy(for: name, among: ["critical"] + NamedInitialization.allCases.map(\.rawValue)))
    }
  }
}
