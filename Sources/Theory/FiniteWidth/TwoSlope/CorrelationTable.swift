import Foundation
import OrreryAnalysis

/// The covariance of zero-mean Gaussian preactivations z_α of many inputs, as standard deviations and correlated pairs:
/// everything that moments of up to four of them share.
///
/// ```swift
/// let table = try CorrelationTable(covariance: [1.0, 0.3, 0.3, 2.0], inputs: 2)
/// let relu = try TwoSlopeMoments(positive: 1, negative: 0, correlations: table)
/// let variance = relu.moment(0, 0, 1, 1) - 1.0 * 2.0 / 4   // ⟨σ₁²σ₂²⟩ − ⟨σ₁²⟩⟨σ₂²⟩
/// ```
///
/// Correlations of ±1 to within `perfect` (x and 2x, x and −x, an input given twice) are taken to be exactly ±1.
/// An input of variance 0 (a zero vector through layers without biases) counts as the limit of an input that shrinks:
/// uncorrelated with every other, perfectly correlated with another one of variance 0.
public struct CorrelationTable: Sendable {
  /// The number of inputs.
  public let inputs: Int
  /// √k_αα.
  package let deviations: [Double]
  /// Every pair, α × inputs + β.
  package let pairs: [CorrelatedPair]

  /// 1 − |c| below this is rounding of a covariance in double precision. Moments of signs feel 1 − c as (2/π)√(2(1 − c)),
  /// so that what is neglected is at most 10⁻⁷ in them, and some 10⁻¹⁴ in moments of σ alone.
  public static let standardPerfect = 0x1p-46

  /// - Parameters:
  ///   - covariance: k_αβ, row after row, inputs × inputs.
  ///   - perfect: the largest 1 − |c| that counts as a perfect correlation.
  /// - Throws: `TwoSlopeError` when a variance is negative, an element is not finite, the matrix is not symmetric, or
  ///   |k_αβ| > √(k_αα k_ββ) by more than 10⁻⁹. Larger minors are not looked at: moments of a matrix that is not positive
  ///   semidefinite are finite and meaningless.
  public init(covariance: [Double], inputs: Int, perfect: Double = standardPerfect) throws {
    try Self.check(covariance, name: "A covariance matrix", inputs: inputs)
    let variances = (0..<inputs).map { covariance[$0 * inputs + $0] }
    try self.init(variances: variances) { row, column in
      try Self.pair(
        covariance[row * inputs + column], variances[row], variances[column], row: row, column: column,
        perfect: perfect)
    }
  }

  /// The table from 1 − c, which keeps every digit of close pairs; only exact zeros count as perfect correlations, and
  /// 2 up to rounding.
  ///
  /// - Parameter oneMinusCorrelations: 1 − c_αβ, row after row, inputs × inputs; the diagonal is not read.
  /// - Throws: `TwoSlopeError`, as the other initializer.
  public init(variances: [Double], oneMinusCorrelations: [Double]) throws {
    try Self.check(oneMinusCorrelations, name: "A matrix of correlations", inputs: variances.count)
    let inputs = variances.count
    try self.init(variances: variances) { row, column in
      let minus = oneMinusCorrelations[row * inputs + column]
      guard minus >= 0, minus <= 2 else {
        throw TwoSlopeError.badCorrelation(row: row, column: column, correlation: 1 - minus)
      }
      let plus = 2 - minus
      return plus <= 0x1p-50 ? .opposite : CorrelatedPair(minus: minus, plus: plus)
    }
  }

  private init(variances: [Double], pair: (Int, Int) throws -> CorrelatedPair) throws {
    let inputs = variances.count
    for (input, variance) in variances.enumerated() where !(variance >= 0 && variance.isFinite) {
      throw TwoSlopeError.badVariance(input: input, value: variance)
    }
    var pairs = [CorrelatedPair](repeating: .equal, count: inputs * inputs)
    for row in 0..<inputs {
      for column in 0..<row {
        let value: CorrelatedPair =
          switch (variances[row] == 0, variances[column] == 0) {
          case (true, true): .equal
          case (false, false): try pair(row, column)
          default: .independent
          }
        pairs[row * inputs + column] = value
        pairs[column * inputs + row] = value
      }
    }
    self.inputs = inputs
    self.pairs = pairs
    deviations = variances.map { $0.squareRoot() }
  }

  /// The pair of inputs α and β, for functions of two preactivations.
  public func pair(_ first: Int, _ second: Int) -> GaussianPair {
    let pair = pairs[first * inputs + second]
    let (k11, k22) = (deviations[first] * deviations[first], deviations[second] * deviations[second])
    return pair.minus <= 1
      ? GaussianPair(k11: k11, k22: k22, oneMinusCorrelation: pair.minus)
      : GaussianPair(k11: k11, k22: k22, onePlusCorrelation: pair.plus)
  }

  private static func check(_ matrix: [Double], name: String, inputs: Int) throws {
    guard inputs >= 0, matrix.count == inputs * inputs else {
      throw TwoSlopeError.wrongCount(name: name, inputs: inputs, found: matrix.count)
    }
    for row in 0..<inputs {
      for column in 0..<row {
        let (lower, upper) = (matrix[row * inputs + column], matrix[column * inputs + row])
        guard lower.isFinite, upper.isFinite else {
          throw TwoSlopeError.nonFiniteCovariance(row: row, column: column)
        }
        guard lower == upper || abs(lower - upper) <= 1e-9 * max(abs(lower), abs(upper)) else {
          throw TwoSlopeError.notSymmetric(row: row, column: column)
        }
      }
    }
  }

  /// 1 − c² = (k₁₁k₂₂ − k₁₂²)/(k₁₁k₂₂) with the products' rounding errors kept (Kahan's difference of products), so that
  /// 1 − |c| has all digits that k₁₁, k₁₂ and k₂₂ give it.
  private static func pair(
    _ k12: Double, _ k11: Double, _ k22: Double, row: Int, column: Int, perfect: Double
  ) throws -> CorrelatedPair {
    let (s1, s2) = (k11.squareRoot(), k22.squareRoot())
    let c = k12 / s1 / s2
    guard abs(c) <= 1 + 1e-9 else { throw TwoSlopeError.badCorrelation(row: row, column: column, correlation: c) }
    let (product, square) = (k11 * k22, k12 * k12)
    var excess = (1 - c) * (1 + c)
    if product.isNormal, square.isNormal, product > 0x1p-900 {
      let productRest = (-product).addingProduct(k11, k22)
      let squareRest = (-square).addingProduct(k12, k12)
      excess = ((product - square) + (productRest - squareRest)) / product
    }
    let small = excess / (1 + abs(c))
    if small <= perfect { return c < 0 ? .opposite : .equal }
    return c < 0 ? CorrelatedPair(minus: 2 - small, plus: small) : CorrelatedPair(minus: small, plus: 2 - small)
  }
}
