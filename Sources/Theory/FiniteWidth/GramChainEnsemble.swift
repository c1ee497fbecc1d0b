import OrreryAnalysis
import OrreryTensors

/// What a sampled Gram-matrix chain knows of a network's kernels: for each layer their moments over networks, and every
/// network's value of the tracked entries.
///
/// All errors are standard errors over networks. The kernel of a deep or narrow network has heavy tails (log-normal for
/// ReLU, excess kurtosis about 12 ν ℓ/n): the error of a variance, which rests on the fourth moment, is then itself
/// uncertain; ``relativeErrorOfVarianceError(_:)`` says how much.
public struct GramChainEnsemble: Sendable {
  public let chain: GramChain
  /// M.
  public let networks: Int
  public let seed: UInt64
  /// Two inputs whose 1 − c² falls below this in a layer of a sampled network count as one there.
  public let coincidence: Double
  /// The entries of which every network's value was kept.
  public let tracked: [KernelEntry]
  /// One for each layer ℓ = 1 … L.
  let moments: [GramChainMoments]
  /// Shape (tracked entries, networks).
  let traces: AlignedStorage<Double>

  init(
    chain: GramChain, networks: Int, seed: UInt64, coincidence: Double, moments: [GramChainMoments],
    tracked: [KernelEntry], traces: AlignedStorage<Double>
  ) {
    self.chain = chain
    self.networks = networks
    self.seed = seed
    self.coincidence = coincidence
    self.moments = moments
    self.tracked = tracked
    self.traces = traces
  }

  /// The moments of an entry over networks.
  public func moments(of entry: KernelEntry) -> StreamingMoments {
    precondition((1...chain.layerCount).contains(entry.layer), "\(entry): layers go from 1 to \(chain.layerCount).")
    precondition(
      entry.column >= 0 && entry.row < chain.samples, "\(entry): samples go from 0 to \(chain.samples - 1).")
    return moments[entry.layer - 1].entries[entry.packedIndex]
  }

  /// E Ĝ, with its standard error.
  public func mean(_ entry: KernelEntry) -> Estimate { moments(of: entry).estimate }

  /// Var Ĝ over networks, unbiased, with its standard error from the fourth moment.
  public func variance(_ entry: KernelEntry) -> Estimate { moments(of: entry).varianceEstimate }

  /// The covariance of all entries of a layer over networks, in packed order; nil when it was not asked for.
  public func covariance(layer: Int) -> Matrix<Double>? { moments[layer - 1].covariance?.covariance }

  /// The covariance of the estimated means of a layer's entries; nil when it was not asked for.
  public func covarianceOfMeans(layer: Int) -> Matrix<Double>? { moments[layer - 1].covariance?.covarianceOfMeans }

  /// κ₃(Ĝ), unbiased: U6/n² at leading order.
  public func thirdCumulant(_ entry: KernelEntry) -> Double {
    let moments = moments(of: entry)
    let n = Double(moments.count)
    return n * moments.centralSum3 / ((n - 1) * (n - 2))
  }

  /// Every network's value of a tracked entry, by member; nil when it was not tracked.
  public func trace(_ entry: KernelEntry) -> [Double]? {
    tracked.firstIndex(of: entry).map { place in
      Array(UnsafeBufferPointer(rebasing: traces.elements[(place * networks)..<((place + 1) * networks)]))
    }
  }

  /// E Ĝ_αβ / √(E Ĝ_αα E Ĝ_ββ), with its standard error by linear propagation of the means' covariance; nil when covariances
  /// were not asked for.
  public func correlation(layer: Int, _ first: Int, _ second: Int) -> Estimate? {
    guard first != second else { return Estimate(value: 1, error: 0) }
    guard let covariance = moments[layer - 1].covariance else { return nil }
    let entries = [(first, second), (first, first), (second, second)].map {
      KernelEntry(layer: layer, $0, $1).packedIndex
    }
    let means = entries.map { covariance.means[$0] }
    let value = means[0] / (means[1] * means[2]).squareRoot()
    // d log c = dm₁₂/m₁₂ − dm₁₁/2m₁₁ − dm₂₂/2m₂₂, written without dividing by m₁₂.
    let norm = (means[1] * means[2]).squareRoot()
    let gradient = [1 / norm, -value / (2 * means[1]), -value / (2 * means[2])]
    let m = Double(networks)
    var square = 0.0
    for a in 0..<3 {
      for b in 0..<3 {
        let product = covariance.centralSums[entries[a] * covariance.variables + entries[b]]
        square += gradient[a] * gradient[b] * product / (m * (m - 1))
      }
    }
    return Estimate(value: value, error: max(0, square).squareRoot())
  }

  /// The relative standard error of the standard error of a variance, were the entry's distribution log-normal with the
  /// sampled mean and variance: above some 0.3 the error bar, and with it a pull, is not to be trusted.
  ///
  /// Var s² ≈ (m₄ − σ⁴)/M, whose own relative variance is about (m₈/m₄² − 1)/M.
  ///
  /// - Parameter networks: M, of an ensemble of another size than this one.
  public func relativeErrorOfVarianceError(_ entry: KernelEntry, networks: Int? = nil) -> Double {
    let moments = moments(of: entry)
    let networks = networks ?? self.networks
    guard moments.mean > 0, moments.variance > 0 else { return 0 }
    return Self.relativeErrorOfVarianceError(
      relativeVariance: moments.variance / (moments.mean * moments.mean), networks: networks)
  }

  /// The same of any quantity that is taken to be log-normal with this variance over its squared mean.
  public static func relativeErrorOfVarianceError(relativeVariance: Double, networks: Int) -> Double {
    // Nearly Gaussian: m₈/m₄² = 105/9 (and the sums below would cancel).
    guard relativeVariance > 3e-3 else { return ((105.0 / 9 - 1) / Double(networks)).squareRoot() / 2 }
    // Central moments of a log-normal of mean 1: Σ_k C(p,k) (−1)^(p−k) w^(k(k−1)/2), w = 1 + variance/mean².
    let w = 1 + relativeVariance
    func central(_ p: Int) -> Double {
      var sum = 0.0
      var binomial = 1.0
      for k in 0...p {
        var power = 1.0
        for _ in 0..<(k * (k - 1) / 2) { power *= w }
        sum += ((p - k) % 2 == 0 ? binomial : -binomial) * power
        binomial *= Double(p - k) / Double(k + 1)
      }
      return sum
    }
    let fourth = central(4)
    return (max(0, central(8) / (fourth * fourth) - 1) / Double(networks)).squareRoot() / 2
  }
}
