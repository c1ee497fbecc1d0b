/// Counts of a sample in bins of equal width, with what fell outside.
public struct Histogram: Hashable, Codable, Sendable {
  public let lowerBound: Double
  public let upperBound: Double
  /// Numbers x with lowerBound + b · width ≤ x < lowerBound + (b + 1) · width; the last bin has its upper end too.
  public private(set) var counts: [Int]
  public private(set) var below = 0
  public private(set) var above = 0
  /// NaNs, counted nowhere else.
  public private(set) var undefined = 0

  /// - Precondition: at least one bin over a proper, finite interval.
  public init(bins: Int, in interval: ClosedRange<Double>) {
    precondition(bins > 0, "A histogram has a bin at least.")
    precondition(
      interval.lowerBound < interval.upperBound && interval.lowerBound.isFinite && interval.upperBound.isFinite,
      "A histogram covers a finite interval; got \(interval).")
    lowerBound = interval.lowerBound
    upperBound = interval.upperBound
    counts = Array(repeating: 0, count: bins)
  }

  public var binWidth: Double { (upperBound - lowerBound) / Double(counts.count) }

  /// How many numbers were added, outside ones included.
  public var total: Int { counts.reduce(0, +) + below + above + undefined }

  public var centers: [Double] { counts.indices.map { lowerBound + (Double($0) + 0.5) * binWidth } }

  public mutating func add(_ x: Double) {
    if x.isNaN {
      undefined += 1
    } else if x < lowerBound {
      below += 1
    } else if x > upperBound {
      above += 1
    } else {
      counts[min(Int((x - lowerBound) / binWidth), counts.count - 1)] += 1
    }
  }

  public mutating func add(_ sample: some Sequence<Double>) { for x in sample { add(x) } }

  /// Adds the counts of a histogram with the same bins.
  public mutating func merge(_ other: Histogram) {
    precondition(
      other.lowerBound == lowerBound && other.upperBound == upperBound && other.counts.count == counts.count,
      "Histograms merge when their bins are the same.")
    for bin in counts.indices { counts[bin] += other.counts[bin] }
    below += other.below
    above += other.above
    undefined += other.undefined
  }

  /// The probability density in each bin, with the multinomial standard error √(p(1 − p)/N)/width.
  ///
  /// A bin with no counts has an error as if it had one.
  public var density: [Estimate] {
    let n = Double(total)
    return counts.map { count in
      let p = Double(count) / n
      let q = Double(max(count, 1)) / n
      return Estimate(value: p / binWidth, error: (q * max(0, 1 - p) / n).squareRoot() / binWidth)
    }
  }
}
