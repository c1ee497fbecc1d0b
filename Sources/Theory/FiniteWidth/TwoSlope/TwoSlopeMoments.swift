import OrreryAnalysis

/// Gaussian moments of a two-slope activation at up to four inputs: ⟨σσσσ⟩, ⟨σσσ′σ′⟩ and ⟨σ′σ′σ′σ′⟩, the sources of all
/// tensors of order 1/n.
///
/// With a = (a₊ + a₋)/2 and b = (a₊ − a₋)/2, σ(z) = az + b|z| and σ′ = a + b s, s = sgn z (ReLU: a = b = ½). Products expand into
/// moments of z, |z| and s; those odd under z → −z vanish. In units of the standard deviations, with correlations ρ_ij,
/// φ_ij = asin ρ_ij, q_ij = √(1 − ρ_ij²), the partial correlation's angle A_ij = asin ρ_kl|ij, I₄ = ρ₁₂ρ₃₄ + ρ₁₃ρ₂₄ + ρ₁₄ρ₂₃,
/// e_ij = ρ_kl + ρ_ikρ_il + ρ_jkρ_jl, and Q = ⟨s₁s₂s₃s₄⟩:
///
/// - ⟨z₁z₂z₃z₄⟩ = I₄
/// - ⟨|z_i||z_j| z_k z_l⟩ = (2/π)(q_ij e_ij + φ_ij I₄)
/// - ⟨|z₁z₂z₃z₄|⟩ = (4/π²)(√det R + Σ_{i<j} q_ij A_ij e_ij) + I₄ Q
/// - ⟨z₁z₂ s₃s₄⟩ = (2/π)(ρ₁₂φ₃₄ + c₃₄/q₃₄), c₃₄ = ρ₁₃ρ₂₄ + ρ₁₄ρ₂₃ − ρ₃₄(ρ₁₃ρ₂₃ + ρ₁₄ρ₂₄)
/// - ⟨z₁|z₂| s₃⟩ = (2/π)(ρ₁₂φ₂₃ + ρ₁₃q₂₃)
/// - ⟨|z₁||z₂| s₃s₄⟩ = (4/π²)(q₁₂A₁₂ + Σ_{m=3,4} (q₁ₘA₁ₘρ₂ₘ + q₂ₘA₂ₘρ₁ₘ) + A₃₄c₃₄/q₃₄) + ρ₁₂ Q
///
/// They follow from Stein's identity ⟨z_i f⟩ = Σ_j k_ij ⟨∂_j f⟩ used until no z is left: each derivative of an s puts 2δ(z) and
/// conditions the rest. So only Q is not elementary; it is one integral, ``signs(_:_:_:_:)``.
///
/// An input may occur more than once, and inputs may be ± multiples of each other: then |z|² = z², s² = 1, s|z| = z
/// leave three variables and no integral. An input of variance 0 has σ = 0, and its sign is that of an infinitesimal
/// variable of its own. Covariances may be singular otherwise (inputs in a plane).
///
/// Accuracy, in units of the product of standard deviations: 10⁻¹⁴ for the correlations as given; a covariance whose
/// entries are rounded has moments of signs uncertain by some 10⁻¹⁶/√(1 − |ρ|).
///
/// Sources: R. Price, IRE Trans. Inf. Theory 4 (1958) 69; R. L. Plackett, Biometrika 41 (1954) 351; S. Nabeya, Ann. Inst.
/// Stat. Math. 4 (1952) 15 (three absolute values); Y. Cho, L. Saul, NIPS 2009 (two). The tensors: S. Yaida, arXiv:1910.00019.
public struct TwoSlopeMoments: Sendable {
  /// a₊ and a₋.
  public let positive: Double
  public let negative: Double
  /// The inputs' covariance.
  public let correlations: CorrelationTable
  /// a.
  let linear: Double
  /// b.
  let absolute: Double
  /// a²b²·2/π and b⁴·4/π².
  let mixedWeight: Double
  let absoluteWeight: Double

