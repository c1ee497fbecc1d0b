import Foundation
import OrreryAnalysis
import OrreryTestSupport
import OrreryTheory
import Testing

/// The activation itself and slow ways to its moments that share nothing with the formulas under test.
struct TwoSlope: Sendable {
  let positive: Double
  let negative: Double

  static let relu = TwoSlope(positive: 1, negative: 0)
  static let leaky = TwoSlope(positive: 1, negative: 0.2)
  static let absolute = TwoSlope(positive: 1, negative: -1)
  static let all = [
    relu, leaky, absolute, TwoSlope(positive: 0.7, negative: 0.7), TwoSlope(positive: -0.4, negative: 1.3),
  ]

  func value(_ z: Double) -> Double { (z > 0 ? positive : negative) * z }
  func slope(_ z: Double) -> Double { z > 0 ? positive : z < 0 ? negative : 0.5 * (positive + negative) }

  func moments(_ table: CorrelationTable) throws -> TwoSlopeMoments {
    try TwoSlopeMoments(positive: positive, negative: negative, correlations: table)
  }

  /// ⟨σ(μ + τy)⟩ and ⟨σ′(μ + τy)⟩ for a standard normal y.
  func shifted(mean: Double, deviation: Double) -> (value: Double, slope: Double) {
    let (a, b) = (0.5 * (positive + negative), 0.5 * (positive - negative))
    let sign = deviation > 0 ? erf(mean / deviation / 2.0.squareRoot()) : mean > 0 ? 1 : mean < 0 ? -1 : 0
    let ratio = deviation > 0 ? mean / deviation : 0
    let density = deviation > 0 ? deviation * (2 / Double.pi).squareRoot() * exp(-ratio * ratio / 2) : 0
    return (a * mean + b * (mean * sign + density), a + b * sign)
  }
}

/// Four unit variables z_i = sign_i (λ_i x + √(1 − λ_i²) y_i) with one factor x in common: given x they are independent, so that
/// every moment is one integral over x.
struct OneFactor: Sendable, CustomTestStringConvertible {
  /// 1 − λ_i, and the signs.
  let gaps: [Double]
  let signs: [Double]

  var testDescription: String { "1 − λ = \(gaps), signs \(signs)" }

  func table() throws -> CorrelationTable {
    var minus: [Double] = []
    for i in gaps.indices {
      for j in gaps.indices {
        let close = gaps[i] + gaps[j] - gaps[i] * gaps[j]
        minus.append(i == j ? 0 : signs[i] * signs[j] > 0 ? close : 2 - close)
      }
    }
    return try CorrelationTable(variances: gaps.map { _ in 1 }, oneMinusCorrelations: minus)
  }

  /// ⟨Π_i f_i⟩ with f_i = σ′ where `derivative` says so, else σ.
  func moment(_ activation: TwoSlope, derivative: [Bool]) -> Estimate {
    let deviations = gaps.map { ($0 * (2 - $0)).squareRoot() }
    let scale = max(1e-12, zip(gaps, deviations).map { $1 / max(1e-9, 1 - $0) }.min()!)
    return GaussianExpectation.one(variance: 1, scale: min(1, scale)) { x in
      gaps.indices.reduce(1.0) { product, i in
        let moments = activation.shifted(mean: signs[i] * (1 - gaps[i]) * x, deviation: deviations[i])
        return product * (derivative[i] ? moments.slope : moments.value)
      }
    }
  }
}

/// Unit variables in a plane, z_i = r cos(ψ − α_i): moments are integrals over ψ, polynomials in cos and sin between kinks.
struct Planar: Sendable, CustomTestStringConvertible {
  let angles: [Double]

  var testDescription: String { "angles \(angles)" }

  func table() throws -> CorrelationTable {
    var minus: [Double] = []
    for first in angles {
      for second in angles {
        let half = sin(0.5 * (first - second))
        minus.append(2 * half * half)
      }
    }
    return try CorrelationTable(variances: angles.map { _ in 1 }, oneMinusCorrelations: minus)
  }

  func moment(_ activation: TwoSlope, derivative: [Bool]) -> Double {
    let turn = 2 * Double.pi
    let kinks: [Double] = angles.flatMap { [$0 + 0.5 * .pi, $0 - 0.5 * .pi] }
    let breaks = kinks.map { (kink: Double) -> Double in kink - turn * (kink / turn).rounded(.down) }.sorted()
    let rule = GaussLegendre.rule(20)
    var sum = 0.0
    for (left, right) in zip(breaks, breaks.dropFirst() + [breaks[0] + turn]) {
      let half = 0.5 * (right - left)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let angle = left + half * (1 + node)
        var product = half * weight
        for i in angles.indices {
          let z = cos(angle - angles[i])
          product *= derivative[i] ? activation.slope(z) : activation.value(z)
        }
        sum += product
      }
    }
    // ⟨r^p⟩ for p = 0, 2, 4.
    let radial = [1.0, 2, 8][derivative.count { !$0 } / 2]
    return radial * sum / turn
  }
}

/// X Xᵀ of random vectors, a covariance.
func randomCovariance(_ inputs: Int, dimension: Int, _ random: inout SplitMix) -> [Double] {
  let rows = (0..<inputs).map { _ in random.normals(dimension) }
  return rows.flatMap { first in rows.map { second in zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } } }
}
