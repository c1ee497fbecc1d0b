/// A function of the covariance of two preactivations with its first and second derivatives, k₁₁, k₁₂ and k₂₂ being
/// independent: f(K + δK) = f + Σ_a f_a δk_a + ½ Σ_ab f_ab δk_a δk_b.
public struct PairExpansion: Hashable, Sendable {
  public var value: Double
  /// ∂f/∂k₁₁, ∂f/∂k₁₂, ∂f/∂k₂₂.
  public var gradient: (d11: Double, d12: Double, d22: Double) { (g11, g12, g22) }
  package var g11 = 0.0
  package var g12 = 0.0
  package var g22 = 0.0
  /// ∂²f/∂k₁₁², ∂²f/∂k₁₁∂k₁₂, ∂²f/∂k₁₁∂k₂₂, ∂²f/∂k₁₂², ∂²f/∂k₁₂∂k₂₂, ∂²f/∂k₂₂².
  public var hessian: (d1111: Double, d1112: Double, d1122: Double, d1212: Double, d1222: Double, d2222: Double) {
    (h1111, h1112, h1122, h1212, h1222, h2222)
  }
  package var h1111 = 0.0
  package var h1112 = 0.0
  package var h1122 = 0.0
  package var h1212 = 0.0
  package var h1222 = 0.0
  package var h2222 = 0.0

  package init(value: Double) { self.value = value }
}

/// A function of one preactivation's variance k with its first and second derivative.
public struct SingleExpansion: Hashable, Sendable {
  public var value: Double
  /// df/dk.
  public var first: Double
  /// d²f/dk².
  public var second: Double
}

/// ⟨σ₁σ′₂⟩ and the expectations of its derivatives in z₁ and z₂.
public struct MixedPairMoments: Hashable, Sendable {
  /// ⟨σ₁σ′₂⟩.
  public var value: Double
  /// ⟨∂₁(σ₁σ′₂)⟩ = ⟨σ′₁σ′₂⟩.
  public var first: Double
  /// ⟨∂₂(σ₁σ′₂)⟩ = ⟨σ₁σ″₂⟩, with σ″ = 2bδ.
  public var second: Double
}
