import OrreryFindings

/// Batch normalization: y_c = g_c (x_c − m_c)/√(v_c + ε) + s_c for each channel c of the last axis; gains g start at 1 and
/// shifts s at 0.
///
/// In training m and v are the mean and the variance (divisor n) over the n samples and positions of the whole batch, and
/// derivatives go through them. In evaluation they are running averages, which start at 0 and 1 and take a step's statistics
/// as M ← momentum · M + (1 − momentum) m (the convention of Keras and Flax; PyTorch's momentum is 1 minus this one).
/// Observables (gradients of whole data sets, curvature, kernels, Jacobians) are of the function in evaluation, the averages constants.
///
/// S. Ioffe, C. Szegedy, arXiv:1502.03167.
public struct BatchNorm: LayerDescription {
  public static let key = "batch-norm"
  public var publications: [Publication] { [.ioffe2015batch] }
  /// What of the running averages stays at each step, 0 ≤ momentum < 1.
  public var momentum: Double
  /// ε > 0.
  public var epsilon: Double
  /// Whether gains and shifts are learned; without them g = 1 and s = 0 stay.
  public var learned: Bool

  public init(momentum: Double = 0.9, epsilon: Double = 1e-5, learned: Bool = true) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.learned = learned
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    momentum = try container.decodeIfPresent(Double.self, forKey: .momentum) ?? 0.9
    epsilon = try container.decodeIfPresent(Double.self, forKey: .epsilon) ?? 1e-5
    learned = try container.decodeIfPresent(Bool.self, forKey: .learned) ?? true
  }

  /// - Throws: `NetworkError` for an ε or a momentum out of range.
  public func validate() throws {
    guard epsilon > 0, epsilon.isFinite else {
      throw NetworkError(
        .invalidValue, "the epsilon of batch normalization is \(epsilon)",
        remedy: "give a small positive number, such as 1e-5.", key: "epsilon")
    }
    guard (0..<1).contains(momentum) else {
      throw NetworkError(
        .invalidValue, "the momentum of batch normalization is \(momentum)",
        remedy: "give a number from 0 to less than 1, such as 0.9.", key: "momentum")
    }
  }

  /// - Throws: `NetworkError` unless an axis of channels enters and the numbers make sense.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard let channels = inputShape.last, channels >= 1 else {
      throw NetworkError(
        .invalidShape, "batch normalization takes an axis of channels, and the shape \(inputShape) enters",
        remedy: "give it at least one channel.")
    }
    try validate()
    return inputShape
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    guard learned, let channels = inputShape.last else { return [] }
    return [
      ParameterDescription(name: "gain", shape: [channels], fanIn: 1, role: .norm, initial: .constant(1)),
      ParameterDescription(name: "shift", shape: [channels], fanIn: 1, role: .norm, initial: .constant(0)),
    ]
  }
}
