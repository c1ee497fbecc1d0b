/// What a network is made of: a multilayer perceptron, which Theory covers, or any list of layers.
public enum Architecture: Hashable, Sendable {
  case perceptron(MultilayerPerceptron)
  case layers([Layer])

  /// Every layer in order.
  public var layers: [Layer] {
    switch self {
    case .perceptron(let perceptron): perceptron.layers
    case .layers(let layers): layers
    }
  }

  /// Nil for a list of layers, which setting nil leaves as it is.
  public var perceptron: MultilayerPerceptron? {
    get { if case .perceptron(let perceptron) = self { perceptron } else { nil } }
    set { if let newValue { self = .perceptron(newValue) } }
  }

  /// The shape of one sample as the first layer takes it, given the extents of the data's samples.
  ///
  /// A perceptron takes one axis of features. Other networks take images as (height, width, channels), so that gray ones
  /// get one channel, and everything else as the data have it.
  public func inputShape(sampleShape: [Int]) -> [Int] {
    switch self {
    case .perceptron: [sampleShape.reduce(1, *)]
    case .layers: sampleShape.count == 2 ? sampleShape + [1] : sampleShape
    }
  }
}

extension Architecture: Codable {
  private enum Key: String, CodingKey {
    case perceptron = "mlp"
    case layers
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let perceptron = try container.decodeIfPresent(MultilayerPerceptron.self, forKey: .perceptron) {
      self = .perceptron(perceptron)
    } else {
      self = .layers(try container.decode([Layer].self, forKey: .layers))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .perceptron(let perceptron): try container.encode(perceptron, forKey: .perceptron)
    case .layers(let layers): try container.encode(layers, forKey: .layers)
    }
  }
}
