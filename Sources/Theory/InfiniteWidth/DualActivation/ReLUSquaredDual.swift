import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = max(z, 0)²: ⟨σ₁σ₂⟩ = k₁₁k₂₂[3 sin θ cos θ + (π − θ)(1 + 2cos²θ)]/2π.
///
/// v = [2(π − θ)sin²θ + 3(θ − sin θ cos θ)]/3π, a sum of positive terms;
/// ⟨σ′₁σ′₂⟩ = (2/π)√(k₁₁k₂₂)[sin θ + (π − θ)cos θ]. Y. Cho, L. Saul, NIPS 2009 (arc-cosine kernel of order 2).
public struct ReLUSquaredDual: DualActivation {
  public init() {}

  public var source: Source { .arcCosine }

  public func single(variance: Double) -> SingleMoments {
    SingleMoments(
      mean: variance / 2, second: 1.5 * variance * variance, derivativeSecond: 2 * variance,
      errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (angle, sine, cosine) = (pair.angle, pair.residualDeviation, pair.correlation)
    return PairMoments(
      second1: 1.5 * pair.k11 * pair.k11, second2: 1.5 * pair.k22 * pair.k22,
      oneMinusCorrelation: (2 * (.pi - angle) * sine * sine + 3 * (angle - sine * cosine)) / (3 * .pi),
      derivative: 2 / .pi * pair.scale * (sine + (.pi - angle) * cosine), errorBound: closedFormErrorBound)
  }
}

extension ReLUSquared: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { shift == 0 ? ReLUSquaredDual() : nil }
}
