import Foundation

/// The kernel of two inputs: k₁₁, k₂₂ and 1 − c with c = k₁₂/√(k₁₁k₂₂).
///
/// 1 − c is carried instead of k₁₂, so that close inputs keep their digits.
public struct PairKernel: Hashable, Sendable {
  /// k₁₁.
  public var first: Double
  /// k₂₂.
  public var second: Double
  /// 1 − c, between 0 and 2.
  public var oneMinusCorrelation: Double

  public init(first: Double, second: Double, oneMinusCorrelation: Double) {
    self.first = first
    self.second = second
    self.oneMinusCorrelation = oneMinusCorrelation
  }

  /// c.
  public var correlation: Double { 1 - oneMinusCorrelation }
  /// k₁₂.
  public var cross: Double { first.squareRoot() * second.squareRoot() * correlation }
  /// The mean of |z − z′|²/(|z||z′|) less that of the norms' own difference: 2(1 − c) for equal norms.
  public var relativeDifference: Double {
    let scale = first.squareRoot() * second.squareRoot()
    guard scale > 0 else { return 0 }
    let norms = first.squareRoot() - second.squareRoot()
    return (2 * oneMinusCorrelation + norms * norms / scale).squareRoot()
  }
}

/// Gaussian expectations of an activation over two correlated preactivations.
public struct PairExpectation: Hashable, Sendable {
  /// ⟨σ₁²⟩.
  public var first: Double
  /// ⟨σ₂²⟩.
  public var second: Double
  /// ½⟨(σ₁ − σ₂)²⟩ = ½⟨σ₁²⟩ + ½⟨σ₂²⟩ − ⟨σ₁σ₂⟩, with its own relative precision for close inputs.
  public var halfSquaredDifference: Double
  /// ⟨σ′₁σ′₂⟩.
  public var slopes: Double

  public init(first: Double, second: Double, halfSquaredDifference: Double, slopes: Double) {
    self.first = first
    self.second = second
    self.halfSquaredDifference = halfSquaredDifference
    self.slopes = slopes
  }

  /// ⟨σ₁σ₂⟩.
  public var cross: Double { (first + second) / 2 - halfSquaredDifference }
}

/// A way to find ``PairExpectation``: quadrature here, closed forms and series elsewhere in Theory.
public protocol PairIntegrator: Sendable {
  func expectation(at pair: PairKernel) -> PairExpectation
}

extension PairExpectation {
  /// The next layer's kernel of the pair: K₁₂′ = C_b + C_W⟨σ₁σ₂⟩ and the same for k₁₁, k₂₂.
  ///
  /// With g = √(k₁₁′k₂₂′), g(1 − c′) = C_W ½⟨(σ₁ − σ₂)²⟩ − ½(√k₁₁′ − √k₂₂′)².
  public func next(weightVariance: Double, biasVariance: Double) -> PairKernel {
    let k11 = biasVariance + weightVariance * first
    let k22 = biasVariance + weightVariance * second
    let scale = k11.squareRoot() * k22.squareRoot()
    let norms = k11.squareRoot() - k22.squareRoot()
    let difference = weightVariance * halfSquaredDifference - norms * norms / 2
    return PairKernel(
      first: k11, second: k22, oneMinusCorrelation: scale > 0 ? min(max(difference / scale, 0), 2) : 0)
  }
}
