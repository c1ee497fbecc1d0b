import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = e^(−z²): ⟨σ₁σ₂⟩ = B^(−1/2), B = (1 + 2k₁₁)(1 + 2k₂₂) − 4k₁₂²; ⟨σ′₁σ′₂⟩ = 4k₁₂B^(−3/2).
///
/// v = 1 − (A/B²)^¼ with A = (1 + 4k₁₁)(1 + 4k₂₂) and B² − A = 4(k₁₁ − k₂₂)² + 8(1 + 2k₁₁ + 2k₂₂)w + 16w²,
/// w = k₁₁k₂₂u(2 − u), all positive.
public struct GaussianDual: DualActivation {
  public init() {}

  public var source: Source { .gaussianIntegral }

  public func single(variance: Double) -> SingleMoments {
    let b = 1 + 4 * variance
    return SingleMoments(
      mean: 1 / (1 + 2 * variance).squareRoot(), second: 1 / b.squareRoot(),
      derivativeSecond: 4 * variance / (b * b.squareRoot()), errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (q1, q2, u) = (pair.k11, pair.k22, pair.oneMinusCorrelation)
    let w = q1 * q2 * u * (2 - u)
    let sum = 1 + 2 * (q1 + q2)
    let b = sum + 4 * w
    let excess = 4 * (q1 - q2) * (q1 - q2) + 8 * sum * w + 16 * w * w
    let ratio = Swift.min(1, excess / b / b)
    let v =
      ratio < 0.5
      ? -expm1(0.25 * log1p(-ratio)) : 1 - (((1 + 4 * q1) / b) * ((1 + 4 * q2) / b)).squareRoot().squareRoot()
    return PairMoments(
      second1: 1 / (1 + 4 * q1).squareRoot(), second2: 1 / (1 + 4 * q2).squareRoot(), oneMinusCorrelation: v,
      derivative: 4 * pair.k12 / (b * b.squareRoot()), errorBound: closedFormErrorBound)
  }
}

extension GaussianBell: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { shift == 0 ? GaussianDual() : nil }
}
