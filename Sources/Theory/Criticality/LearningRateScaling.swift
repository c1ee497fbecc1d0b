import Foundation

/// Learning rates λ_b, λ_W/fan-in by layer such that each layer adds the same share to Θ^(L) = O(1), at criticality.
///
/// A layer's share of Θ^(L) is (λ_b + λ_W⟨σ²⟩^(ℓ−1)) (ℓ/L)^(p_⊥), with ⟨σ²⟩ ∝ ℓ^(−p₀); so
/// λ_b^(ℓ) = λ̃_b ℓ^(−p_⊥) L^(p_⊥−1), λ_W^(ℓ) = λ̃_W ℓ^(p₀−p_⊥) L^(p_⊥−1): 1/L for both in the scale-invariant class
/// (and the half-stable one), λ̃_b/ℓ and λ̃_W for odd σ at K* = 0.
///
/// Source: PDLT §9.4. Domain: ℓ ≫ 1 at criticality, equal widths.
public struct LearningRateScaling: Hashable, Sendable {
  /// p₀.
  public var kernelExponent: Double
  /// p_⊥.
  public var perpendicularExponent: Double

  public init(_ point: CriticalPoint) {
    kernelExponent = point.exponents.kernel
    perpendicularExponent = point.exponents.perpendicular
  }

  /// The factors of λ̃_b and λ̃_W for layer ℓ of L.
  public func factors(layer: Int, of count: Int) -> (bias: Double, weight: Double) {
    precondition(layer >= 1 && layer <= count, "Layers are counted from 1 to L.")
    let (l, depth) = (Double(layer), Double(count))
    let common = pow(depth, perpendicularExponent - 1)
    return (
      common * pow(l, -perpendicularExponent), common * pow(l, kernelExponent - perpendicularExponent)
    )
  }

  /// The factors of all layers, ℓ = 1 … L.
  public func factors(layerCount: Int) -> [(bias: Double, weight: Double)] {
    (1...layerCount).map { factors(layer: $0, of: layerCount) }
  }
}
