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
