import OrreryTensors

/// Means and covariances of vectors that come one by one, mergeable in a fixed order.
///
/// ```swift
/// var chunk = StreamingCovariance(variables: 3)
/// chunk.add([g11, g12, g22])          // one network
/// total.merge(chunk)                  // chunk after chunk
/// total.covariance                    // shape (3, 3)
/// ```
public struct StreamingCovariance: Hashable, Codable, Sendable {
  public private(set) var count: Int = 0
  public private(set) var means: [Double]
  /// Σ (xᵢ − meanᵢ)(xⱼ − meanⱼ), row-major, both triangles.
  public private(set) var centralSums: [Double]

  public var variables: Int { means.count }

  public init(variables: Int) {
    means = Array(repeating: 0, count: variables)
    centralSums = Array(repeating: 0, count: variables * variables)
  }

  /// The covariance of `count` vectors whose means and sums of products of deviations (row-major, both triangles) are
  /// known.
  public init(count: Int, means: [Double], centralSums: [Double]) {
    precondition(centralSums.count == means.count * means.count, "One sum for each pair of variables.")
    self.count = count
    self.means = means
    self.centralSums = centralSums
  }

  /// Adds one vector.
  ///
  /// - Precondition: as many elements as variables.
  public mutating func add(_ x: [Double]) {
    precondition(x.count == variables, "\(x.count) elements for \(variables) variables.")
    count += 1
    let n = Double(count)
    let deltas = zip(x, means).map { $0 - $1 }
    for i in deltas.indices { means[i] += deltas[i] / n }
    accumulate(deltas, factor: (n - 1) / n)
  }

  /// Adds what another instance has seen.
  public mutating func merge(_ other: StreamingCovariance) {
    precondition(other.variables == variables, "\(other.variables) variables do not merge with \(variables).")
    guard other.count > 0 else { return }
    let (a, b) = (Double(count), Double(other.count))
    let deltas = zip(other.means, means).map { $0 - $1 }
    for i in deltas.indices { means[i] += deltas[i] * (b / (a + b)) }
    for i in centralSums.indices { centralSums[i] += other.centralSums[i] }
    accumulate(deltas, factor: a * b / (a + b))
    count += other.count
  }

  private mutating func accumulate(_ deltas: [Double], factor: Double) {
    let n = deltas.count
    for i in 0..<n {
      let left = factor * deltas[i]
      for j in 0..<n { centralSums[i &* n &+ j] += left * deltas[j] }
    }
  }

  /// The unbiased covariance of the variables, shape (variables, variables); NaN below two vectors.
  public var covariance: Matrix<Double> {
    Matrix(
      rows: variables, columns: variables,
      elements: centralSums.map { count > 1 ? $0 / Double(count - 1) : .nan })
  }

  /// The covariance of the means: `covariance` / count.
  public var covarianceOfMeans: Matrix<Double> {
    Matrix(
      rows: variables, columns: variables,
      elements: centralSums.map { count > 1 ? $0 / Double(count - 1) / Double(count) : .nan })
  }

  /// Each mean with its standard error.
  public var estimates: [Estimate] {
    (0..<variables).map { i in
      let square = centralSums[i * variables + i] / (Double(count - 1) * Double(count))
      return Estimate(value: means[i], error: count > 1 ? square.squareRoot() : .infinity)
    }
  }
}
