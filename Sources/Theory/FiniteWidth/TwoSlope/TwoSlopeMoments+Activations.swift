extension TwoSlopeMoments {
  /// ⟨σ₁σ₂σ₃σ₄⟩ of four inputs, in the units of the covariance squared:
  /// a⁴I₄ + a²b² Σ_{i<j} ⟨|z_i||z_j| z_k z_l⟩ + b⁴ ⟨|z₁z₂z₃z₄|⟩.
  ///
  /// - Precondition: inputs are in range.
  public func moment(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Double {
    let p = pairs(i, j, k, l)
    let (r01, r02, r03) = (p.p01.correlation, p.p02.correlation, p.p03.correlation)
    let (r12, r13, r23) = (p.p12.correlation, p.p13.correlation, p.p23.correlation)
    let isserlis = r01 * r23 + r02 * r13 + r03 * r12
    // q_ij e_ij of each pair.
    let t01 = p.p01.residual * (r23 + r02 * r03 + r12 * r13)
    let t02 = p.p02.residual * (r13 + r01 * r03 + r12 * r23)
    let t03 = p.p03.residual * (r12 + r01 * r02 + r13 * r23)
    let t12 = p.p12.residual * (r03 + r01 * r13 + r02 * r23)
    let t13 = p.p13.residual * (r02 + r01 * r12 + r03 * r23)
    let t23 = p.p23.residual * (r01 + r02 * r12 + r03 * r13)
    let angles =
      (p.p01.angle + p.p02.angle) + (p.p03.angle + p.p12.angle) + (p.p13.angle + p.p23.angle)
    let mixed = (t01 + t02) + (t03 + t12) + (t13 + t23) + isserlis * angles

    let square = linear * linear
    let deviations = correlations.deviations
    let scale = deviations[i] * deviations[j] * deviations[k] * deviations[l]
    var value = square * square * isserlis + mixedWeight * mixed
    if absoluteWeight == 0 { return scale * value }
    if p.hasPerfect {
      // |z_k||z_l| = ±z_k z_l leaves ⟨|z_i||z_j| z_k z_l⟩.
      let reduced =
        if p.p01.isPerfect {
          p.p01.sign * (t23 + p.p23.angle * isserlis)
        } else if p.p23.isPerfect {
          p.p23.sign * (t01 + p.p01.angle * isserlis)
        } else if p.p02.isPerfect {
          p.p02.sign * (t13 + p.p13.angle * isserlis)
        } else if p.p13.isPerfect {
          p.p13.sign * (t02 + p.p02.angle * isserlis)
        } else if p.p03.isPerfect {
          p.p03.sign * (t12 + p.p12.angle * isserlis)
        } else {
          p.p12.sign * (t03 + p.p03.angle * isserlis)
        }
      value += absoluteWeight * (.pi / 2) * reduced
    } else {
      let geometry = geometry(i, j, k, l)
      let a = geometry.angles
      let elementary =
        geometry.volume + (t01 * a[0] + t02 * a[1]) + (t03 * a[2] + t12 * a[3]) + (t13 * a[4] + t23 * a[5])
      let signs = FourSignIntegral.evaluate(geometry)
      value += absoluteWeight * (elementary + (.pi * .pi / 4) * isserlis * signs)
    }
    return scale * value
  }
}
