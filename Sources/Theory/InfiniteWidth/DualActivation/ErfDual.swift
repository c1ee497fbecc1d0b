import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = erf(z): ⟨σ₁σ₂⟩ = (2/π) asin(r₁r₂c), r² = 2K/(1 + 2K); ⟨σ′₁σ′₂⟩ = (4/π)/√((1+2k₁₁)(1+2k₂₂) − 4k₁₂²).
///
/// C. K. I. Williams, NIPS 1996. For nearly equal inputs v is the sum of a radial part, the second logarithmic derivative
/// of asin, and an angular part, a difference of arc sines taken as one arc sine.
public struct ErfDual: DualActivation {
  public init() {}

  public var source: Source { .arcSine }

  public func single(variance: Double) -> SingleMoments {
    SingleMoments(
      mean: 0, second: 2 / .pi * asin(2 * variance / (1 + 2 * variance)),
      derivativeSecond: 4 / .pi / (1 + 4 * variance).squareRoot(), errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (q1, q2, c) = (pair.k11, pair.k22, pair.correlation)
    let u = pair.oneMinusCorrelation
    // p = 1 − r², so that nothing is lost when K is large.
    let (p1, p2) = (1 / (1 + 2 * q1), 1 / (1 + 2 * q2))
    let x = (2 * q1 * p1).squareRoot() * (2 * q2 * p2).squareRoot()
    // 1 − x² and 1 − (xc)² = (1 − x²) + x²u(2 − u).
    let gap = p1 + p2 - p1 * p2
    let wide = gap + x * x * u * (2 - u)
    let derivative = 4 / .pi * (p1 * p2 / wide).squareRoot()
    let (second1, second2) = (single(variance: q1).second, single(variance: q2).second)
    guard x > 0 else {
      return PairMoments(
        second1: second1, second2: second2, oneMinusCorrelation: 1, derivative: derivative,
        errorBound: closedFormErrorBound)
    }
    let norm = (asin(2 * q1 * p1) * asin(2 * q2 * p2)).squareRoot()
    let v: Double
    if u < 0.5 {
      let angular = asin(
        Swift.min(1, x * x * u * (2 - u) / (x * wide.squareRoot() + x * c * gap.squareRoot())))
      v = radialDefect(q1, q2, x: x, gap: gap, norm: norm) + angular / norm
    } else {
      v = 1 - asin(x * c) / norm
    }
    return PairMoments(
      second1: second1, second2: second2, oneMinusCorrelation: v, derivative: derivative,
      errorBound: closedFormErrorBound)
  }

  /// 1 − asin(r₁r₂)/√(asin r₁² asin r₂²). With f(y) = log asin(e^y), y = log r²: 1 − exp(f((y₁+y₂)/2) − ½f(y₁) − ½f(y₂)),
  /// for close y by f″ alone (the next term is (y₁ − y₂)² smaller).
  private func radialDefect(_ q1: Double, _ q2: Double, x: Double, gap: Double, norm: Double) -> Double {
    if q1 == q2 { return 0 }
    // y₁ − y₂ = log(q₁/q₂) − log((1+2q₁)/(1+2q₂)) = log(1 + (q₁−q₂)/(q₂(1+2q₁))).
    let difference = log1p((q1 - q2) / (q2 * (1 + 2 * q1)))
    guard Swift.abs(difference) < 3e-4 else { return 1 - asin(x) / norm }
    let root = gap.squareRoot()
    let angle = asin(x)
    let curvature = x / (angle * root) * (1 / gap - x / (root * angle))
    return -expm1(-0.125 * difference * difference * curvature)
  }
}

extension ErrorFunction: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { shift == 0 ? ErfDual() : nil }
}
