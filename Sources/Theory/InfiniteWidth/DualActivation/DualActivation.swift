import OrreryAnalysis
import OrreryFindings

/// Gaussian expectations of one activation, for a single preactivation and for a pair: all that infinite width needs.
///
/// The dual of σ is the map from a Gaussian pair (k₁₁, k₂₂, 1 − c) to ⟨σ₁σ₂⟩; its derivative by k₁₂ is ⟨σ′₁σ′₂⟩ (Price's
/// theorem; A. Daniely, R. Frostig, Y. Singer, arXiv:1602.05897). One conforming type is one closed form or one method.
public protocol DualActivation: Sendable {
  /// The formula or method, and where it was published.
  var source: Source { get }
  /// Expectations over z ~ N(0, `variance`); a variance of 0 means z = 0.
  func single(variance: Double) -> SingleMoments
  /// Expectations over a pair.
  func pair(_ pair: GaussianPair) -> PairMoments
}

/// Expectations of σ over one preactivation z ~ N(0, K).
public struct SingleMoments: Hashable, Sendable {
  /// ⟨σ⟩.
  public var mean: Double
  /// ⟨σ²⟩.
  public var second: Double
  /// ⟨σ′²⟩; infinite where σ jumps.
  public var derivativeSecond: Double
  /// A bound on the relative error of `second` and `derivativeSecond`.
  public var errorBound: Double

  public init(mean: Double, second: Double, derivativeSecond: Double, errorBound: Double) {
    self.mean = mean
    self.second = second
    self.derivativeSecond = derivativeSecond
    self.errorBound = errorBound
  }
}

/// Expectations of σ over a pair of preactivations.
public struct PairMoments: Hashable, Sendable {
  /// ⟨σ₁²⟩.
  public var second1: Double
  /// ⟨σ₂²⟩.
  public var second2: Double
  /// v = 1 − ⟨σ₁σ₂⟩/√(⟨σ₁²⟩⟨σ₂²⟩), computed without cancellation for nearly equal inputs.
  public var oneMinusCorrelation: Double
  /// ⟨σ′₁σ′₂⟩ = ∂⟨σ₁σ₂⟩/∂k₁₂.
  public var derivative: Double
  /// A bound on the error of ⟨σ₁σ₂⟩ relative to √(⟨σ₁²⟩⟨σ₂²⟩), and of the derivative relative to its size at c = 1.
  public var errorBound: Double

  public init(
    second1: Double, second2: Double, oneMinusCorrelation: Double, derivative: Double, errorBound: Double
  ) {
    self.second1 = second1
    self.second2 = second2
    self.oneMinusCorrelation = Swift.min(2, Swift.max(0, oneMinusCorrelation))
    self.derivative = derivative
    self.errorBound = errorBound
  }

  /// ⟨σ₁σ₂⟩ = √(⟨σ₁²⟩⟨σ₂²⟩)(1 − v).
  public var product: Double { second1.squareRoot() * second2.squareRoot() * (1 - oneMinusCorrelation) }
}

/// The error bound of an elementary closed form in Double: a few dozen roundings.
package let closedFormErrorBound = 0x1p-47

/// v = 1 − ⟨σ₁σ₂⟩/√(⟨σ₁²⟩⟨σ₂²⟩) from the distance ⟨(σ₁ − σ₂)²⟩:
/// v = ½[⟨(σ₁ − σ₂)²⟩ − (√⟨σ₁²⟩ − √⟨σ₂²⟩)²]/√(⟨σ₁²⟩⟨σ₂²⟩).
package func oneMinusCorrelation(
  squaredDistance: Double, second1: Double, second2: Double, normDifference: Double? = nil
) -> Double {
  let (norm1, norm2) = (second1.squareRoot(), second2.squareRoot())
  guard norm1 > 0, norm2 > 0 else { return 1 }
  let difference = normDifference ?? (norm1 - norm2)
  return 0.5 * (squaredDistance - difference * difference) / (norm1 * norm2)
}
