import Foundation
import OrreryTensors

extension Loss {
  /// The loss of the best network that puts out the same numbers for every sample: what any learning must get below.
  ///
  /// - MSE: the variance of the targets, in the loss's own convention. Cross-entropy: the entropy of the classes'
  ///   frequencies. Logistic: the sum over outputs of the entropy of their signs. Hinge: the sum over outputs of twice the
  ///   fraction of the rarer sign.
  ///
  /// - Parameter targets: shape (samples, outputs), at least one sample.
  public func ofBestConstant(targets: Matrix<Double>) -> Double {
    let samples = Double(targets.rows)
    let rows = (0..<targets.rows).map { targets.row($0) }
    let means = (0..<targets.columns).map { column in rows.reduce(0.0) { $0 + $1[column] } / samples }
    func entropy(_ probabilities: [Double]) -> Double {
      probabilities.reduce(0.0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
    }
    switch self {
    case .meanSquaredError(let reduction, let half):
      let sum = rows.reduce(0.0) { sum, row in sum + zip(row, means).reduce(0.0) { $0 + pow($1.0 - $1.1, 2) } }
      return sum * (half ? 0.5 : 1) / (reduction == .mean ? samples : 1)
    case .crossEntropy: return entropy(means)
    case .logistic: return means.reduce(0.0) { $0 + entropy([(1 + $1) / 2, (1 - $1) / 2]) }
    case .hinge: return means.reduce(0.0) { $0 + 1 - abs($1) }
    }
  }
}
