import Foundation

/// The Kolmogorov–Smirnov test: does a sample come from a given continuous distribution?
///
/// Used on pulls, which are standard normal when errors are honest.
public struct KolmogorovSmirnov: Hashable, Codable, Sendable {
  /// The largest distance D between the sample's distribution function and the given one.
  public var statistic: Double
  /// The probability of a larger D if the sample is from the distribution.
  public var pValue: Double
  public var count: Int

  /// Tests a sample against a distribution function.
  ///
  /// - Precondition: the sample is not empty.
  public init(_ sample: [Double], cumulative: (Double) -> Double) {
    precondition(!sample.isEmpty, "A Kolmogorov–Smirnov test needs a sample; this one is empty.")
    let n = Double(sample.count)
    var distance = 0.0
    for (i, x) in sample.sorted().enumerated() {
      let value = cumulative(x)
      distance = max(distance, Double(i + 1) / n - value, value - Double(i) / n)
    }
    statistic = distance
    count = sample.count
    pValue = Self.survival(statistic: distance, count: sample.count)
  }

  /// Tests whether a sample is standard normal.
  public init(standardNormal sample: [Double]) { self.init(sample, cumulative: Distributions.normalCumulative) }

  /// P(D > statistic) for a sample of the given size: the limiting distribution at
  /// λ = D(√n + 0.12 + 0.11/√n), good to some 10⁻³ in p from n = 5 on.
  ///
  /// M. A. Stephens, J. R. Stat. Soc. B 32 (1970) 115.
  public static func survival(statistic: Double, count: Int) -> Double {
    let root = Double(count).squareRoot()
    return limitingSurvival(statistic * (root + 0.12 + 0.11 / root))
  }

  /// Kolmogorov's limiting survival function 2 Σ_{j≥1} (−1)^(j−1) e^(−2j²λ²).
  public static func limitingSurvival(_ lambda: Double) -> Double {
    guard lambda > 0 else { return 1 }
    if lambda < 1.18 {
      // The theta function's other form, which converges where this one does not.
      let y = exp(-Double.pi * Double.pi / (8 * lambda * lambda))
      let sum = y + pow(y, 9) + pow(y, 25) + pow(y, 49)
      return max(0, 1 - (2 * Double.pi).squareRoot() / lambda * sum)
    }
    let x = exp(-2 * lambda * lambda)
    return min(1, 2 * (x - pow(x, 4) + pow(x, 9) - pow(x, 16)))
  }
}
