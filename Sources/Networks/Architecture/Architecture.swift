/// What a network is made of: its layers in order.
///
/// However a description spelled it, there is one list: `mlp:` stands for a flatten layer, dense layers and the activation between them.
/// What only some networks have is a view of this list that recognizes its own, such as ``perceptron``.
public struct Architecture: Hashable, Sendable {
  public var layers: [Layer]

  public init(_ layers: [Layer]) { self.layers = layers }

  /// The perceptron's layers behind one that flattens what enters, which does nothing to features.
  public init(_ perceptron: MultilayerPerceptron) { layers = [Layer(Flatten())] + perceptron.layers }

  /// The multilayer perceptron that the layers are, whatever shape enters the first dense one; nil for others, and setting nil leaves
  /// them as they are.
  public var perceptron: MultilayerPerceptron? {
    get { try? MultilayerPerceptron(recognizing: layers) }
    set { if let newValue { self = Architecture(newValue) } }
  }

  /// The multilayer perceptron that the layers are on inputs of a shape: on images without a flatten layer, dense layers act pixel
  /// by pixel.
  public func perceptron(inputShape: [Int]) -> MultilayerPerceptron? {
    isFlattened || inputShape.count == 1 ? perceptron : nil
  }

  private var isFlattened: Bool { layers.first?.description is Flatten }

  /// The shape of one sample as the first layer takes it, given the extents of the data's samples.
  ///
  /// Images enter as (height, width, channels), so that gray ones get one channel, and everything else as the data have it.
  public static func inputShape(sampleShape: [Int]) -> [Int] {
    sampleShape.count == 2 ? sampleShape + [1] : sampleShape
  }
}

/// A perceptron that flattens what enters is written in short, `{"mlp": {…}}`, and any other network as `{"layers": […]}`.
extension Architecture: Codable {
  private enum Key: String, CodingKey {
    case perceptron = "mlp"
    case layers
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let perceptron = try container.decodeIfPresent(MultilayerPerceptron.self, forKey: .perceptron) {
      self.init(perceptron)
    } else {
      self.init(try container.decode([Layer].self, forKey: .layers))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    if isFlattened, let perceptron {
      try container.encode(perceptron, forKey: .perceptron)
    } else {
      try container.encode(layers, forKey: .layers)
    }
  }
}
