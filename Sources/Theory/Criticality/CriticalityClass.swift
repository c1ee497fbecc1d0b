/// How a network at criticality changes with depth: its universality class.
///
/// Source: PDLT §5.3–5.5; the class of kinked curvature (ELU) is derived the same way from K′ = K − βK^(3/2).
public enum CriticalityClass: String, Hashable, Codable, Sendable, CaseIterable {
  /// Positively homogeneous σ: every K is a fixed point.
  case scaleInvariant = "scale-invariant"
  /// K′ = K + a₁K² with a₁ < 0: K → 1/((−a₁)ℓ).
  case powerLaw = "K* = 0 power law"
  /// σ″ or σ′ jumps at 0: K′ = K − βK^(3/2), K → 4/(βℓ)².
  case kinkedCurvature = "kinked curvature"
  /// An isolated K* > 0 where χ_∥ = 1: attracts from one side only.
  case halfStable = "half-stable"
  /// An isolated K* > 0 where χ_∥ = 1 and the quadratic term vanishes too.
  case isolated
}

/// The numbers of a universality class, for layers ℓ → ∞ of equal width.
public struct CriticalExponents: Hashable, Sendable {
  /// p₀: K ∝ ℓ^(−p₀).
  public var kernel: Double
  /// p_⊥: squared differences and gradients ∝ ℓ^(−p_⊥), χ_⊥ → 1 − p_⊥/ℓ.
  public var perpendicular: Double
  /// χ_∥ → 1 − (this)/ℓ.
  public var parallel: Double
  /// a₁ of K′ = K + a₁K² about K* = 0; for σ odd or not, s₃ + ¾s₂² with s_p = σ^(p)(0)/σ′(0). Nil in other classes.
  public var a1: Double?
  /// b₁ of χ_⊥ = 1 + b₁K about K* = 0, s₃ + s₂². Nil in other classes.
  public var b1: Double?
  /// a₂ of K′ − K* = Δ + a₂Δ² about K* > 0, ½C_W d²⟨σ²⟩/dK². Nil in other classes.
  public var a2: Double?
  /// dχ_⊥/dK at K* > 0. Nil in other classes.
  public var slopeOfPerpendicular: Double?
  /// β of K′ = K − βK^(3/2) in the class of kinked curvature. Nil in other classes.
  public var beta: Double?
  /// ν: V/K² → νℓ, so that the kernel's relative variance over networks is νℓ/n.
  public var nu: Double
  /// G1/K → (this) ℓ, where it is known: 0 for scale-invariant activations, −1/3 for the power law.
  public var kernelCorrection: Double?
}
