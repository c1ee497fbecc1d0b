import Foundation
import OrreryAnalysis
import OrreryFindings

/// σ(z) = Σ_p c_p z^p, exactly, by its finite Hermite series: ⟨σ₁σ₂⟩ = Σ_j a_j(k₁₁) a_j(k₂₂) c^j.
///
/// a_j(K) = ⟨σ(√K u) He_j(u)⟩/√j! = Σ_{p = j, j+2, …} c_p K^{p/2} p!/(2^m m! √j!), m = (p − j)/2.
public struct PolynomialDual: DualActivation {
  /// c_0, c_1, …
  public let coefficients: [Double]
  private let derivativeCoefficients: [Double]

  public init(coefficients: [Double]) {
    self.coefficients = coefficients
    derivativeCoefficients = coefficients.indices.dropFirst().map { Double($0) * coefficients[$0] }
  }

  public var source: Source { .hermiteSeries }

  /// a_0(K), a_1(K), …
  public func hermiteCoefficients(variance: Double) -> [Double] { Self.hermite(coefficients, variance) }

  public func single(variance: Double) -> SingleMoments {
    let a = Self.hermite(coefficients, variance)
    let d = Self.hermite(derivativeCoefficients, variance)
    return SingleMoments(
      mean: a.first ?? 0, second: a.reduce(0) { $0 + $1 * $1 }, derivativeSecond: d.reduce(0) { $0 + $1 * $1 },
      errorBound: closedFormErrorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let a = Self.hermite(coefficients, pair.k11)
    let b = Self.hermite(coefficients, pair.k22)
    let (second1, second2) = (HermitePairSum.norm(a), HermitePairSum.norm(b))
    let d1 = Self.hermite(derivativeCoefficients, pair.k11)
    let d2 = Self.hermite(derivativeCoefficients, pair.k22)
    var derivative = 0.0
    var power = 1.0
    for j in d1.indices {
      derivative += d1[j] * d2[j] * power
      power *= pair.correlation
    }
    return PairMoments(
      second1: second1, second2: second2,
      oneMinusCorrelation: HermitePairSum.oneMinusCorrelation(
        a, b, second1: second1, second2: second2, before: pair.oneMinusCorrelation),
      derivative: derivative, errorBound: closedFormErrorBound * Double(Swift.max(1, a.count)))
  }

  private static func hermite(_ coefficients: [Double], _ variance: Double) -> [Double] {
    let root = variance.squareRoot()
    return coefficients.indices.map { j in
      var sum = 0.0
      // p!/(2^m m! √j!) from p = j, where it is √j!, by the ratio (p+2)(p+1)/(2(m+1)).
      var factor = (0..<j).reduce(1.0) { $0 * Double($1 + 1).squareRoot() * root }
      for (m, p) in stride(from: j, to: coefficients.count, by: 2).enumerated() {
        sum += coefficients[p] * factor
        factor *= Double((p + 2) * (p + 1)) / Double(2 * (m + 1)) * variance
      }
      return sum
    }
  }

  /// The coefficients of f(z + `shift`) given those of f.
  package static func shifted(_ coefficients: [Double], by shift: Double) -> [Double] {
    var result = [Double](repeating: 0, count: coefficients.count)
    // Horner: multiply by (z + shift), add the next coefficient.
    for coefficient in coefficients.reversed() {
      for p in result.indices.reversed() { result[p] = result[p] * shift + (p > 0 ? result[p - 1] : 0) }
      if !result.isEmpty { result[0] += coefficient }
    }
    return result
  }
}
