import Foundation

/// The inverse of the standard normal's distribution function.
enum NormalQuantile {
  /// Φ(x).
  static func distribution(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// x with Φ(x) = p, for 0 < p <= ½.
  ///
  /// The starting value is formula 26.2.23 of Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964), good to
  /// 4.5e-4; two steps of Halley's method, which triple the digits, then reach double precision.
  static func lowerTail(_ p: Double) -> Double {
    let t = (-2 * log(p)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = numerator / denominator - t
    for _ in 0..<2 {
      let density = exp(-0.5 * x * x) * 0.398_942_280_401_432_7
      let step = (distribution(x) - p) / density
      x -= step / (1 + 0.5 * x * step)
    }
    return x
  }
}
