import Foundation

extension Roots {
  /// All roots in an interval: the function is sampled, each change of sign refined, and each local minimum of |f|
  /// without one followed to its bottom, where a pair of close roots or a double root would be.
  ///
  /// A scan can miss two roots that lie between neighbouring samples unless |f| dips there; take enough samples for the
  /// function's structure.
  ///
  /// - Parameters:
  ///   - samples: the number of arguments at which the function is sampled, both ends included; at least 2.
  /// - Throws: ``RootError``, or what the function throws.
  public static func all(
    in interval: ClosedRange<Double>, spacing: Spacing = .linear, samples: Int = 200,
    _ function: (Double) throws -> Double
  ) throws -> ScanResult {
    let x = try grid(interval, spacing, samples)
    let f = try x.map { try evaluate(function, at: $0) }
    var result = ScanResult(roots: [], touching: [])
    for i in x.indices {
      if f[i] == 0 {
        result.roots.append(Root(value: x[i], error: x[i].magnitude.ulp, residual: 0))
        continue
      }
      if i + 1 < x.count, f[i + 1] != 0, (f[i] < 0) != (f[i + 1] < 0) {
        result.roots.append(try bracketed(in: x[i]...x[i + 1], function))
      }
      guard i > 0, i + 1 < x.count, f[i - 1] != 0, f[i + 1] != 0 else { continue }
      let hasOneSign = (f[i] < 0) == (f[i - 1] < 0) && (f[i] < 0) == (f[i + 1] < 0)
      guard hasOneSign, f[i].magnitude <= f[i - 1].magnitude, f[i].magnitude < f[i + 1].magnitude else { continue }
      try follow(x[i - 1]...x[i + 1], sign: f[i] < 0 ? -1 : 1, scale: f[i - 1].magnitude, function, into: &result)
    }
    result.roots.sort { $0.value < $1.value }
    return result
  }

  /// Goes to the bottom of a dip of sign · f; a change of sign on the way gives two roots, none a touch.
  private static func follow(
    _ interval: ClosedRange<Double>, sign: Double, scale: Double, _ function: (Double) throws -> Double,
    into result: inout ScanResult
  ) throws {
    let bottom = try Minimum.bracketed(in: interval) { sign * (try evaluate(function, at: $0)) }
    if bottom.value < 0 {
      result.roots.append(try bracketed(in: interval.lowerBound...bottom.position, function))
      result.roots.append(try bracketed(in: bottom.position...interval.upperBound, function))
    } else {
      result.touching.append(
        Touch(position: bottom.position, value: sign * bottom.value, isLikelyRoot: bottom.value <= 1e-10 * scale))
    }
  }

  private static func grid(_ interval: ClosedRange<Double>, _ spacing: Spacing, _ samples: Int) throws -> [Double] {
    let (lower, upper) = (interval.lowerBound, interval.upperBound)
    guard lower.isFinite, upper.isFinite else { throw RootError.unboundedInterval(lower: lower, upper: upper) }
    guard samples >= 2 else { throw RootError.tooFewSamples(samples) }
    if lower == upper { return [lower] }
    let last = Double(samples - 1)
    var x: [Double]
    switch spacing {
    case .linear: x = (0..<samples).map { lower + (upper - lower) * (Double($0) / last) }
    case .logarithmic:
      guard lower > 0 else { throw RootError.notPositive(lower: lower) }
      let ratio = log(upper / lower)
      x = (0..<samples).map { lower * exp(ratio * (Double($0) / last)) }
    }
    x[0] = lower
    x[samples - 1] = upper
    return x
  }
}
