/// Means, central power sums to the fourth and, if wanted, cross products of one layer's kernel entries over networks:
/// mergeable, so that chunks can be sampled in any order and joined in a fixed one.
///
/// Source: P. Pébay, *Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
/// moments*, Sandia report SAND2008-6212 (2008).
struct GramChainMoments: Sendable {
  /// The number of networks.
  private(set) var count = 0
  /// One number for each packed entry.
  private(set) var mean: [Double]
  /// Σ (x − mean)^p for p = 2, 3, 4.
  private(set) var squares: [Double]
  private(set) var cubes: [Double]
  private(set) var fourths: [Double]
  /// Σ (x_e − mean_e)(x_f − mean_f), shape (entries, entries); empty when not wanted.
  private(set) var products: [Double]

  init(entries: Int, withProducts: Bool) {
    mean = Array(repeating: 0, count: entries)
    squares = mean
    cubes = mean
    fourths = mean
    products = withProducts ? Array(repeating: 0, count: entries * entries) : []
  }

  /// The moments of `count` networks that all have the same kernel.
  init(constant values: [Double], count: Int, withProducts: Bool) {
    self.init(entries: values.count, withProducts: withProducts)
    self.count = count
    mean = values
  }

  /// The moments of one chunk.
  init(
    count: Int, mean: [Double], squares: [Double], cubes: [Double], fourths: [Double], products: [Double]
  ) {
    self.count = count
    self.mean = mean
    self.squares = squares
    self.cubes = cubes
    self.fourths = fourths
    self.products = products
  }

  /// Adds the networks of another chunk, which come after those already here.
  mutating func merge(_ other: GramChainMoments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (a, b) = (Double(count), Double(other.count))
    let n = a + b
    let differences = zip(mean, other.mean).map { $1 - $0 }
    for e in mean.indices {
      let d = differences[e]
      let (s, t) = (squares[e], other.squares[e])
      fourths[e] +=
        other.fourths[e] + d * d * d * d * a * b * (a * a - a * b + b * b) / (n * n * n)
        + 6 * d * d * (a * a * t + b * b * s) / (n * n) + 4 * d * (a * other.cubes[e] - b * cubes[e]) / n
      cubes[e] += other.cubes[e] + d * d * d * a * b * (a - b) / (n * n) + 3 * d * (a * t - b * s) / n
      squares[e] += t + d * d * a * b / n
      mean[e] += d * b / n
    }
    if !products.isEmpty {
      let entries = mean.count
      for e in 0..<entries {
        for f in 0..<entries {
          products[e * entries + f] +=
            other.products[e * entries + f] + differences[e] * differences[f] * a * b / n
        }
      }
    }
    count += other.count
  }
}
