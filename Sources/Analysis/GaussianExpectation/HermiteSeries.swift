import Foundation
import OrreryTensors

/// The expansion of f(√k u), u ~ N(0, 1), in normalised Hermite polynomials: a_j = ⟨f(√k u) He_j(u)⟩ / √(j!).
///
/// For two variables of variances k and k′ and correlation c it gives every pair expectation at once (Mehler):
///
///     ⟨f(z₁) g(z₂)⟩ = Σ_j a_j(k) b_j(k′) c^j.
///
/// ```swift
/// let series = HermiteSeries(variance: 1, order: 200) { tanh($0) }
/// let kernel = series.pairExpectation(with: series, correlation: 0.3)
/// ```
///
/// The polynomials come as Hermite functions ψ_j(u) = He_j(u) φ(u)^½ / √(j!), bounded by 1, from
///
///     ψ_{j+1} = (u ψ_j − √j ψ_{j−1}) / √(j+1),
///
/// so nothing overflows at any order; the other half φ^½ of the weight confines the integral to |u| < 13, or as far as
/// f φ^½ reaches.
/// What the series leaves out is known exactly: Σ_{j>J} a_j² = ⟨f²⟩ − Σ_{j≤J} a_j².
public struct HermiteSeries: Sendable, Hashable, Codable {
  /// The variance k.
  public let variance: Double
  /// a₀ … a_J.
  public let coefficients: [Double]
  /// An estimate of the largest absolute error of a coefficient.
  public let coefficientError: Double
  /// ⟨f²⟩ at this variance.
  public let secondMoment: Estimate

  /// J, the order of the last coefficient.
  public var order: Int { coefficients.count - 1 }

  /// A bound on Σ_{j>J} a_j²: what the second moment has that the coefficients have not, and their errors.
  public var tail: Double {
    let kept = coefficients.reversed().reduce(0) { $0 + $1 * $1 }
    let norm = kept.squareRoot() * Double(coefficients.count).squareRoot()
    return max(0, secondMoment.value - kept) + secondMoment.error + 2 * norm * coefficientError
  }

  /// The series of one function at one variance.
  ///
  /// - Parameters:
  ///   - variance: k ≥ 0; finite.
  ///   - order: J, the last coefficient.
  ///   - kinks: the values of z where f or a derivative of it jumps.
  ///   - scale: the length in z on which f has its structure.
  ///   - tolerance: the absolute error asked of a coefficient, relative to √⟨f²⟩.
  public init(
    variance: Double, order: Int, kinks: [Double] = [], scale: Double = 1, tolerance: Double = 1e-14,
    _ function: (Double) -> Double
  ) {
    self =
      Self.series(variances: [variance], order: order, kinks: kinks, scale: scale, tolerance: tolerance) {
        (nodes: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>) in
        for i in 0..<nodes.count { values[i] = function(nodes[i]) }
      }[0]
  }

  init(variance: Double, coefficients: [Double], coefficientError: Double, secondMoment: Estimate) {
    self.variance = variance
    self.coefficients = coefficients
    self.coefficientError = coefficientError
    self.secondMoment = secondMoment
  }

  /// ⟨f(z₁) g(z₂)⟩ for correlation c between −1 and 1; g is the other series' function at its variance.
  ///
  /// The error holds what both series leave out, at most |c|^(J+1) √(tail · tail′), and the coefficients' errors.
  public func pairExpectation(with other: HermiteSeries, correlation: Double) -> Estimate {
    sum(with: other) { j in pow(correlation, Double(j)) }
  }

  /// ⟨f(z₁) g(z₁′)⟩ at correlation 1 minus that at correlation c, from 1 − c: Σ a_j b_j (1 − c^j), which keeps its
  /// digits however small 1 − c is.
  ///
  /// - Precondition: 0 ≤ 1 − c ≤ 1.
  public func pairDeficit(with other: HermiteSeries, oneMinusCorrelation: Double) -> Estimate {
    precondition((0...1).contains(oneMinusCorrelation), "1 − c is in 0…1 here; got \(oneMinusCorrelation).")
    let logarithm = log1p(-oneMinusCorrelation)
    return sum(with: other) { j in j == 0 ? 0 : -expm1(Double(j) * logarithm) }
  }

  private func sum(with other: HermiteSeries, _ factor: (Int) -> Double) -> Estimate {
    let count = min(coefficients.count, other.coefficients.count)
    var value = 0.0
    var magnitude = 0.0
    var spread = 0.0
    for j in (0..<count).reversed() {
      let f = factor(j)
      let term = coefficients[j] * other.coefficients[j] * f
      value += term
      magnitude += term.magnitude
      spread += f.magnitude * (coefficients[j].magnitude + other.coefficients[j].magnitude)
    }
    let remainder = (tail(from: count) * other.tail(from: count)).squareRoot() * factor(count).magnitude
    let error = remainder + spread * max(coefficientError, other.coefficientError) + 0x1p-51 * magnitude
    return Estimate(value: value, error: error)
  }

  /// A bound on Σ_{j≥first} a_j².
  private func tail(from first: Int) -> Double { coefficients[first...].reduce(tail) { $0 + $1 * $1 } }
}
