import OrreryAnalysis

/// The two-point functions of a two-slope activation as functions of the covariance: S = ⟨σ₁σ₂⟩, S′ = ⟨σ′₁σ′₂⟩ and ⟨σ₁σ′₂⟩, with
/// the derivatives that linear response and the mean corrections of order 1/n are made of.
///
/// With a = (a₊ + a₋)/2, b = (a₊ − a₋)/2, correlation c = sin φ, q = √(1 − c²) and Δ = √(k₁₁k₂₂) q:
///
/// - S = a²k₁₂ + (2b²/π)(Δ + k₁₂φ); ∂S/∂k₁₂ = S′ = a² + (2b²/π)φ; ∂S/∂k₁₁ = ½⟨σ″₁σ₂⟩ = (b²/π) Δ/k₁₁;
/// - ⟨σ₁σ′₂⟩ = ab√(2/π)(√k₁₁ + k₁₂/√k₂₂); ⟨∂₂(σ₁σ′₂)⟩ = ⟨σ₁σ″₂⟩ = (2b²/π) Δ/k₂₂.
///
/// Derivatives of S to second order are Gaussian expectations of up to four derivatives of σ₁σ₂, those of σ″ as
/// distributions: δ⟨f⟩ = ½Σ_ab ⟨∂_a∂_b f⟩ δk_ab.
///
/// Second derivatives grow like 1/q for c → ±1 (those of S′ like 1/q³): S has √(1 − |c|)³ in it. For a perfect correlation,
/// c = ±1 exactly (x and 2x), finite width keeps the pair perfectly correlated, and so do these functions: derivatives are those along
/// k₁₁k₂₂ = k₁₂², where S = (a² ± b²)k₁₂ is linear and S′ = a² ± b² constant. One input with itself is a function of its k alone:
/// the functions of `variance`. A variable of variance 0 keeps it, and derivatives with respect to its variance are given as 0.
///
/// These derivatives times covariances of k₁₁, k₁₂, k₂₂ that are known to 1e-16 leave errors of 1e-16/q and, of S′, 1e-16/q³; alike
/// inputs have recursions of their own for that, ``PairFluctuation``.
///
/// Values have an error of some 10⁻¹⁶ relative to √(k₁₁k₂₂), derivatives relative to themselves, for the pair as given. Pairs from
/// ``CorrelationTable/pair(_:_:)`` have correlations of ±1 up to rounding made exact.
///
/// Source: Y. Cho, L. Saul, NIPS 2009 (the kernels); R. Price, IRE Trans. Inf. Theory 4 (1958) 69 (derivatives).
public struct TwoSlopePairFunctions: Hashable, Sendable {
  public let positive: Double
  public let negative: Double
  /// a² and b².
  let linearSquare: Double
  let absoluteSquare: Double
  /// ab.
  private let product: Double

  /// - Throws: `TwoSlopeError.badSlopes` when a slope is not finite.
  public init(positive: Double, negative: Double) throws {
    guard positive.isFinite, negative.isFinite else {
      throw TwoSlopeError.badSlopes(positive: positive, negative: negative)
    }
    self.positive = positive
    self.negative = negative
    let (a, b) = (0.5 * positive + 0.5 * negative, 0.5 * positive - 0.5 * negative)
    (linearSquare, absoluteSquare, product) = (a * a, b * b, a * b)
  }

  /// A₂ = ½(a₊² + a₋²) = a² + b².
  public var meanSquareSlope: Double { linearSquare + absoluteSquare }

