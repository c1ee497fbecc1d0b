import OrreryNetworks

/// z = b + Wh: K′ = C_b + C_W⟨hh⟩, Θ′ = (λ_b + λ_W⟨hh⟩) + C_W Θ.
///
/// With g = √(C_W⟨h²⟩/K′) and b = √(C_b/K′), so that g² + b² = 1, the new 1 − c′ = ½(g₁ − g₂)² + ½(b₁ − b₂)² + g₁g₂(1 − c):
/// a sum of positive terms.
extension Dense: KernelPropagating {
  public func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState {
    guard scales.count == 2 else { throw InfiniteWidthError.wrongScaleCount(expected: 2, found: scales.count) }
    let scales = DenseScales(
      weightVariance: scales[0].variance, biasVariance: scales[1].variance, weightRate: scales[0].rate,
      biasRate: scales[1].rate)
    return state.mappingPairs(isGaussian: true) { variance, _ in
      let mixing = BiasMixing(second: variance, scales)
      return (mixing, mixing.variance, 0)
    } pair: { first, second, pair in
      (
        BiasMixing.oneMinusCorrelation(first, second, before: pair.oneMinusCorrelation),
        pair.tangent.map { scales.biasRate + scales.weightRate * pair.kernel + scales.weightVariance * $0 }
      )
    }
  }
}

/// How much of a preactivation's variance comes from weights and how much from the bias, for one sample.
package struct BiasMixing: Sendable {
  /// K′ = C_b + C_W⟨h²⟩.
  package let variance: Double
  /// √(C_W⟨h²⟩/K′).
  package let weightShare: Double
  /// √(C_b/K′).
  package let biasShare: Double

  package init(second: Double, _ scales: DenseScales) {
    let weights = scales.weightVariance * second
    variance = scales.biasVariance + weights
    guard variance > 0 else {
      (weightShare, biasShare) = (1, 0)
      return
    }
    weightShare = (weights / variance).squareRoot()
    biasShare = (scales.biasVariance / variance).squareRoot()
  }

  /// 1 − c′ of two samples, from 1 − c of the signal before the weights.
  package static func oneMinusCorrelation(_ first: BiasMixing, _ second: BiasMixing, before v: Double) -> Double {
    let (g, b) = (first.weightShare - second.weightShare, first.biasShare - second.biasShare)
    return Swift.min(2, 0.5 * (g * g + b * b) + first.weightShare * second.weightShare * v)
  }
}
