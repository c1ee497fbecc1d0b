import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import Synchronization

/// A smooth activation without a closed form, by the Hermite series ⟨σ₁σ₂⟩ = Σ_j a_j(k₁₁) a_j(k₂₂) c^j.
///
/// a_j(K) = ⟨σ(√K u) h_j(u)⟩ with orthonormal h_j = He_j/√j!. What the first J terms leave out is at most |c|^J times
/// √(T(k₁₁)T(k₂₂)), T(K) = ⟨σ²⟩ − Σ_{j<J} a_j²: the certified tail. Coefficients fall like exp(−√(2j) d/√K), d the
/// distance of the nearest pole, so a large K needs many; where |c|^J does not help either, quadrature takes over.
///
/// A. Daniely, R. Frostig, Y. Singer, arXiv:1602.05897; R. P. Boas, "Entire functions", for the decay.
public struct HermiteDual: DualActivation {
  public let function: ActivationFunction
  /// The activation is z ↦ function(z + shift).
  public let shift: Double
  /// The number of terms beyond which quadrature is cheaper.
  package static let termLimit = 512
  /// The relative tail at which the series is cut.
  package static let tailTolerance = 1e-14

  public init(_ function: ActivationFunction, shift: Double = 0) {
    self.function = function
    self.shift = shift
  }

  public var source: Source { .hermiteSeries }

  public func single(variance: Double) -> SingleMoments {
    QuadratureDual(function, shift: shift).single(variance: variance)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let single1 = single(variance: pair.k11)
    let single2 = pair.k22 == pair.k11 ? single1 : single(variance: pair.k22)
    var terms = 48
    while terms <= Self.termLimit {
      if let moments = series(pair, single1, single2, terms: terms) { return moments }
      terms = terms * 3 / 2
    }
    return QuadratureDual(function, shift: shift).pair(pair)
  }

  /// The series cut after `terms`, or nil if its tail is too large.
  private func series(
    _ pair: GaussianPair, _ single1: SingleMoments, _ single2: SingleMoments, terms: Int
  ) -> PairMoments? {
    let table = HermiteTable.cached(terms: terms, largestVariance: Swift.max(pair.k11, pair.k22), shift: shift)
    let a = coefficients(table, variance: pair.k11, derivative: 0)
    let d1 = coefficients(table, variance: pair.k11, derivative: 1)
    let isEqual = pair.k22 == pair.k11
    let b = isEqual ? a : coefficients(table, variance: pair.k22, derivative: 0)
    let d2 = isEqual ? d1 : coefficients(table, variance: pair.k22, derivative: 1)
    let power = pow(Swift.abs(pair.correlation), Double(terms))
    let tails = (
      HermitePairSum.tail(a, second: single1.second), HermitePairSum.tail(b, second: single2.second),
      HermitePairSum.tail(d1, second: single1.derivativeSecond),
      HermitePairSum.tail(d2, second: single2.derivativeSecond)
    )
    // A tail that rounding hides may still be as large as rounding.
    func bound(_ first: Double, _ second: Double) -> Double {
      (Swift.max(first, HermitePairSum.negligibleTail) * Swift.max(second, HermitePairSum.negligibleTail)).squareRoot()
    }
    // Nearly equal inputs need v to relative accuracy: what is left out must be nothing, or small beside it.
    if pair.oneMinusCorrelation < 1e-3, tails.0 + tails.1 > 0 {
      guard bound(tails.0, tails.1) <= 1e-9 * pair.oneMinusCorrelation else { return nil }
    }
    let tail = power * (bound(tails.0, tails.1) + bound(tails.2, tails.3))
    guard tail <= Self.tailTolerance else { return nil }
    var derivative = 0.0
    for j in (0..<terms).reversed() { derivative = derivative * pair.correlation + d1[j] * d2[j] }
    return PairMoments(
      second1: single1.second, second2: single2.second,
      oneMinusCorrelation: HermitePairSum.oneMinusCorrelation(
        a, b, second1: single1.second, second2: single2.second, before: pair.oneMinusCorrelation),
      derivative: derivative, errorBound: tail + single1.errorBound + single2.errorBound + closedFormErrorBound)
  }

  private func coefficients(_ table: HermiteTable, variance: Double, derivative order: Int) -> [Double] {
    let root = variance.squareRoot()
    return table.project { function.derivative(order, at: root * $0 + shift) }
  }
}

/// Nodes u_k on the line with weights h_j(u_k) φ(u_k) du: projects functions of a unit Gaussian on orthonormal Hermite
/// polynomials h_0 … h_{J−1}.
///
/// The trapezoid rule on |u| ≤ 13 for the smooth part; where √K u needs a finer step than h_J does, u = s sinh t with
/// s = 1/√K spends the nodes about u = 0, where the activation has its structure.
package struct HermiteTable: Sendable {
  package let terms: Int
  package let nodes: [Double]
  /// Row k holds the weighted polynomials at node k: shape (nodes, terms).
  package let weights: [Double]

  private struct Key: Hashable {
    var terms: Int
    var variance: Double
    var shift: Double
  }
  private static let tables = Mutex<[Key: HermiteTable]>([:])

  /// A table that serves all variances up to `largestVariance`; tables are kept, one for each power of two.
  ///
  /// - Parameter shift: where the activation has its structure, in units of z.
  package static func cached(terms: Int, largestVariance: Double, shift: Double) -> HermiteTable {
    let variance = Foundation.exp2(Foundation.log2(Swift.max(1, largestVariance)).rounded(.up))
    let key = Key(terms: terms, variance: variance, shift: Swift.abs(shift).rounded(.up))
    if let table = tables.withLock({ $0[key] }) { return table }
    let table = HermiteTable(terms: terms, largestVariance: variance, shift: key.shift)
    tables.withLock { $0[key] = table }
    return table
  }

  package init(terms: Int, largestVariance: Double, shift: Double = 0) {
    self.terms = terms
    let scale = 1 / Swift.max(1, largestVariance).squareRoot()
    let end = asinh(Self.halfWidth / scale)
    // The rule resolves √J + 9 oscillations of h_J φ at the outermost and 37 e-foldings to the activation's poles.
    let fine = 0.09 / (1 + shift * shift / 9).squareRoot()
    let step = Swift.min(fine, 2 * .pi / ((Double(terms).squareRoot() + 12) * 6.5))
    let count = Int((end / step).rounded(.up))
    let spacing = end / Double(count)
    var nodes: [Double] = []
    var weights: [Double] = []
    weights.reserveCapacity((2 * count + 1) * terms)
    for k in -count...count {
      let t = Double(k) * spacing
      let u = scale * sinh(t)
      nodes.append(u)
      var previous = 0.0
      var current = spacing * scale * cosh(t) * exp(-0.5 * u * u) / (2 * Double.pi).squareRoot()
      for j in 0..<terms {
        weights.append(current)
        (previous, current) = (
          current, (u * current - Double(j).squareRoot() * previous) / Double(j + 1).squareRoot()
        )
      }
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// Half the width in standard deviations: e^(−u²/4), the size of h_j φ at the ends, is 4·10⁻¹⁹.
  static let halfWidth = 13.0

  /// ⟨f(u) h_j(u)⟩ for j < J.
  package func project(_ function: (Double) -> Double) -> [Double] {
    var result = [Double](repeating: 0, count: terms)
    weights.withUnsafeBufferPointer { weights in
      for (k, u) in nodes.enumerated() {
        let value = function(u)
        for j in 0..<terms { result[j] += value * weights[k &* terms &+ j] }
      }
    }
    return result
  }
}
