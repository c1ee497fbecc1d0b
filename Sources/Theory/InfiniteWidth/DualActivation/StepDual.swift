import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = a for z > 0, b for z < 0: step (a = 1, b = 0) and sign (a = 1, b = −1), which jump at 0.
///
/// Step: ⟨σ₁σ₂⟩ = (π − θ)/2π, v = θ/π; sign: 1 − 2θ/π. ⟨σ′₁σ′₂⟩ = (a − b)²/(2π√(k₁₁k₂₂) sin θ), infinite at θ = 0, so
/// the NTK has no diagonal. Y. Cho, L. Saul, NIPS 2009 (arc-cosine kernel of order 0).
public struct StepDual: DualActivation {
  public let isSign: Bool

  public init(isSign: Bool) { self.isSign = isSign }

  public var source: Source { .arcCosine }

  public func single(variance: Double) -> SingleMoments {
    guard variance > 0 else {
      return SingleMoments(mean: 0, second: 0, derivativeSecond: .infinity, errorBound: closedFormErrorBound)
    }
    return SingleMoments(
      mean: isSign ? 0 : 0.5, second: isSign ? 1 : 0.5, derivativeSecond: .infinity, errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let jump = isSign ? 2.0 : 1.0
    return PairMoments(
      second1: single(variance: pair.k11).second, second2: single(variance: pair.k22).second,
      oneMinusCorrelation: jump * pair.angle / .pi,
      derivative: jump * jump / (2 * .pi * pair.scale * pair.residualDeviation), errorBound: closedFormErrorBound)
  }
}

extension Step: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { shift == 0 ? StepDual(isSign: false) : nil }
}

extension Sign: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { shift == 0 ? StepDual(isSign: true) : nil }
}
