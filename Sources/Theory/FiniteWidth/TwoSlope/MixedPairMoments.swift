/// ⟨σ₁σ′₂⟩ and the expectations of its derivatives in z₁ and z₂.
public struct MixedPairMoments: Hashable, Sendable {
  /// ⟨σ₁σ′₂⟩.
  public var value: Double
  /// ⟨∂₁(σ₁σ′₂)⟩ = ⟨σ′₁σ′₂⟩.
  public var first: Double
  /// ⟨∂₂(σ₁σ′₂)⟩ = ⟨σ₁σ″₂⟩, with σ″ = 2bδ.
  public var second: Double
}
