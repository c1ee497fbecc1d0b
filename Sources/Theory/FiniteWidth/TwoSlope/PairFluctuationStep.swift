import Foundation

/// The recursion of a ``PairFluctuation`` from layer ℓ to ℓ + 1.
struct PairFluctuationStep: Sendable {
  let functions: TwoSlopePairFunctions
  let step: FiniteWidthStep
  /// k₁₁ and k₂₂ of layer ℓ.
  let before: (Double, Double)
  /// Θ_12 of layer ℓ.
  let theta: Double

  private var weight: Double { step.weightVariance }
  /// √(k₁₁k₂₂).
  private var scale: Double { before.0.squareRoot() * before.1.squareRoot() }

  /// The derivatives of Ω_12 = λ_Wσ₁σ₂ + C_WΘ_12σ′₁σ′₂'s mean by u, v and c.
  private func response(_ pair: CorrelatedPair) -> SIMD3<Double> {
    let product = scale * functions.unitProduct(pair)
    return SIMD3(
      step.weightRate * product, -0.5 * step.weightRate * product,
      step.weightRate * scale * functions.unitSlopes(pair) + weight * theta * functions.firstOfSlopes(pair))
  }

  /// C_WΘ times what the pair's fluctuation adds to the mean of σ′₁σ′₂, and C_W times its correlation with the NTK.
  func slopeShift(_ x: PairFluctuation) -> Double {
    let (first, second) = (functions.firstOfSlopes(x.pair), functions.secondOfSlopes(x.pair))
    return weight * theta * (first * x.effectiveShift.z + 0.5 * second * x.effectiveCovariance.c.z)
      + weight * first * (x.withTangent.z + x.ofWeightsWithTangent.z)
  }

  /// (𝓞⊗𝓞)V + 2π𝓞D of the pair with itself.
  func carriedVariance(_ x: PairFluctuation) -> Double {
    let o = response(x.pair)
    return (o * x.covariance(o)).sum() + 2 * weight * functions.unitSlopes(x.pair) * (o * x.withTangent).sum()
  }

