import OrreryAnalysis
import OrreryTensors

/// Moments of one output z^(L) over networks.
public struct OutputMoments: Hashable, Codable, Sendable {
  /// E z².
  public var second: Estimate
  /// E z⁴.
  public var fourth: Estimate
  /// κ₄/(E z²)² = E z⁴ / (E z²)² − 3.
  public var excessKurtosis: Estimate

  public init(second: Estimate, fourth: Estimate, excessKurtosis: Estimate) {
    self.second = second
    self.fourth = fourth
    self.excessKurtosis = excessKurtosis
  }
}

extension GramChainEnsemble {
  /// Moments of one output on a sample. Given Ĝ^(L) the output is Gaussian but for its bias, so its noise is averaged exactly
  /// (Rao–Blackwell): E z² = E Ĝ, E z⁴ = 3 E Ĝ² + κ_b C_b², excess kurtosis (3 Var Ĝ + κ_b C_b²)/(E Ĝ)², where κ_b is the
  /// bias's own excess kurtosis.
  ///
  /// Errors by linear propagation of the sampled moments of Ĝ, to its fourth.
  public func outputMoments(sample: Int) -> OutputMoments {
    let moments = moments(of: KernelEntry(layer: chain.layerCount, sample, sample))
    let m = Double(moments.count)
    let mean = moments.mean
    let variance = moments.variance
    let own = chain.biasLaws.last??.fourthCumulant ?? 0
    guard variance > 0, mean > 0 else {
      return OutputMoments(
        second: Estimate(value: mean, error: 0), fourth: Estimate(value: 3 * mean * mean + own, error: 0),
        excessKurtosis: Estimate(value: mean > 0 ? own / (mean * mean) : 0, error: 0))
    }
    let third = moments.centralSum3 / m
    // Variances and covariance of the sample mean and the sample variance.
    let varianceOfMean = variance / m
    let varianceError = moments.varianceEstimate.error
    let crossed = third / m
    func propagate(_ byMean: Double, _ byVariance: Double) -> Double {
      let square =
        byMean * byMean * varianceOfMean + byVariance * byVariance * varianceError * varianceError
        + 2 * byMean * byVariance * crossed
      return max(0, square).squareRoot()
    }
    return OutputMoments(
      second: moments.estimate,
      fourth: Estimate(value: 3 * (variance + mean * mean) + own, error: propagate(6 * mean, 3)),
      excessKurtosis: Estimate(
        value: (3 * variance + own) / (mean * mean),
        error: propagate(-2 * (3 * variance + own) / (mean * mean * mean), 3 / (mean * mean))))
  }

  /// The probability that one output on a sample falls in each bin, with standard errors over networks.
  ///
  /// Given its kernel the output is Gaussian: p_b = E[Φ(upper/√Ĝ) − Φ(lower/√Ĝ)], each network's Gaussian mixed in exactly;
  /// where its bias is not Gaussian, that of the sum of the two.
  /// Nil when the output kernel of that sample was not tracked.
  ///
  /// - Parameter edges: Ascending; infinities are allowed. There is one bin fewer than edges.
  public func outputHistogram(sample: Int, edges: [Double]) -> [Estimate]? {
    precondition(edges.count >= 2 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }, "Edges must ascend.")
    guard let kernels = trace(KernelEntry(layer: chain.layerCount, sample, sample)) else { return nil }
    let bins = edges.count - 1
    let chunk = 4096
    let parts = Parallel.map((networks + chunk - 1) / chunk) { index in
      let block = Array(kernels[(index * chunk)..<min(networks, (index + 1) * chunk)])
      var sums = Array(repeating: (first: 0.0, second: 0.0), count: bins)
      var below = cumulative(block, at: edges[0])
      for bin in 0..<bins {
        let above = cumulative(block, at: edges[bin + 1])
        for network in block.indices {
          let probability = above[network] - below[network]
          sums[bin].first += probability
          sums[bin].second += probability * probability
        }
        below = above
      }
      return sums
    }
    let count = Double(networks)
    return (0..<bins).map { bin in
      let first = parts.reduce(0) { $0 + $1[bin].first }
      let second = parts.reduce(0) { $0 + $1[bin].second }
      // Probabilities are of order 1: what the subtraction loses is 1e-16, far below an error of 1/√M of a bin's own.
      let variance = max(0, second - first * first / count) / (count - 1)
      return Estimate(value: first / count, error: (variance / count).squareRoot())
    }
  }

  /// Φ(edge/√Ĝ) of each network; a step where Ĝ = 0.
  private func cumulative(_ kernels: [Double], at edge: Double) -> [Double] {
    if let law = chain.biasLaws.last ?? nil { return kernels.map { law.cumulative(edge, kernel: $0) } }
    let arguments = kernels.map { kernel in
      kernel > 0 ? edge / kernel.squareRoot() : (edge < 0 ? -Double.infinity : .infinity)
    }
    return Elementwise.Function.normalCDF(arguments)
  }

  /// Quantiles of a tracked entry over networks, with standard errors: what one network's kernel may be.
  ///
  /// ```swift
  /// let range = ensemble.quantiles([0.025, 0.975], of: KernelEntry(layer: 31, 0, 0))
  /// ```
  ///
  /// The error is half the spread of the order statistics one binomial standard deviation √(M q (1 − q)) to either side.
  /// Nil when the entry was not tracked.
  public func quantiles(_ levels: [Double], of entry: KernelEntry) -> [Estimate]? {
    guard let trace = trace(entry) else { return nil }
    let sorted = trace.sorted()
    let last = Double(networks - 1)
    func order(_ place: Double) -> Double {
      let place = min(max(place, 0), last)
      let below = Int(place)
      let above = min(below + 1, networks - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    return levels.map { level in
      precondition((0...1).contains(level), "A quantile's level is from 0 to 1; got \(level).")
      let spread = (Double(networks) * level * (1 - level)).squareRoot()
      let value = order(level * last)
      return Estimate(value: value, error: (order(level * last + spread) - order(level * last - spread)) / 2)
    }
  }
}
