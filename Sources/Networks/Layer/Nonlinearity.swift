/// σ, neuron by neuron.
public struct Nonlinearity: LayerDescription {
  public static let key = "activation"
  public var activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}