  /// The pair of layer ℓ + 1.
  ///
  /// - Parameter after: k₁₁ and k₂₂ there.
  func next(_ x: PairFluctuation, after: (Double, Double)) -> PairFluctuation {
    guard after.0 > 0, after.1 > 0 else { return PairFluctuation(pair: .independent) }
    let bias = step.biasVariance
    let (i1, i2) = (1 / after.0.squareRoot(), 1 / after.1.squareRoot())
    let (r1, r2) = (before.0.squareRoot() * i1, before.1.squareRoot() * i2)
    // Differences between the two inputs by that of their kernels.
    let gap = before.0 - before.1
    let gain = weight * functions.meanSquareSlope
    let inverseGap = -gain * gap * i1 * i2 / (after.0.squareRoot() + after.1.squareRoot())
    let common = bias * i1 * i1 * i2 * i2
    let rootGap = r1 + r2 > 0 ? common * gap / (r1 + r2) : 0

    var result = PairFluctuation(pair: x.pair)
    let rule = AlikePairNodes(positive: functions.positive, negative: functions.negative, x.pair)
    let values = rule.nodes.map { node in
      (first: r1 * node.first, second: r2 * node.second, e: rootGap * node.first + r2 * node.difference)
    }
    // ⟨R²⟩ = 2 is in these.
    var (distance, sum) = (bias * inverseGap * inverseGap, bias * (i1 + i2) * (i1 + i2))
    for (node, value) in zip(rule.nodes, values) {
      distance += 2 * weight * node.weight * value.e * value.e
      sum += 2 * weight * node.weight * (value.first + value.second) * (value.first + value.second)
    }
    result.pair = CorrelatedPair(minus: min(2, distance / 2), plus: min(2, sum / 2))

    var (own, mean, crossed, squared) = (PairCovariance(), SIMD3<Double>(), SIMD3<Double>(), SIMD3<Double>())
    var (ofProduct, ofSlopes) = (0.0, 0.0)
    for (node, value) in zip(rule.nodes, values) {
      let g =
        weight
        * PairFluctuation.direction(value.first, value.second, difference: value.e, minus: result.pair.minus)
      own.add(g, weight: 8 * node.weight)
      mean += 2 * node.weight * g
      let product = scale * node.first * node.second
      crossed += 8 * node.weight * step.weightRate * product * g
      squared += 2 * node.weight * weight * theta * node.slopes * g
      ofProduct += 2 * node.weight * product
      ofSlopes += node.weight * node.slopes
    }
    var noise = own
    noise.add(mean, weight: -1)
    crossed += squared - (step.weightRate * ofProduct + weight * theta * ofSlopes) * mean

    // The Jacobian's rows, from (u, v, c) to (u′, v′, c′).
    let (b1, b2, between) = (bias * i1 * i1, bias * i2 * i2, bias * i1 * i2)
    let (a1, a2) = (gain * r1 * r1, gain * r2 * r2)
    let minus = result.pair.minus
    let bySecond = 0.5 * bias * i2 * (-inverseGap - minus * i2)
    let byBoth = 0.5 * bias * (inverseGap * inverseGap - minus * (i1 * i1 + i2 * i2))
    let byCorrelation = weight * r1 * r2 * functions.unitSlopes(x.pair)
    let rows = (
      SIMD3(a1, 0, 0), SIMD3(gain * common * gap, a2, 0), SIMD3(byBoth, -bySecond, byCorrelation)
    )
    func map(_ y: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3((rows.0 * y).sum(), (rows.1 * y).sum(), (rows.2 * y).sum())
    }
    func passed(_ x: PairCovariance) -> PairCovariance {
      let half = PairCovariance(u: x(rows.0), v: x(rows.1), c: x(rows.2))
      return PairCovariance(u: map(half.u), v: map(half.v), c: map(half.c))
    }
    let p = x.covariance
    result.covariance = noise + step.ratio * passed(p)
    result.withTangent =
      crossed
      + step.ratio * map(p(response(x.pair)) + weight * functions.unitSlopes(x.pair) * x.withTangent)
    result.ofWeights = step.excessKurtosis / 3 * own
    result.ofWeightsWithTangent = step.excessKurtosis * squared

    // Means: c′ as a function of ln k₁₁, ln k₂₂, c to second order, and what the new layer's own noise does.
    let (q, m) = (x.effectiveCovariance, x.effectiveShift)
    let c = result.pair.correlation
    let byFirst = byBoth - bySecond
    let f11 = 0.5 * (byFirst * b1 - a1 * (c * b1 - 0.5 * between))
    let f22 = 0.5 * (bySecond * b2 - a2 * (c * b2 - 0.5 * between))
    let f12 = 0.5 * (bySecond * b1 + 0.5 * a2 * between)
    let bent =
      0.5 * (f11 * q.first + f22 * q.second) + f12 * q.mixed
      + 0.5 * byCorrelation * (b1 * q.c.x + b2 * (q.c.x - q.c.y))
      + 0.5 * weight * r1 * r2 * functions.firstOfSlopes(x.pair) * q.c.z
    // A covariance of kernels bends u, v, c once more in the new layer; what weights add to a mean is not one there.
    let absent = passed(x.ofWeights)
    result.shift = SIMD3(
      step.ratio * (a1 * m.x + 0.5 * a1 * b1 * q.first + 0.5 * absent.first) - 0.5 * noise.first,
      step.ratio * (a2 * m.y + 0.5 * a2 * b2 * q.second + 0.5 * absent.second) - 0.5 * noise.second,
      step.ratio
        * (byFirst * m.x + bySecond * m.y + byCorrelation * m.z + bent - PairFluctuation.secondOrder(absent, c))
        + PairFluctuation.secondOrder(noise, c))
    return result
  }
}

extension TwoSlopePairFunctions {
  /// ⟨σ₁σ₂⟩ of unit variables.
  func unitProduct(_ pair: CorrelatedPair) -> Double {
    linearSquare * pair.correlation
      + 2 / .pi * absoluteSquare * (pair.residual + pair.correlation * pair.angle)
  }

  /// ⟨σ′₁σ′₂⟩, which is also d⟨σ₁σ₂⟩/dc of unit variables.
  func unitSlopes(_ pair: CorrelatedPair) -> Double {
    linearSquare + 2 / .pi * absoluteSquare * pair.angle
  }

  /// d⟨σ′₁σ′₂⟩/dc = 2b²/(πq); 0 for a perfect correlation, which stays one.
  func firstOfSlopes(_ pair: CorrelatedPair) -> Double {
    pair.residual > 0 ? 2 / .pi * absoluteSquare / pair.residual : 0
  }

  /// d²⟨σ′₁σ′₂⟩/dc² = 2b²c/(πq³).
  func secondOfSlopes(_ pair: CorrelatedPair) -> Double {
    pair.residual > 0
      ? 2 / .pi * absoluteSquare * pair.correlation / (pair.residual * pair.residual * pair.residual) : 0
  }
}
