/// A limit on the gradient before anything else is done with it: Pascanu, Mikolov and Bengio 2013 (arXiv:1211.5063).
///
/// Norms are Euclidean; a gradient whose norm is above the limit c is multiplied by c/norm, without the 10⁻⁶ that PyTorch
/// adds to the norm.
public enum GradientClipping: Hashable, Sendable {
  case none
  /// One factor for all tensors, by the norm of all of them together.
  case global(Double)
  /// Each tensor by its own norm.
  case perTensor(Double)
  /// Each component cut at ± the limit.
  case value(Double)

  /// The key in a description; nil without clipping.
  public var key: String? {
    switch self {
    case .none: nil
    case .global: "global"
    case .perTensor: "per-tensor"
    case .value: "value"
    }
  }

  /// c; nil without clipping.
  public var limit: Double? {
    switch self {
    case .none: nil
    case .global(let limit), .perTensor(let limit), .value(let limit): limit
    }
  }

  /// The kind of this key; nil for others.
  public init?(key: String, limit: Double) {
    switch key {
    case "global": self = .global(limit)
    case "per-tensor": self = .perTensor(limit)
    case "value": self = .value(limit)
    default: return nil
    }
  }

  /// The keys of all kinds.
  public static let keys = ["global", "per-tensor", "value"]
}
