/// What a parameter is for. Parametrizations, initializations and learning rates are set by role.
public enum ParameterRole: String, Codable, Sendable, CaseIterable {
  case input, hidden, readout
  case hiddenBias = "hidden-bias"
  case readoutBias = "readout-bias"
  case norm, embedding
}

/// One parameter tensor of a layer.
public struct ParameterDescription: Hashable, Codable, Sendable {
  public var name: String
  public var shape: [Int]
  /// The number of inputs that one output sums over; 1 for biases.
  public var fanIn: Int
  public var role: ParameterRole

  public init(name: String, shape: [Int], fanIn: Int, role: ParameterRole) {
    self.name = name
    self.shape = shape
    self.fanIn = fanIn
    self.role = role
  }
}

/// A layer as a value: shapes and parameters, nothing sampled or run.
///
/// The set of layers is open. Experiment extends a description with how to run it, Theory with how kernels pass through
/// it; a missing extension is a typed error that names the layer and the wing.
public protocol LayerDescription: Codable, Hashable, Sendable {
  /// The key of this layer in a description file.
  static var key: String { get }
  /// The shape that leaves the layer, one sample, given the shape that enters.
  func outputShape(for inputShape: [Int]) throws -> [Int]
  /// The layer's parameters, given the shape that enters.
  func parameters(for inputShape: [Int]) -> [ParameterDescription]
}

/// Any layer, with equality and hashing by value.
public struct Layer: Hashable, Sendable {
  public let description: any LayerDescription

  public init(_ description: some LayerDescription) { self.description = description }

  public static func == (left: Layer, right: Layer) -> Bool {
    func equal<D: LayerDescription>(_ value: D) -> Bool { value == right.description as? D }
    return equal(left.description)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: description)))
    description.hash(into: &hasher)
  }
}

/// z_i = b_i + Σ_j W_ij x_j: (features) → (units).
public struct Dense: LayerDescription {
  public static let key = "dense"
  public var units: Int
  /// Where in the network this layer stands, which fixes its parameters' roles.
  public var role: ParameterRole

  public init(units: Int, role: ParameterRole = .hidden) {
    self.units = units
    self.role = role
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { [units] }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    let fanIn = inputShape.last ?? 1
    return [
      ParameterDescription(name: "weight", shape: [units, fanIn], fanIn: fanIn, role: role),
      ParameterDescription(
        name: "bias", shape: [units], fanIn: 1, role: role == .readout ? .readoutBias : .hiddenBias),
    ]
  }
}

/// σ, neuron by neuron.
public struct Nonlinearity: LayerDescription {
  public static let key = "activation"
  public var activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  public func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}
