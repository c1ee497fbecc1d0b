import Foundation

/// What the moments of two-slope activations need of one pair of unit Gaussian variables of correlation c, computed once.
///
/// 1 − c and 1 + c are carried apart, each with its own digits where it is small; the angle φ is an arctangent of
/// two accurate sides, not an arcsine of c.
package struct CorrelatedPair: Hashable, Sendable {
  /// 1 − c.
  package var minus: Double
  /// 1 + c.
  package var plus: Double
  /// c.
  package var correlation: Double
  /// √(1 − c²).
  package var residual: Double
  /// φ = asin c, so that ⟨sgn z₁ sgn z₂⟩ = 2φ/π.
  package var angle: Double

  /// - Precondition: both are in [0, 2] and add up to 2 up to rounding.
  package init(minus: Double, plus: Double) {
    self.minus = minus
    self.plus = plus
    correlation = minus < 1 ? 1 - minus : plus - 1
    residual = (minus * plus).squareRoot()
    angle = atan2(correlation, residual)
  }

  /// Uncorrelated variables.
  package static let independent = CorrelatedPair(minus: 1, plus: 1)
  /// z₂ = z₁.
  package static let equal = CorrelatedPair(minus: 0, plus: 2)
  /// z₂ = −z₁.
  package static let opposite = CorrelatedPair(minus: 2, plus: 0)

  /// Whether one variable is ± the other.
  @inline(__always) package var isPerfect: Bool { minus == 0 || plus == 0 }
  /// The sign of a perfect correlation.
  @inline(__always) package var sign: Double { correlation < 0 ? -1 : 1 }
  /// How far the pair is from a perfect correlation of either sign: 1 − |c|.
  @inline(__always) package var distance: Double { min(minus, plus) }
}
