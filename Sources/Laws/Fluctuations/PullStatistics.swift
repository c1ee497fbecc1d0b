import OrreryAnalysis
import OrreryTensors

/// Pulls of many quantities over independent sub-ensembles.
struct PullStatistics: Sendable {
  /// By their own sub-ensemble's errors: one row a sub-ensemble.
  private(set) var pulls: [[Double]] = []
  /// Modes whitened with the covariance over all networks.
  private(set) var whitened: [[Double]] = []
  /// (Σλ)²/Σλ² of the correlation matrix.
  let effectiveNumber: Double
  let modes: Int

  /// - Parameters:
  ///   - moments: of each width, of each sub-ensemble.
  ///   - weights: of widths, whose combination is compared.
  init(moments: [[StreamingCovariance]], weights: [Double], predicted: [Double], smallestMode: Double) {
    let count = predicted.count
    let ensembles = moments[0].count
    var differences: [[Double]] = []
    var pooled = Matrix<Double>(rows: count, columns: count)
    for ensemble in 0..<ensembles {
      var (value, variance) = (predicted.map { -$0 }, [Double](repeating: 0, count: count))
      for (weight, width) in zip(weights, moments) {
        let one = width[ensemble]
        let covariance = one.covarianceOfMeans
        for i in 0..<count {
          value[i] += weight * one.means[i]
          variance[i] += weight * weight * covariance[i, i]
          for j in 0..<count { pooled[i, j] += weight * weight * covariance[i, j] / Double(ensembles) }
        }
      }
      differences.append(value)
      pulls.append(zip(value, variance).map { $1 > 0 ? $0 / $1.squareRoot() : 0 })
    }
    let scales = (0..<count).map { max(1e-300, pooled[$0, $0]).squareRoot() }
    for i in 0..<count { for j in 0..<count { pooled[i, j] /= scales[i] * scales[j] } }
    guard let basis = try? pooled.symmetricEigendecomposition(), let largest = basis.values.last else {
      (effectiveNumber, modes) = (0, 0)
      return
    }
    let sum = basis.values.reduce(0, +)
    effectiveNumber = sum * sum / basis.values.reduce(0) { $0 + $1 * $1 }
    let kept = basis.values.indices.filter { basis.values[$0] > smallestMode * largest }
    modes = kept.count
    whitened = differences.map { difference in
      kept.map { mode in
        (0..<count).reduce(0.0) { $0 + basis.vectors[mode, $1] * difference[$1] / scales[$1] }
          / basis.values[mode].squareRoot()
      }
    }
  }

  /// Of each sub-ensemble: the mean pull of the first so many quantities and of the others, the mean square of whitened modes, and
  /// of pulls.
  func perEnsemble(kernel: Int) -> Matrix<Double> {
    func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    return Matrix(
      zip(pulls, whitened).map { own, white in
        [mean(own[..<kernel]), mean(own[kernel...]), mean(white.map { $0 * $0 }[...]), mean(own.map { $0 * $0 }[...])]
      })
  }
}