  /// S = ⟨σ₁σ₂⟩.
  public func activations(_ pair: GaussianPair) -> PairExpansion {
    let at = Point(pair)
    let weight = absoluteSquare / .pi
    var result = PairExpansion(
      value: linearSquare * at.k12 + 2 * weight * at.scale * (at.residual + at.correlation * at.angle))
    result.g12 = derivativeValue(at)
    guard at.scale > 0, at.residual > 0, weight > 0 else { return result }
    let (q, c) = (at.residual, at.correlation)
    result.g11 = weight * q * at.s2 / at.s1
    result.g22 = weight * q * at.s1 / at.s2
    result.h1212 = 2 * weight / (at.scale * q)
    result.h1122 = 0.5 * weight / (at.scale * q)
    result.h1112 = -weight * c / (at.k11 * q)
    result.h1222 = -weight * c / (at.k22 * q)
    // ½/q − q = (2c² − 1)/(2q).
    let shared = weight * (c * c - 0.5) / q
    result.h1111 = shared * at.s2 / (at.k11 * at.s1)
    result.h2222 = shared * at.s1 / (at.k22 * at.s2)
    return result
  }

  /// S′ = ⟨σ′₁σ′₂⟩.
  public func derivatives(_ pair: GaussianPair) -> PairExpansion {
    let at = Point(pair)
    let weight = absoluteSquare / .pi
    var result = PairExpansion(value: derivativeValue(at))
    guard at.scale > 0, at.residual > 0, weight > 0 else { return result }
    let (q, c) = (at.residual, at.correlation)
    result.g12 = 2 * weight / (at.scale * q)
    result.g11 = -weight * c / (at.k11 * q)
    result.g22 = -weight * c / (at.k22 * q)
    let cubed = weight / (q * q * q)
    result.h1212 = 2 * cubed * c / (at.scale * at.scale)
    result.h1122 = 0.5 * cubed * c / (at.scale * at.scale)
    result.h1112 = -cubed / (at.k11 * at.scale)
    result.h1222 = -cubed / (at.k22 * at.scale)
    let shared = cubed * c * (q * q + 0.5)
    result.h1111 = shared / (at.k11 * at.k11)
    result.h2222 = shared / (at.k22 * at.k22)
    return result
  }

  /// ⟨σ₁σ′₂⟩ and the expectations of its derivatives.
  ///
  /// For one input with itself take `mixed(variance:)`; for perfectly correlated inputs the two agree, the derivative in z₂ being 0.
  public func mixed(_ pair: GaussianPair) -> MixedPairMoments {
    let at = Point(pair)
    let second = at.scale > 0 ? 2 * absoluteSquare / .pi * at.residual * at.s1 / at.s2 : 0
    return MixedPairMoments(
      value: product * (2 / Double.pi).squareRoot() * at.s1 * (1 + at.correlation), first: derivativeValue(at),
      second: second)
  }

  /// ⟨σ²⟩ = A₂k of one input.
  public func activations(variance k: Double) -> PairExpansion {
    PairExpansion(value: meanSquareSlope * k, first: meanSquareSlope, second: 0)
  }

  /// ⟨σ′²⟩ = A₂ of one input.
  public func derivatives(variance _: Double) -> PairExpansion {
    PairExpansion(value: meanSquareSlope, first: 0, second: 0)
  }

  /// ⟨σσ′⟩ = 2ab√(2k/π) of one input, and ⟨(σσ′)′⟩ = ⟨σ′²⟩ + ⟨σσ″⟩ = A₂.
  public func mixed(variance k: Double) -> (value: Double, derivative: Double) {
    (2 * product * (2 * k / Double.pi).squareRoot(), meanSquareSlope)
  }

  private func derivativeValue(_ at: Point) -> Double { linearSquare + 2 / Double.pi * absoluteSquare * at.angle }

  /// A pair as the formulas want it.
  private struct Point {
    let k11: Double
    let k22: Double
    let k12: Double
    let s1: Double
    let s2: Double
    let scale: Double
    let correlation: Double
    let residual: Double
    let angle: Double

    init(_ pair: GaussianPair) {
      let unit = CorrelatedPair(minus: pair.oneMinusCorrelation, plus: pair.onePlusCorrelation)
      (k11, k22) = (pair.k11, pair.k22)
      (s1, s2) = (pair.k11.squareRoot(), pair.k22.squareRoot())
      scale = s1 * s2
      correlation = unit.correlation
      k12 = unit.correlation * scale
      residual = unit.residual
      angle = unit.angle
    }
  }
}
