import Foundation

/// Roots of functions of one variable: all those in an interval by scanning, each refined to a few units in the last
/// place.
///
/// ```swift
/// let found = try Roots.all(in: 1e-6...1e3, spacing: .logarithmic, samples: 400) { k in slope(k) }
/// for root in found.roots { print(root.value, root.error) }
/// for touch in found.touching { print("may touch zero near", touch.position) }
/// ```
public enum Roots {
  /// A root between two arguments at which the function has opposite signs.
  public struct Root: Hashable, Codable, Sendable {
    /// The argument with the smallest |f| met.
    public var value: Double
    /// The width of the last bracket: the root lies within it, f being continuous.
    public var error: Double
    /// f(value).
    public var residual: Double
  }

  /// A place where |f| has a local minimum without a change of sign: a double root, or none.
  public struct Touch: Hashable, Codable, Sendable {
    public var position: Double
    /// The smallest |f| found there, with its sign.
    public var value: Double
    /// Whether |f| there is zero as far as rounding tells: below 10⁻¹⁰ of its size at the neighbouring samples.
    public var isLikelyRoot: Bool
  }

  /// What a scan found.
  public struct ScanResult: Hashable, Codable, Sendable {
    public var roots: [Root]
    /// Local minima of |f| that may be double roots, or pairs of roots closer than the scan's spacing.
    public var touching: [Touch]
  }

  /// How a scan spaces its samples.
  public enum Spacing: String, Codable, Sendable {
    case linear
    /// Equal ratios; the interval must be positive.
    case logarithmic
  }

  /// The root in a bracket, by Brent's method.
  ///
  /// R. P. Brent, *Algorithms for Minimization Without Derivatives* (1973), ch. 4: inverse quadratic interpolation,
  /// secant or bisection, whichever is safe; never slower than bisection squared.
  ///
  /// - Parameters:
  ///   - interval: its ends must have values of opposite signs, or be a root.
  ///   - absoluteTolerance: a width of the bracket that is small enough; 0 asks for a few units in the last place.
  /// - Throws: ``RootError``.
  public static func bracketed(
    in interval: ClosedRange<Double>, absoluteTolerance: Double = 0, _ function: (Double) throws -> Double
  ) throws -> Root {
    var a = interval.lowerBound
    var b = interval.upperBound
    guard a.isFinite, b.isFinite else { throw RootError.unboundedInterval(lower: a, upper: b) }
    var fa = try evaluate(function, at: a)
    var fb = try evaluate(function, at: b)
    if fa == 0 { return Root(value: a, error: 0, residual: 0) }
    if fb == 0 { return Root(value: b, error: 0, residual: 0) }
    guard (fa < 0) != (fb < 0) else {
      throw RootError.notBracketed(lower: a, upper: b, lowerValue: fa, upperValue: fb)
    }
    var c = a
    var fc = fa
    var step = b - a
    var previousStep = step
    for _ in 0..<500 {
      if fc.magnitude < fb.magnitude {
        (a, b, c) = (b, c, b)
        (fa, fb, fc) = (fb, fc, fb)
      }
      let tolerance = b.magnitude.ulp + 0.5 * absoluteTolerance
      let half = 0.5 * (c - b)
      if half.magnitude <= tolerance || fb == 0 {
        return Root(value: b, error: fb == 0 ? b.magnitude.ulp : (c - b).magnitude, residual: fb)
      }
      if previousStep.magnitude >= tolerance, fa.magnitude > fb.magnitude {
        var (p, q) = interpolate(a: (a, fa), b: (b, fb), c: (c, fc), half: half)
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * half * q - (tolerance * q).magnitude, (previousStep * q).magnitude) {
          previousStep = step
          step = p / q
        } else {
          step = half
          previousStep = half
        }
      } else {
        step = half
        previousStep = half
      }
      a = b
      fa = fb
      b += step.magnitude > tolerance ? step : (half > 0 ? tolerance : -tolerance)
      fb = try evaluate(function, at: b)
      if (fb < 0) == (fc < 0) {
        (c, fc) = (a, fa)
        step = b - a
        previousStep = step
      }
    }
    return Root(value: b, error: (c - b).magnitude, residual: fb)
  }

  private static func interpolate(
    a: (Double, Double), b: (Double, Double), c: (Double, Double), half: Double
  ) -> (Double, Double) {
    let s = b.1 / a.1
    if a.0 == c.0 { return (2 * half * s, 1 - s) }
    let q = a.1 / c.1
    let r = b.1 / c.1
    return (s * (2 * half * q * (q - r) - (b.0 - a.0) * (r - 1)), (q - 1) * (r - 1) * (s - 1))
  }

  static func evaluate(_ function: (Double) throws -> Double, at x: Double) throws -> Double {
    let value = try function(x)
    guard !value.isNaN else { throw RootError.notANumber(argument: x) }
    return value
  }
}

/// Why no root was found.
public enum RootError: Error, Hashable, CustomStringConvertible {
  case notBracketed(lower: Double, upper: Double, lowerValue: Double, upperValue: Double)
  case notANumber(argument: Double)
  case unboundedInterval(lower: Double, upper: Double)
  case tooFewSamples(Int)
  case notPositive(lower: Double)

  public var description: String {
    switch self {
    case .notBracketed(let lower, let upper, let lowerValue, let upperValue):
      """
      The function has the same sign at \(lower) (\(lowerValue)) and at \(upper) (\(upperValue)); give an interval over \
      which it changes sign, or scan with Roots.all.
      """
    case .notANumber(let argument):
      "The function is not a number at \(argument); keep the interval where it is defined."
    case .unboundedInterval(let lower, let upper):
      "Roots are sought in a finite interval; this one goes from \(lower) to \(upper)."
    case .tooFewSamples(let count):
      "A scan takes at least 2 samples; \(count) were asked for."
    case .notPositive(let lower):
      "A logarithmic scan begins above 0; this one begins at \(lower). Raise it, or use linear spacing."
    }
  }
}
