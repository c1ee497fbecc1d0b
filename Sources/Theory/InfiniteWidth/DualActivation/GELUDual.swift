import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = zΦ(z), with f = K/(1 + K), E² = (1 − f₁)(1 − f₂), r = √(f₁f₂) c, g = 1/√(1 − r²):
///
///     ⟨σ₁σ₂⟩ = {r[¼ + asin(r)/2π] + g f₁f₂[1 − c² + (2 − f₁ − f₂)c²]/2π}/E
///     ⟨σ′₁σ′₂⟩ = ¼ + {asin r + r g(2 − f₁ − f₂ + E²g²)}/2π  (with 1 − h = 2 − f₁ − f₂)
///
/// R. Tsuchida et al., arXiv:2002.08517, rearranged so that neither a small nor a large K costs digits. For nearly equal inputs
/// ⟨σ₁σ₂⟩(1) − ⟨σ₁σ₂⟩(c) = √(k₁₁k₂₂)∫_c^1 ⟨σ′₁σ′₂⟩ dc, on Gauss–Legendre panels in arccos c.
public struct GELUDual: DualActivation {
  public init() {}

  public var source: Source { .geluDual }

  public func single(variance: Double) -> SingleMoments {
    let p = 1 / (1 + variance)
    let f = variance * p
    // 1 − r² with r = f: (1 − f)(1 + f).
    let gap = p * (1 + f)
    return SingleMoments(
      mean: variance * (p / (2 * .pi)).squareRoot(), second: Self.second(f, f, p, p, oneMinusCorrelation: 0, gap: gap),
      derivativeSecond: Self.derivative(f, f, p, p, r: f, gap: gap), errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (q1, q2, u) = (pair.k11, pair.k22, pair.oneMinusCorrelation)
    let (p1, p2) = (1 / (1 + q1), 1 / (1 + q2))
    let (f1, f2) = (q1 * p1, q2 * p2)
    let (second1, second2) = (single(variance: q1).second, single(variance: q2).second)
    let norm = second1.squareRoot() * second2.squareRoot()
    let product = f1 * f2
    let r = product.squareRoot() * pair.correlation
    // 1 − r² = (1 − f₁f₂) + f₁f₂ u(2 − u), and 1 − f₁f₂ = p₁ + p₂ − p₁p₂.
    let edge = p1 + p2 - p1 * p2
    let gap = edge + product * u * (2 - u)
    let derivative = Self.derivative(f1, f2, p1, p2, r: r, gap: gap)
    let v: Double
    if norm == 0 {
      v = 1
    } else if u > 1e-2 {
      v = 1 - Self.second(f1, f2, p1, p2, oneMinusCorrelation: u, gap: gap) / norm
    } else {
      let top = product.squareRoot()
      let angular = integralOverAngle(pair.angle, width: (edge / product).squareRoot()) { sine in
        let cosine = (1 - sine * sine).squareRoot()
        return Self.derivative(f1, f2, p1, p2, r: top * cosine, gap: edge + product * sine * sine)
      }
      v =
        radialDefect(
          q1, q2, product: Self.second(f1, f2, p1, p2, oneMinusCorrelation: 0, gap: edge), norm: norm,
          value: { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) },
          slope: { 0.5 * erfc(-$0 / 2.0.squareRoot()) + $0 * exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() })
        + pair.scale * angular / norm
    }
    return PairMoments(
      second1: second1, second2: second2, oneMinusCorrelation: v, derivative: derivative,
      errorBound: closedFormErrorBound)
  }

  private static func second(
    _ f1: Double, _ f2: Double, _ p1: Double, _ p2: Double, oneMinusCorrelation u: Double, gap: Double
  ) -> Double {
    let g = 1 / gap.squareRoot()
    let r = (f1 * f2).squareRoot() * (1 - u)
    let angle = atan2(r, gap.squareRoot())
    let positive = f1 * f2 * (u * (2 - u) + (p1 + p2) * (1 - u) * (1 - u))
    let bracket = r * (0.25 + angle / (2 * .pi)) + g * positive / (2 * .pi)
    return bracket / (p1.squareRoot() * p2.squareRoot())
  }

  private static func derivative(
    _ f1: Double, _ f2: Double, _ p1: Double, _ p2: Double, r: Double, gap: Double
  ) -> Double {
    let g = 1 / gap.squareRoot()
    let angle = atan2(r, gap.squareRoot())
    return 0.25 + (angle + r * g * (p1 + p2 + p1 * p2 / gap)) / (2 * .pi)
  }
}

/// ∫₀^θ f(sin φ) sin φ dφ = ∫_c^1 f dc for θ < π/2, on Gauss–Legendre panels that double from `width`, the length on
/// which f varies.
package func integralOverAngle(_ angle: Double, width: Double, _ integrand: (Double) -> Double) -> Double {
  let rule = GaussLegendre.rule(16)
  var sum = 0.0
  var (lower, upper) = (0.0, Swift.min(angle, width))
  while lower < angle {
    let half = 0.5 * (upper - lower)
    for (node, weight) in zip(rule.distancesFromLeft, rule.weights) {
      let sine = sin(lower + half * node)
      sum += half * weight * sine * integrand(sine)
    }
    (lower, upper) = (upper, Swift.min(angle, 3 * upper))
  }
  return sum
}

/// 1 − ⟨σ₁σ₂⟩/√(⟨σ₁²⟩⟨σ₂²⟩) at c = 1 for two variances: half the squared distance of the normalised functions
/// σ(√k u). For close variances (δk)²/2 [⟨(∂_k σ)²⟩/⟨σ²⟩ − (⟨σ∂_kσ⟩/⟨σ²⟩)²] at the middle, ∂_kσ = zσ′/2k.
///
/// - Parameters:
///   - product: ⟨σ₁σ₂⟩ at c = 1.
///   - norm: √(⟨σ₁²⟩⟨σ₂²⟩).
package func radialDefect(
  _ q1: Double, _ q2: Double, product: Double, norm: Double, value: (Double) -> Double, slope: (Double) -> Double
) -> Double {
  if q1 == q2 { return 0 }
  let middle = 0.5 * (q1 + q2)
  let relative = (q1 - q2) / middle
  guard Swift.abs(relative) < 3e-4 else { return Swift.max(0, 1 - product / norm) }
  let moments = GaussianExpectation.one(variance: middle, components: 3) { z, values in
    let (s, d) = (value(z), z * slope(z))
    values[0] = s * s
    values[1] = s * d
    values[2] = d * d
  }
  let (second, mixed, squared) = (moments[0].value, moments[1].value, moments[2].value)
  return 0.125 * relative * relative * Swift.max(0, squared / second - (mixed / second) * (mixed / second))
}

extension GELU: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { shift == 0 ? GELUDual() : nil }
}
