import OrreryAnalysis
import OrreryTensors

/// Functions of means over independent ensembles of networks, with their joint covariance by linear propagation.
///
/// A covariance over networks is the mean of products of deviations, each network's own term: so are V, A and D of
/// `TangentStatistics`, and what is built from them goes through here like any mean.
struct Propagation: Sendable {
  let values: [Double]
  /// Of the values, shape (values, values).
  let covariance: Matrix<Double>

  /// - Parameters:
  ///   - ensembles: one vector a network, with its mean and covariance.
  ///   - statistic: from the ensembles' means to the values; as good as linear over a standard error.
  init(_ ensembles: [StreamingCovariance], _ statistic: ([[Double]]) -> [Double]) {
    let means = ensembles.map(\.means)
    let values = statistic(means)
    var covariance = Matrix<Double>(rows: values.count, columns: values.count)
    for (place, ensemble) in ensembles.enumerated() {
      let ofMeans = ensemble.covarianceOfMeans
      let count = ensemble.variables
      // Central differences, a tenth of a standard error to each side.
      let gradients = (0..<count).map { variable -> [Double] in
        let step = 0.1 * max(0, ofMeans[variable, variable]).squareRoot()
        guard step > 0 else { return values.map { _ in 0 } }
        var (up, down) = (means, means)
        up[place][variable] += step
        down[place][variable] -= step
        return zip(statistic(up), statistic(down)).map { ($0 - $1) / (2 * step) }
      }
      for a in 0..<count {
        for b in 0..<count {
          for i in values.indices {
            for j in values.indices { covariance[i, j] += gradients[a][i] * ofMeans[a, b] * gradients[b][j] }
          }
        }
      }
    }
    self.values = values
    self.covariance = covariance
  }

  func estimate(_ index: Int) -> Estimate {
    Estimate(value: values[index], error: max(0, covariance[index, index]).squareRoot())
  }

  /// What Richardson's extrapolation from n and 2n leaves, if each order is smaller than the one before by the same factor r: orders X, Xr,
  /// Xr² at n leave ½Xr², where the step from n to 2n is ½Xr; the noise of the step is taken off.
  static func leftByRichardson(_ step: Estimate, of size: Double) -> Double {
    2 * max(0, step.value * step.value - step.error * step.error) / size
  }

  /// What a parabola's extrapolation leaves, if each order is smaller than the one before by the same factor r: what it changes of a
  /// straight line's is about Xr², and Xr³ is left; the noise of the change is taken off.
  static func leftByParabola(_ change: Estimate, of size: Double) -> Double {
    let order = max(0, change.value * change.value - change.error * change.error).squareRoot()
    return order * (order / size).squareRoot()
  }

  /// The covariance of some of the values.
  func covariance(of indices: [Int]) -> Matrix<Double> {
    Matrix(
      rows: indices.count, columns: indices.count,
      elements: indices.flatMap { i in indices.map { covariance[i, $0] } })
  }
}

extension Matrix where Scalar == Double {
  /// Independent blocks in one matrix.
  static func blockDiagonal(_ blocks: [Matrix]) -> Matrix {
    let size = blocks.reduce(0) { $0 + $1.rows }
    var result = Matrix(rows: size, columns: size)
    var start = 0
    for block in blocks {
      for i in 0..<block.rows { for j in 0..<block.rows { result[start + i, start + j] = block[i, j] } }
      start += block.rows
    }
    return result
  }
}
