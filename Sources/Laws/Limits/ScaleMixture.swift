import Foundation

/// Outputs of a random network: Gaussians that share a random variance Ĝ, here of finitely many values.
///
/// m outputs have the density p_m(z) = Σ_k w_k (2πĜ_k)^(−m/2) exp(−|z|²/2Ĝ_k), a function of r = |z| alone, so that entropies are integrals
/// over r: by the trapezoid rule in ln r, whose error falls exponentially with the inverse of the step.
package struct ScaleMixture: Sendable {
  /// w_k, adding up to 1.
  package var weights: [Double]
  /// Ĝ_k > 0.
  package var variances: [Double]

  /// The log-normal law of mean 1: Var ln Ĝ = s².
  package init(logVariance: Double) {
    let step = 0.1
    let nodes = (-90...90).map { Double($0) * step }
    let deviation = logVariance.squareRoot()
    let densities = nodes.map { exp(-$0 * $0 / 2) }
    let total = densities.reduce(0, +)
    weights = densities.map { $0 / total }
    variances = nodes.map { exp(deviation * $0 - logVariance / 2) }
  }

  /// A shifted log-normal law of mean 1 with the given variance and third cumulant: Ĝ = 1 − b + b e^{sx − s²/2}, x ~ N(0, 1), with
  /// b²(w − 1) = v and b³(w − 1)²(w + 2) = κ₃, w = e^{s²}. Values at or below 0, which are many deviations away, are left out.
  ///
  /// - Precondition: both positive.
  package init(relativeVariance v: Double, thirdCumulant: Double) {
    let ratio = thirdCumulant / (v * v)
    // (w + 2)²(w − 1) = v ratio², whose left side rises with w.
    var (low, high) = (1.0, 1 + v * ratio * ratio)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if (middle + 2) * (middle + 2) * (middle - 1) < v * ratio * ratio { low = middle } else { high = middle }
    }
    let scale = (low + 2) / ratio
    self.init(logVariance: log(low))
    let kept = variances.indices.filter { 1 - scale + scale * variances[$0] > 0 }
    let total = kept.reduce(0) { $0 + weights[$1] }
    (weights, variances) = (
      kept.map { weights[$0] / total }, kept.map { 1 - scale + scale * variances[$0] }
    )
  }

  /// A sample's law: runs of equal size, each stood for by two values with its mean and its variance.
  ///
  /// - Parameter sorted: positive, in ascending order.
  package init(sorted: [Double], runs: Int = 100) {
    weights = []
    variances = []
    let count = min(runs, sorted.count)
    for run in 0..<count {
      let (lower, upper) = (run * sorted.count / count, (run + 1) * sorted.count / count)
      let part = sorted[lower..<upper]
      let size = Double(part.count)
      let mean = part.reduce(0, +) / size
      let deviation = (part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / size).squareRoot()
      weights += [size / 2 / Double(sorted.count), size / 2 / Double(sorted.count)]
      // A run of the far upper tail may spread by more than its mean only if it is nearly all of one value.
      let spread = min(deviation, 0.999 * mean)
      variances += [mean - spread, mean + spread]
    }
  }

  /// E Ĝ.
  package var mean: Double { zip(weights, variances).reduce(0) { $0 + $1.0 * $1.1 } }
  /// Var Ĝ/(E Ĝ)².
  package var relativeVariance: Double {
    let mean = mean
    return zip(weights, variances).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / (mean * mean)
  }

  /// The mutual information of two groups of m outputs each, in nats: 2h(m) − h(2m).
  package func information(ofTwiceEach sizes: [Int]) -> [Double] {
    let dimensions = Set(sizes + sizes.map { 2 * $0 }).sorted()
    let entropies = Dictionary(uniqueKeysWithValues: zip(dimensions, entropies(dimensions)))
    return sizes.map { 2 * entropies[$0]! - entropies[2 * $0]! }
  }

  /// The differential entropy of m outputs, for each m, in nats.
  func entropies(_ dimensions: [Int]) -> [Double] {
    let step = 0.1
    // What lies below is e^−36 of the whole.
    let low = log(variances.min()!) / 2 - 36 / Double(dimensions.min()!)
    let high = log(variances.max()!) / 2 + log(9 + Double(dimensions.max()!).squareRoot())
    let coefficients = dimensions.map { m in
      zip(weights, variances).map { $0 * pow(2 * Double.pi * $1, -Double(m) / 2) }
    }
    let inverses = variances.map { 0.5 / $0 }
    // 2π^(m/2)/Γ(m/2), the area of the unit sphere.
    let areas = dimensions.map { 2 * pow(Double.pi, Double($0) / 2) / tgamma(Double($0) / 2) }
    var result = [Double](repeating: 0, count: dimensions.count)
    var exponentials = [Double](repeating: 0, count: variances.count)
    for node in 0...Int((high - low) / step) {
      let logarithm = low + Double(node) * step
      let square = exp(2 * logarithm)
      for k in exponentials.indices { exponentials[k] = exp(-square * inverses[k]) }
      for (place, m) in dimensions.enumerated() {
        var density = 0.0
        for k in exponentials.indices { density += coefficients[place][k] * exponentials[k] }
        if density > 1e-290 {
          result[place] -= areas[place] * exp(Double(m) * logarithm) * density * log(density) * step
        }
      }
    }
    return result
  }
}
