/// Factors of the learning rate for single tensors (`W1`, `b3`) and for all tensors of a role (`readout`).
///
/// A tensor's own factor stands in place of its role's; what is not named has 1. A factor of 0 keeps a tensor as it is.
///
/// ```swift
/// let multipliers: LearningRateMultipliers = ["W1": 2, "readout": 0.5]
/// ```
public struct LearningRateMultipliers: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// By the tensor's name.
  public var tensors: [String: Double]
  public var roles: [ParameterRole: Double]

  public init(tensors: [String: Double] = [:], roles: [ParameterRole: Double] = [:]) {
    self.tensors = tensors
    self.roles = roles
  }

  /// - Parameter factors: by role where the key is a role's name (`input`, `hidden-bias`, …), else by tensor.
  public init(_ factors: [String: Double]) {
    self.init(tensors: [:], roles: [:])
    for (key, factor) in factors {
      if let role = ParameterRole(rawValue: key) { roles[role] = factor } else { tensors[key] = factor }
    }
  }

  public init(dictionaryLiteral elements: (String, Double)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
  }

  /// All factors under the names that ``init(_:)`` takes.
  public var factors: [String: Double] {
    var factors = tensors
    for (role, factor) in roles { factors[role.rawValue] = factor }
    return factors
  }

  /// The factor of one tensor.
  public func factor(tensor: String, role: ParameterRole) -> Double { tensors[tensor] ?? roles[role] ?? 1 }
}
