import OrreryFindings

/// What a parameter is for. Parametrizations, initializations and learning rates are set by role.
public enum ParameterRole: String, Codable, Sendable, CaseIterable {
  case input, hidden, readout
  case hiddenBias = "hidden-bias"
  case readoutBias = "readout-bias"
  case norm, embedding
}

extension ParameterRole {
  public var isBias: Bool { self == .hiddenBias || self == .readoutBias }
}

/// One parameter tensor of a layer.
public struct ParameterDescription: Hashable, Codable, Sendable {
  /// What a parameter is before training.
  public enum Initial: Hashable, Codable, Sendable {
    /// Drawn by the network's initialization: variance C_W/fan-in, C_b for biases.
    case drawn
    /// The same number everywhere, such as 1 for the gain of a norm.
    case constant(Double)
  }

  public var name: String
  public var shape: [Int]
  /// The number of inputs that one output sums over; 1 for biases.
  public var fanIn: Int
  /// The number of outputs that one input enters.
  public var fanOut: Int
  public var role: ParameterRole
  public var initial: Initial

  /// - Parameter fanOut: nil stands for the first extent.
  public init(
    name: String, shape: [Int], fanIn: Int, fanOut: Int? = nil, role: ParameterRole, initial: Initial = .drawn
  ) {
    self.name = name
    self.shape = shape
    self.fanIn = fanIn
    self.fanOut = fanOut ?? shape.first ?? 1
    self.role = role
    self.initial = initial
  }
}

/// A layer as a value: shapes and parameters, nothing sampled or run.
///
/// The set of layers is open. Experiment extends a description with how to run it, Theory with how kernels pass through
/// it; a missing extension is a typed error that names the layer and the wing.
public protocol LayerDescription: Codable, Hashable, Sendable {
  /// The key of this layer in a description file.
  static var key: String { get }
  /// Where the layer comes from; empty for what everybody knows.
  var publications: [Publication] { get }
  /// Checks what is wrong whatever shape enters: a size below 1, a probability above it.
  ///
  /// It is asked when a description is read, where the line is known, and before ``outputShape(for:)`` of a list of layers.
  ///
  /// - Throws: `NetworkError`, with the setting's key.
  func validate() throws
  /// The shape that leaves the layer, one sample, given the shape that enters.
  ///
  /// - Throws: `NetworkError` for a shape that the layer does not take, as a clause that names the shape.
  func outputShape(for inputShape: [Int]) throws -> [Int]
  /// The layer's parameters, given the shape that enters.
  func parameters(for inputShape: [Int]) -> [ParameterDescription]
}

extension LayerDescription {
  public var publications: [Publication] { [] }
  public func validate() throws {}
}