  /// - Parameters:
  ///   - positive, negative: the slopes a₊ of σ for z > 0 and a₋ for z < 0.
  ///   - correlations: the covariance of the preactivations.
  /// - Throws: `TwoSlopeError.badSlopes` when a slope is not finite.
  public init(positive: Double, negative: Double, correlations: CorrelationTable) throws {
    guard positive.isFinite, negative.isFinite else {
      throw TwoSlopeError.badSlopes(positive: positive, negative: negative)
    }
    self.positive = positive
    self.negative = negative
    self.correlations = correlations
    linear = 0.5 * positive + 0.5 * negative
    absolute = 0.5 * positive - 0.5 * negative
    mixedWeight = linear * linear * absolute * absolute * 2 / .pi
    absoluteWeight = absolute * absolute * absolute * absolute * 4 / (.pi * .pi)
  }

  /// The six pairs of four inputs.
  @inline(__always)
  func pairs(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> SixPairs {
    let inputs = correlations.inputs
    precondition(
      min(min(i, j), min(k, l)) >= 0 && max(max(i, j), max(k, l)) < inputs,
      "Inputs are numbered from 0 to \(inputs - 1); asked for were \(i), \(j), \(k), \(l).")
    return correlations.pairs.withUnsafeBufferPointer { table in
      SixPairs(
        p01: table[i &* inputs &+ j], p02: table[i &* inputs &+ k], p03: table[i &* inputs &+ l],
        p12: table[j &* inputs &+ k], p13: table[j &* inputs &+ l], p23: table[k &* inputs &+ l])
    }
  }

  /// The coordinates of four inputs no two of which are ± multiples of each other.
  @inline(__always)
  func geometry(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> FourSignGeometry {
    correlations.pairs.withUnsafeBufferPointer { table in
      // A table with four different inputs is not empty.
      FourSignGeometry(table.baseAddress!, stride: correlations.inputs, i, j, k, l)
    }
  }

  /// Q = ⟨sgn z₁ sgn z₂ sgn z₃ sgn z₄⟩; sixteen times the orthant's probability is 1 + Σ_{i<j} 2φ_ij/π + Q.
  ///
  /// The error is that of rounding, 1 − |ρ| being known to 10⁻¹⁶: it enters signs as 10⁻¹⁶/√(1 − ρ²) of the closest pair.
  ///
  /// - Precondition: inputs are in range.
  public func signs(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Estimate {
    let p = pairs(i, j, k, l)
    let closest = min(
      min(min(p.p01.residual, p.p02.residual), min(p.p03.residual, p.p12.residual)),
      min(p.p13.residual, p.p23.residual))
    return Estimate(value: unitSigns(p, i, j, k, l), error: p.hasPerfect ? 4e-16 : 2e-15 + 2e-16 / closest)
  }

  @inline(__always)
  func unitSigns(_ p: SixPairs, _ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Double {
    if let reduced = p.reducedSigns { return reduced }
    return FourSignIntegral.evaluate(geometry(i, j, k, l))
  }
}

/// The pairs of four variables, numbered from 0.
struct SixPairs {
  let p01: CorrelatedPair
  let p02: CorrelatedPair
  let p03: CorrelatedPair
  let p12: CorrelatedPair
  let p13: CorrelatedPair
  let p23: CorrelatedPair

  @inline(__always)
  var hasPerfect: Bool {
    min(
      min(min(p01.distance, p02.distance), min(p03.distance, p12.distance)), min(p13.distance, p23.distance)) <= 0
  }

  /// ⟨s₀s₁s₂s₃⟩ when two variables are ± each other: ± ⟨ss⟩ of the other two.
  var reducedSigns: Double? {
    if p01.isPerfect { return p01.sign * (2 / .pi) * p23.angle }
    if p23.isPerfect { return p23.sign * (2 / .pi) * p01.angle }
    if p02.isPerfect { return p02.sign * (2 / .pi) * p13.angle }
    if p13.isPerfect { return p13.sign * (2 / .pi) * p02.angle }
    if p03.isPerfect { return p03.sign * (2 / .pi) * p12.angle }
    if p12.isPerfect { return p12.sign * (2 / .pi) * p03.angle }
    return nil
  }
}
