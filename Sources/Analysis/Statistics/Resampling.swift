import OrreryTensors

/// Errors of statistics by resampling networks, the outermost index: inputs, neurons and outputs of one network are
/// correlated, networks are not.
///
/// ```swift
/// let result = Resampling.bootstrap(networks: g.count, seed: 7) { members in
///   let m = StreamingMoments(members.map { g[$0] })
///   return [m.variance / (m.mean * m.mean)]
/// }
/// result.estimates[0]                 // value and standard error
/// ```
///
/// Replicate r draws the same networks for any number of threads.
public enum Resampling {
  /// What a bootstrap found; statistic by statistic.
  public struct Bootstrap: Hashable, Sendable {
    /// The statistics on all networks, each once.
    public var values: [Double]
    /// The statistics on each replicate, shape (replicates, statistics).
    public var replicates: Matrix<Double>

    /// Each statistic with its standard error: the spread of the replicates.
    public var estimates: [Estimate] {
      zip(values, Statistics.means(replicates)).map { value, mean in
        Estimate(value: value, error: mean.error * Double(replicates.rows).squareRoot())
      }
    }

    /// The covariance of the statistics, shape (statistics, statistics).
    public var covariance: Matrix<Double> { Statistics.covariance(replicates) }

    /// The bias of each statistic: the mean over replicates less the value.
    public var biases: [Double] { zip(Statistics.means(replicates), values).map { $0.value - $1 } }

    /// The percentile interval that covers the given probability.
    public func interval(_ statistic: Int, coverage: Double = 0.95) -> ClosedRange<Double> {
      let column = (0..<replicates.rows).map { replicates[$0, statistic] }
      let ends = Statistics.quantiles([0.5 - coverage / 2, 0.5 + coverage / 2], of: column)
      return ends[0]...ends[1]
    }

    public static func == (left: Bootstrap, right: Bootstrap) -> Bool {
      left.values == right.values && left.replicates == right.replicates
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
  }

  /// The bootstrap: statistics on networks drawn with replacement, as many as there are.
  ///
  /// - Parameters:
  ///   - networks: M.
  ///   - replicates: the number of resamplings; the error's own relative error is 1/√(2 · replicates).
  ///   - statistic: from network numbers, repeated ones included, to any number of statistics.
  public static func bootstrap(
    networks: Int, replicates: Int = 1000, seed: UInt64, statistic: @Sendable ([Int]) -> [Double]
  ) -> Bootstrap {
    precondition(networks > 1 && replicates > 1, "A bootstrap needs two networks and two replicates at least.")
    let values = statistic(Array(0..<networks))
    let rows = Parallel.map(replicates) { replicate in
      statistic(drawn(networks, replicate: replicate, seed: seed))
    }
    return Bootstrap(values: values, replicates: Matrix(rows))
  }

  /// The networks of one replicate, a member of the bootstrap's own random stream.
  private static func drawn(_ networks: Int, replicate: Int, seed: UInt64) -> [Int] {
    let words = RandomStream(seed: seed, purpose: .bootstrap, member: replicate).words(count: networks)
    // The high half of a 64 × 64-bit product maps a word to 0..<networks with a bias below networks · 2⁻⁶⁴.
    return words.map { Int($0.multipliedFullWidth(by: UInt64(networks)).high) }
  }

  /// The jackknife: statistics without one block of networks at a time, their first-order bias removed.
  ///
  /// - Parameters:
  ///   - networks: M.
  ///   - blocks: the number of blocks; by default one per network up to 200. Blocks differ by one network at most.
  ///   - statistic: from network numbers to any number of statistics.
  /// - Returns: each statistic, bias-corrected, with its standard error.
  public static func jackknife(
    networks: Int, blocks: Int? = nil, statistic: @Sendable ([Int]) -> [Double]
  ) -> [Estimate] {
    let count = min(blocks ?? 200, networks)
    precondition(count > 1, "A jackknife needs two blocks at least.")
    let values = statistic(Array(0..<networks))
    let left = Parallel.map(count) { block in
      let lower = block * networks / count
      let upper = (block + 1) * networks / count
      return statistic(Array(0..<lower) + Array(upper..<networks))
    }
    return values.indices.map { index in
      let moments = StreamingMoments(left.map { $0[index] })
      let n = Double(count)
      return Estimate(
        value: n * values[index] - (n - 1) * moments.mean,
        error: ((n - 1) / n * moments.centralSum2).squareRoot())
    }
  }
}
