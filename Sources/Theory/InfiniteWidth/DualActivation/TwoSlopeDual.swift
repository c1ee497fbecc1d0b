import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = a₊z for z > 0, a₋z otherwise: linear, ReLU, leaky ReLU, |z|.
///
/// With A₂ = ½(a₊² + a₋²) and κ = (a₊ − a₋)²/(2π A₂): ⟨σ²⟩ = A₂K, v = u − κ(sin θ − θ cos θ), ⟨σ′₁σ′₂⟩ = A₂(1 − κθ).
/// Y. Cho, L. Saul, NIPS 2009 (the arc-cosine kernel of order 1), for any two slopes.
public struct TwoSlopeDual: DualActivation {
  public let positive: Double
  public let negative: Double

  public init(positive: Double, negative: Double) {
    self.positive = positive
    self.negative = negative
  }

  /// A₂ = ½(a₊² + a₋²).
  public var meanSquareSlope: Double { 0.5 * (positive * positive + negative * negative) }
  /// κ = (a₊ − a₋)²/(2πA₂): 1/π for ReLU, 2/π for |z|, 0 for linear.
  package var kinkStrength: Double {
    let jump = positive - negative
    return meanSquareSlope > 0 ? jump * jump / (2 * .pi * meanSquareSlope) : 0
  }

  public var source: Source { .arcCosine }

  public func single(variance: Double) -> SingleMoments {
    SingleMoments(
      mean: (positive - negative) * (variance / (2 * .pi)).squareRoot(), second: meanSquareSlope * variance,
      derivativeSecond: meanSquareSlope, errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (angle, u) = (pair.angle, pair.oneMinusCorrelation)
    return PairMoments(
      second1: meanSquareSlope * pair.k11, second2: meanSquareSlope * pair.k22,
      // θ³/3 at small angles, with an error of θ·2⁻⁵³: u = θ²/2 keeps the angle's digits.
      oneMinusCorrelation: u - kinkStrength * (pair.residualDeviation - angle * (1 - u)),
      derivative: meanSquareSlope * (1 - kinkStrength * angle), errorBound: closedFormErrorBound)
  }
}

// A line is a polynomial too; as a leaky ReLU or as two slopes it keeps the angles of the family.

extension LeakyReLU: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? {
    shift == 0 ? TwoSlopeDual(positive: 1, negative: slope) : nil
  }
}

extension TwoSlope: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? {
    shift == 0 ? TwoSlopeDual(positive: positive, negative: negative) : nil
  }
}
