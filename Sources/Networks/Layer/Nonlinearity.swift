/// σ, neuron by neuron.
public struct Nonlinearity: LayerDescription {
  public static let key = "activation"
  public var activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

/// The activation stands for the layer: `{"activation": "relu"}`.
extension Nonlinearity: Codable {
  public init(from decoder: any Decoder) throws { activation = try Activation(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try activation.encode(to: encoder) }
}
