/// Cumulants of a sample to fourth order, unbiased (Fisher's k-statistics), with jackknife standard errors.
///
/// With central sample moments m_r: k₂ = n m₂/(n−1), k₃ = n² m₃/((n−1)(n−2)),
/// k₄ = n² ((n+1) m₄ − 3(n−1) m₂²)/((n−1)(n−2)(n−3)); E k_r = κ_r exactly.
///
/// M. G. Kendall, A. Stuart, *The Advanced Theory of Statistics*, vol. 1, ch. 12.
public struct Cumulants: Hashable, Codable, Sendable {
  public var first: Estimate
  public var second: Estimate
  public var third: Estimate
  public var fourth: Estimate

  /// - Precondition: at least five numbers.
  public init(_ sample: [Double]) {
    precondition(sample.count >= 5, "Errors of four cumulants need five numbers; there are \(sample.count).")
    let moments = StreamingMoments(sample)
    let all = Self.statistics(
      count: sample.count, mean: moments.mean, moments.centralSum2, moments.centralSum3, moments.centralSum4)
    // Leaving out x moves the central sums by closed forms, so the jackknife is one pass.
    let n = Double(sample.count)
    var spread = [StreamingMoments](repeating: StreamingMoments(), count: 4)
    for x in sample {
      let d = moments.mean - x
      let shift = d / (n - 1)
      let m = n - 1
      // Sums of powers about the old mean without x, then about the new one.
      let s2 = moments.centralSum2 - d * d
      let s3 = moments.centralSum3 + d * d * d
      let s4 = moments.centralSum4 - d * d * d * d
      let c2 = s2 - m * shift * shift
      let c3 = s3 - 3 * shift * s2 + 2 * m * shift * shift * shift
      let c4 = s4 - 4 * shift * s3 + 6 * shift * shift * s2 - 3 * m * shift * shift * shift * shift
      let left = Self.statistics(count: sample.count - 1, mean: moments.mean + shift, c2, c3, c4)
      for r in 0..<4 { spread[r].add(left[r]) }
    }
    let errors = spread.map { ((n - 1) / n * $0.centralSum2).squareRoot() }
    first = Estimate(value: all[0], error: errors[0])
    second = Estimate(value: all[1], error: errors[1])
    third = Estimate(value: all[2], error: errors[2])
    fourth = Estimate(value: all[3], error: errors[3])
  }

  private static func statistics(count: Int, mean: Double, _ s2: Double, _ s3: Double, _ s4: Double) -> [Double] {
    let n = Double(count)
    return [
      mean, s2 / (n - 1), n * s3 / ((n - 1) * (n - 2)), fourth(count: count, centralSum2: s2, centralSum4: s4),
    ]
  }

  static func fourth(count: Int, centralSum2 s2: Double, centralSum4 s4: Double) -> Double {
    let n = Double(count)
    return (n * (n + 1) * s4 - 3 * (n - 1) * s2 * s2) / ((n - 1) * (n - 2) * (n - 3))
  }

  /// The unbiased joint cumulant of two, three or four variables, each an array over the same networks, with its
  /// jackknife standard error.
  ///
  /// For four: n²/((n−1)(n−2)(n−3)) [(n+1) m_xyzw − (n−1)(m_xy m_zw + m_xz m_yw + m_xw m_yz)]. Two variables give the
  /// covariance.
  ///
  /// - Precondition: two to four variables of equal count, at least one more than there are variables plus one.
  public static func joint(_ variables: [[Double]]) -> Estimate {
    let order = variables.count
    let count = variables.first?.count ?? 0
    precondition((2...4).contains(order), "Joint cumulants are offered for two to four variables; got \(order).")
    precondition(variables.allSatisfy { $0.count == count }, "All variables have one value per network.")
    precondition(count > order + 1, "A joint cumulant of \(order) variables needs \(order + 2) networks at least.")
    let means = variables.map { StreamingMoments($0).mean }
    // Products over every subset of variables with two or more members, summed about the means.
    let subsets = (0..<(1 << order)).map { $0 }
    var sums = [Double](repeating: 0, count: 1 << order)
    func products(_ i: Int) -> [Double] {
      var values = [Double](repeating: 1, count: 1 << order)
      for subset in subsets.dropFirst() {
        let lowest = subset.trailingZeroBitCount
        values[subset] = values[subset & (subset - 1)] * (variables[lowest][i] - means[lowest])
      }
      return values
    }
    for i in 0..<count {
      let values = products(i)
      for subset in subsets { sums[subset] += values[subset] }
    }
    let value = jointStatistic(sums, order: order, count: count)
    var spread = StreamingMoments()
    for i in 0..<count {
      let values = products(i)
      let left = zip(sums, values).map { $0 - $1 }
      spread.add(jointStatistic(left, order: order, count: count - 1))
    }
    let n = Double(count)
    return Estimate(value: value, error: ((n - 1) / n * spread.centralSum2).squareRoot())
  }

  /// From sums of products about any point near the means (their own sums need not vanish).
  private static func jointStatistic(_ sums: [Double], order: Int, count: Int) -> Double {
    let n = Double(count)
    let moments = sums.map { $0 / n }
    // Central moments from moments about another point, by inclusion and exclusion.
    func central(_ set: Int) -> Double {
      var total = 0.0
      var subset = set
      while true {
        var product = moments[subset]
        for bit in 0..<order where (set & ~subset) & (1 << bit) != 0 { product *= -moments[1 << bit] }
        total += product
        if subset == 0 { return total }
        subset = (subset - 1) & set
      }
    }
    switch order {
    case 2: return n / (n - 1) * central(0b11)
    case 3: return n * n / ((n - 1) * (n - 2)) * central(0b111)
    default:
      let pairs =
        central(0b0011) * central(0b1100) + central(0b0101) * central(0b1010) + central(0b1001) * central(0b0110)
      return n * n / ((n - 1) * (n - 2) * (n - 3)) * ((n + 1) * central(0b1111) - (n - 1) * pairs)
    }
  }
}
