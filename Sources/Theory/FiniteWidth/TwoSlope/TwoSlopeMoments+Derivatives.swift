extension TwoSlopeMoments {
  /// ⟨σ_iσ_j σ′_kσ′_l⟩, in the units of the covariance:
  /// a⁴ρ₁₂ + a²b²(⟨z₁z₂s₃s₄⟩ + ⟨|z₁||z₂|⟩ + Σ_{m=3,4} (⟨z₁|z₂|sₘ⟩ + ⟨|z₁|z₂sₘ⟩)) + b⁴⟨|z₁||z₂|s₃s₄⟩.
  ///
  /// - Precondition: inputs are in range.
  public func moment(_ i: Int, _ j: Int, derivatives k: Int, _ l: Int) -> Double {
    let p = pairs(i, j, k, l)
    let (r01, r02, r03) = (p.p01.correlation, p.p02.correlation, p.p03.correlation)
    let (r12, r13) = (p.p12.correlation, p.p13.correlation)
    let deviations = correlations.deviations
    let scale = deviations[i] * deviations[j]

    // c₃₄/q₃₄ as ½[σ₁σ₂(1 − ρ₃₄) − δ₁δ₂(1 + ρ₃₄)]/q₃₄ with σ and δ the sum and difference of ρ_m3 and ρ_m4: finite for z₄ → ±z₃.
    let contraction: Double
    if p.p23.isPerfect {
      contraction = 0
    } else {
      let sums = (p.p02.plus - p.p03.minus) * (p.p12.plus - p.p13.minus)
      let differences = (p.p03.minus - p.p02.minus) * (p.p13.minus - p.p12.minus)
      let ratio = (p.p23.minus / p.p23.plus).squareRoot()
      contraction = 0.5 * (sums * ratio - differences / ratio)
    }
    let angles =
      (p.p01.angle + p.p02.angle) + (p.p03.angle + p.p12.angle) + (p.p13.angle + p.p23.angle)
    let mixed =
      r01 * angles + contraction + p.p01.residual
      + (r02 * p.p12.residual + r12 * p.p02.residual) + (r03 * p.p13.residual + r13 * p.p03.residual)
    let square = linear * linear
    let value = square * square * r01 + mixedWeight * mixed
    if absoluteWeight == 0 { return scale * value }

    let absolute: Double
    if p.hasPerfect {
      absolute = reducedAbsolute(p, contraction: contraction)
    } else {
      let geometry = geometry(i, j, k, l)
      let a = geometry.angles
      let elementary =
        p.p01.residual * a[0] + (p.p02.residual * a[1] * r12 + p.p12.residual * a[3] * r02)
        + (p.p03.residual * a[2] * r13 + p.p13.residual * a[4] * r03) + a[5] * contraction
      absolute = elementary + (.pi * .pi / 4) * r01 * FourSignIntegral.evaluate(geometry)
    }
    return scale * (value + absoluteWeight * absolute)
  }

  /// ⟨σ′₁σ′₂σ′₃σ′₄⟩ = a⁴ + a²b² Σ_{i<j} 2φ_ij/π + b⁴ Q.
  ///
  /// - Precondition: inputs are in range.
  public func derivativeMoment(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Double {
    let p = pairs(i, j, k, l)
    let angles =
      (p.p01.angle + p.p02.angle) + (p.p03.angle + p.p12.angle) + (p.p13.angle + p.p23.angle)
    let square = linear * linear
    let value = square * square + mixedWeight * angles
    if absoluteWeight == 0 { return value }
    return value + absoluteWeight * (.pi * .pi / 4) * unitSigns(p, i, j, k, l)
  }

  /// (π²/4)⟨|z₁||z₂|s₃s₄⟩ of unit variables when two of them are ± each other.
  private func reducedAbsolute(_ p: SixPairs, contraction: Double) -> Double {
    // ⟨z₁|z₂|s₃⟩ = (2/π)(ρ₁₂φ₂₃ + ρ₁₃q₂₃).
    func mixed(_ p12: CorrelatedPair, _ p13: CorrelatedPair, _ p23: CorrelatedPair) -> Double {
      p12.correlation * p23.angle + p13.correlation * p23.residual
    }
    let reduced: Double
    if p.p23.isPerfect {
      // s₃s₄ = ±1.
      reduced = p.p23.sign * (p.p01.residual + p.p01.correlation * p.p01.angle)
    } else if p.p01.isPerfect {
      // |z₁||z₂| = ±z₁z₂.
      reduced = p.p01.sign * (p.p01.correlation * p.p23.angle + contraction)
    } else if p.p02.isPerfect {
      // |z₁|s₃ = ±z₁.
      reduced = p.p02.sign * mixed(p.p01, p.p03, p.p13)
    } else if p.p03.isPerfect {
      reduced = p.p03.sign * mixed(p.p01, p.p02, p.p12)
    } else if p.p12.isPerfect {
      reduced = p.p12.sign * mixed(p.p01, p.p13, p.p03)
    } else {
      reduced = p.p13.sign * mixed(p.p01, p.p12, p.p02)
    }
    return (.pi / 2) * reduced
  }
}
