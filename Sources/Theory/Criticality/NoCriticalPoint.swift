import OrreryNetworks

/// Why an activation has no critical point that a network could be built on.
public struct NoCriticalPoint: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// σ jumps, so that χ_⊥ is infinite.
    case infiniteSlope
    /// ⟨σσ″⟩ has one sign at every kernel, so that χ_∥ ≠ χ_⊥ everywhere.
    case curvatureHasOneSign(positive: Bool)
    /// ⟨σσ″⟩ vanishes only where C_b would be negative.
    case negativeBiasVariance(kernel: Double, biasVariance: Double)
    /// K* = 0 is the only candidate, and kernels flow away from it.
    case unstableAtZero(coefficient: Double)
    /// σ is constant.
    case constant
  }

  public var activation: Activation
  public var reason: Reason

  public var description: String {
    let remedy = "Give C_W and C_b as numbers, or choose another activation."
    switch reason {
    case .infiniteSlope:
      return "\(activation.function) has no critical point: it jumps, so that close inputs separate at once. \(remedy)"
    case .curvatureHasOneSign(let positive):
      return "\(activation.function) has no critical point: ⟨σσ″⟩ is "
        + "\(positive ? "positive" : "negative") at every kernel, so that χ_∥ and χ_⊥ are never both 1. "
        + remedy
    case .negativeBiasVariance(let kernel, let bias):
      return "\(activation.function) has no critical point: at K = \(kernel), where χ_∥ = χ_⊥, C_b would be "
        + "\(bias), and a variance is not negative. \(remedy)"
    case .unstableAtZero(let coefficient):
      return
        "\(activation.function) has no usable critical point: K* = 0 repels (K′ = K + \(coefficient) K²). \(remedy)"
    case .constant:
      return "\(activation.function) has no critical point: it is constant. \(remedy)"
    }
  }
}
