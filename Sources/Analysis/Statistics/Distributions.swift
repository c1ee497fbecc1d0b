import Foundation

/// The distribution functions that tests of agreement need.
public enum Distributions {
  /// Φ(x), the probability that a standard normal variate is below x.
  public static func normalCumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// 1 − Φ(x), accurate in the far tail.
  public static func normalSurvival(_ x: Double) -> Double { 0.5 * erfc(x / 2.0.squareRoot()) }

  /// The x with Φ(x) = p; infinite at 0 and 1.
  ///
  /// P. J. Acklam's rational approximation (relative error 10⁻⁹), then two Halley steps on erfc.
  public static func normalQuantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if p > 0.5 { return -normalQuantile(1 - p) }
    var x = lowerQuantile(p)
    for _ in 0..<2 {
      let step = (normalCumulative(x) - p) * (2 * Double.pi).squareRoot() * exp(0.5 * x * x)
      x -= step / (1 + 0.5 * x * step)
    }
    return x
  }

  /// Acklam's approximation for p ≤ ½.
  private static func lowerQuantile(_ p: Double) -> Double {
    if p < 0.02425 {
      let q = (-2 * log(p)).squareRoot()
      let numerator = horner(
        q,
        [
          -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
          4.374664141464968e+00, 2.938163982698783e+00,
        ])
      return numerator
        / horner(
          q, [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1])
    }
    let q = p - 0.5
    let r = q * q
    let numerator = horner(
      r,
      [
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
        -3.066479806614716e+01, 2.506628277459239e+00,
      ])
    return numerator * q
      / horner(
        r,
        [
          -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
          -1.328068155288572e+01, 1,
        ])
  }

  private static func horner(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  /// The regularised lower incomplete gamma function P(a, x) = γ(a, x)/Γ(a), a > 0, x ≥ 0.
  public static func regularizedGammaP(_ a: Double, _ x: Double) -> Double {
    guard a > 0, x >= 0 else { return .nan }
    if x == 0 { return 0 }
    if x == .infinity { return 1 }
    return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
  }

  /// The regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), accurate where it is small.
  public static func regularizedGammaQ(_ a: Double, _ x: Double) -> Double {
    guard a > 0, x >= 0 else { return .nan }
    if x == 0 { return 1 }
    if x == .infinity { return 0 }
    return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
  }

  /// e^(−x) x^a / Γ(a+1), from logarithms for small a and Stirling's series about the peak for large a, where
  /// a log x − x − log Γ would cancel.
  private static func gammaPrefactor(_ a: Double, _ x: Double) -> Double {
    if a < 30 { return exp(a * log(x) - x - lgamma(a + 1)) }
    let d = (x - a) / a
    let stirling = 1 / (12 * a) - 1 / (360 * a * a * a) + 1 / (1260 * pow(a, 5)) - 1 / (1680 * pow(a, 7))
    return exp(-a * (d - log1p(d)) - stirling) / (2 * .pi * a).squareRoot()
  }

  /// P by its power series, for x < a + 1.
  private static func gammaSeries(_ a: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var n = a
    for _ in 0..<100_000 {
      n += 1
      term *= x / n
      sum += term
      if term < 0x1p-54 * sum { break }
    }
    return min(1, sum * gammaPrefactor(a, x))
  }

  /// Q by Legendre's continued fraction (modified Lentz), for x ≥ a + 1.
  private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var h = d
    for i in 1..<100_000 {
      let numerator = -Double(i) * (Double(i) - a)
      b += 2
      d = numerator * d + b
      if d.magnitude < tiny { d = tiny }
      c = b + numerator / c
      if c.magnitude < tiny { c = tiny }
      d = 1 / d
      let factor = d * c
      h *= factor
      if (factor - 1).magnitude < 0x1p-53 { break }
    }
    // Γ(a) Q = e^(−x) x^a h, and the prefactor has Γ(a + 1).
    return min(1, h * a * gammaPrefactor(a, x))
  }

  /// The probability that χ² with the given degrees of freedom exceeds a value: the p-value of a fit.
  public static func chiSquaredSurvival(_ chiSquared: Double, degreesOfFreedom: Int) -> Double {
    guard degreesOfFreedom > 0 else { return degreesOfFreedom == 0 && chiSquared >= 0 ? 1 : .nan }
    return regularizedGammaQ(0.5 * Double(degreesOfFreedom), 0.5 * chiSquared)
  }

  /// The probability that Fisher's F with the given degrees of freedom exceeds a value:
  /// I_x(½d₂, ½d₁) with x = d₂/(d₂ + d₁F).
  public static func fisherSurvival(_ ratio: Double, _ numerator: Int, _ denominator: Int) -> Double {
    guard numerator > 0, denominator > 0, ratio >= 0 else { return .nan }
    let (a, b) = (Double(denominator), Double(numerator) * ratio)
    return regularizedBeta(0.5 * Double(denominator), 0.5 * Double(numerator), a / (a + b), complement: b / (a + b))
  }

  /// The probability that noncentral F exceeds a value: Σ_j e^(−λ/2) (λ/2)^j/j! times the tail of beta with ½d₁ + j and ½d₂.
  ///
  /// It is the power of a test by F where the numerator's mean is shifted by √λ standard deviations. Absolute error 1e-13, and 1e-16 d ln d for
  /// very many degrees of freedom d, whose Γ functions cancel.
  ///
  /// - Parameter noncentrality: λ, 0 ≤ λ ≤ 1000.
  public static func noncentralFisherSurvival(
    _ ratio: Double, _ numerator: Int, _ denominator: Int, noncentrality: Double
  ) -> Double {
    guard numerator > 0, denominator > 0, ratio >= 0, (0...1000).contains(noncentrality) else { return .nan }
    let (a, b) = (Double(denominator), Double(numerator) * ratio)
    var (weight, left, sum) = (exp(-0.5 * noncentrality), 1.0, 0.0)
    var j = 0.0
    while left > 1e-14 {
      sum +=
        weight
        * regularizedBeta(0.5 * a, 0.5 * Double(numerator) + j, a / (a + b), complement: b / (a + b))
      left -= weight
      j += 1
      // Past the largest weight, what is left is less than what rounding leaves.
      if weight < 1e-17, j > 0.5 * noncentrality { break }
      weight *= 0.5 * noncentrality / j
    }
    return min(1, sum)
  }

  /// The noncentrality λ with which a test by F of a significance refutes with a probability.
  public static func noncentrality(
    ofPower power: Double, significance: Double, _ numerator: Int, _ denominator: Int
  ) -> Double {
    /// The first point from which a rising function is above 0.
    func rise(_ above: (Double) -> Bool) -> Double {
      var (low, high) = (0.0, 1.0)
      while !above(high), high < 1e6 { (low, high) = (high, 2 * high) }
      for _ in 0..<60 {
        let middle = 0.5 * (low + high)
        if above(middle) { high = middle } else { low = middle }
      }
      return high
    }
    let critical = rise { fisherSurvival($0, numerator, denominator) < significance }
    return rise {
      $0 > 1000 || noncentralFisherSurvival(critical, numerator, denominator, noncentrality: $0) > power
    }
  }

  /// The regularised incomplete beta function I_x(a, b), a, b > 0, 0 ≤ x ≤ 1, accurate where it is small.
  public static func regularizedBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    regularizedBeta(a, b, x, complement: 1 - x)
  }

  private static func regularizedBeta(_ a: Double, _ b: Double, _ x: Double, complement y: Double) -> Double {
    guard a > 0, b > 0, x >= 0, y >= 0 else { return .nan }
    if x == 0 || y == 0 { return x == 0 ? 0 : 1 }
    let prefactor = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y))
    // The fraction converges quickly below the mean.
    return x < (a + 1) / (a + b + 2)
      ? min(1, prefactor * betaFraction(a, b, x) / a) : 1 - min(1, prefactor * betaFraction(b, a, y) / b)
  }

  /// The continued fraction of I_x(a, b) (DLMF 8.17.22) by modified Lentz.
  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func bounded(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / bounded(1 - (a + b) * x / (a + 1))
    var h = d
    for m in 1..<100_000 {
      let k = Double(m)
      let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      d = 1 / bounded(1 + even * d)
      c = bounded(1 + even / c)
      h *= d * c
      let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      d = 1 / bounded(1 + odd * d)
      c = bounded(1 + odd / c)
      let factor = d * c
      h *= factor
      if (factor - 1).magnitude < 0x1p-53 { break }
    }
    return h
  }
}
