import OrreryTensors

/// Moments of a layer's preactivations over its neurons, on the first sample: what vertices are made of where neurons are not independent.
enum StreamMoments {
  /// Numbers of each layer.
  static let count = 4

  /// Averages over neurons, and over pairs of different ones: ⟨z_i⟩, ⟨z_i²⟩, ⟨z_i z_j²⟩, ⟨z_i² z_j²⟩.
  ///
  /// Exact for one network; pairs take no loop: Σ_(i≠j) z_i z_j² = Σz Σz² − Σz³.
  ///
  /// - Parameter preactivations: shape (samples, n), n ≥ 2.
  static func of(_ preactivations: Matrix<Double>) -> [Double] {
    var sums = (0.0, 0.0, 0.0, 0.0)
    for z in preactivations.row(0) {
      let square = z * z
      sums = (sums.0 + z, sums.1 + square, sums.2 + z * square, sums.3 + square * square)
    }
    let n = Double(preactivations.columns)
    let pairs = n * (n - 1)
    return [sums.0 / n, sums.1 / n, (sums.0 * sums.1 - sums.2) / pairs, (sums.1 * sums.1 - sums.3) / pairs]
  }
}
