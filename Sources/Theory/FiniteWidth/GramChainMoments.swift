import OrreryAnalysis

/// Moments to fourth order and, if wanted, covariances of one layer's kernel entries over networks: mergeable, so that
/// chunks can be sampled in any order and joined in a fixed one.
struct GramChainMoments: Sendable {
  /// One for each packed entry.
  private(set) var entries: [StreamingMoments]
  /// Of all entries of the layer; nil when not wanted.
  private(set) var covariance: StreamingCovariance?

  /// The number of networks.
  var count: Int { entries.first?.count ?? 0 }

  init(entries: Int, withCovariance: Bool) {
    self.entries = Array(repeating: StreamingMoments(), count: entries)
    covariance = withCovariance ? StreamingCovariance(variables: entries) : nil
  }

  init(entries: [StreamingMoments], covariance: StreamingCovariance?) {
    self.entries = entries
    self.covariance = covariance
  }

  /// The moments of `count` networks that all have the same kernel.
  init(constant values: [Double], count: Int, withCovariance: Bool) {
    entries = values.map {
      StreamingMoments(count: count, mean: $0, centralSum2: 0, centralSum3: 0, centralSum4: 0)
    }
    let zeros = Array(repeating: 0.0, count: values.count * values.count)
    covariance = withCovariance ? StreamingCovariance(count: count, means: values, centralSums: zeros) : nil
  }

  /// Adds the networks of another chunk, which come after those already here.
  mutating func merge(_ other: GramChainMoments) {
    for e in entries.indices { entries[e].merge(other.entries[e]) }
    if let more = other.covariance { covariance?.merge(more) }
  }
}
