import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// σ(z) = sin(z + φ): ⟨σ₁σ₂⟩ = ½[e^−(m−k) − cos 2φ e^−(m+k)], m = ½(k₁₁ + k₂₂), k = k₁₂; cos is φ = π/2.
///
/// ⟨σ′₁σ′₂⟩ = ½[e^−(m−k) + cos 2φ e^−(m+k)]. With φ = π/4 this is the Gaussian (RBF) kernel: A. Rahimi, B. Recht, NIPS
/// 2007. v comes from ⟨(σ₁ − σ₂)²⟩ = (1 − e^−e)(1 + cos 2φ e^(e−2m)) − ½cos 2φ (e^−k₁₁ − e^−k₂₂)², e = m − k.
public struct SineDual: DualActivation {
  /// φ in radians.
  public let phase: Double
  /// cos 2φ.
  package let doubled: Double

  public init(phase: Double) {
    self.phase = phase
    // cos 2φ, exactly −1 for the cosine and 0 at π/4.
    doubled = phase == .pi / 2 ? -1 : (phase == .pi / 4 ? 0 : cos(2 * phase))
  }

  public var source: Source { .trigonometricDual }

  public func single(variance: Double) -> SingleMoments {
    SingleMoments(
      mean: sin(phase) * exp(-variance / 2), second: second(variance),
      derivativeSecond: 0.5 * (1 + doubled) + 0.5 * doubled * expm1(-2 * variance), errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (q1, q2) = (pair.k11, pair.k22)
    let distance = pair.halfSquaredDistance
    let near = exp(-distance)
    let far = exp(distance - (q1 + q2))
    let (second1, second2) = (second(q1), second(q2))
    let v: Double
    if distance < 0.5 {
      // e^−q₂ − e^−q₁ and its like by expm1, from q₁ − q₂ = (√q₁ − √q₂)(√q₁ + √q₂).
      let gap = Swift.abs(q1 - q2)
      let least = Swift.min(q1, q2)
      let difference = exp(-least) * expm1(-gap)
      let squared = -expm1(-distance) * (1 + doubled * far) - 0.5 * doubled * difference * difference
      let norms = second1.squareRoot() + second2.squareRoot()
      let normDifference = norms > 0 ? 0.5 * doubled * exp(-2 * least) * expm1(-2 * gap) / norms : 0
      v = oneMinusCorrelation(
        squaredDistance: squared, second1: second1, second2: second2, normDifference: normDifference)
    } else {
      let norm = second1.squareRoot() * second2.squareRoot()
      v = norm > 0 ? 1 - 0.5 * (near - doubled * far) / norm : 1
    }
    return PairMoments(
      second1: second1, second2: second2, oneMinusCorrelation: v, derivative: 0.5 * (near + doubled * far),
      errorBound: closedFormErrorBound)
  }

  /// ½(1 − cos 2φ e^−2K), written so that a small K costs no digits.
  private func second(_ variance: Double) -> Double {
    0.5 * (1 - doubled) - 0.5 * doubled * expm1(-2 * variance)
  }
}

extension Sine: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { SineDual(phase: shift) }
}

extension Cosine: ClosedFormDual {
  public func dual(shift: Double) -> (any DualActivation)? { SineDual(phase: .pi / 2 + shift) }
}
