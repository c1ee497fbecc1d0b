import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = e^z: ⟨σ₁σ₂⟩ = e^{½(k₁₁+k₂₂)+k₁₂} = ⟨σ′₁σ′₂⟩, v = 1 − exp(−½⟨(z₁ − z₂)²⟩).
public struct ExponentialDual: DualActivation {
  public init() {}

  public var source: Source { .gaussianIntegral }

  public func single(variance: Double) -> SingleMoments {
    let second = exp(2 * variance)
    return SingleMoments(
      mean: exp(variance / 2), second: second, derivativeSecond: second, errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let distance = pair.halfSquaredDistance
    return PairMoments(
      second1: exp(2 * pair.k11), second2: exp(2 * pair.k22), oneMinusCorrelation: -expm1(-distance),
      derivative: exp(pair.k11 + pair.k22 - distance), errorBound: closedFormErrorBound)
  }
}

extension Exponential: ClosedFormDual {
  /// e^(z + s) = e^s e^z.
  public func dual(shift: Double) -> (any DualActivation)? {
    shift == 0 ? ExponentialDual() : ScaledDual(ExponentialDual(), outputScale: Foundation.exp(shift))
  }
}
