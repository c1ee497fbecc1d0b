import OrreryTensors

/// The mean loss over initializations at order 1/n.
extension FiniteWidthDynamics {
  /// The training loss at a time of gradient flow.
  ///
  /// - Throws: ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public func trainLoss(time: Double) throws -> TrainedLoss {
    let mean = try mean(time: time)
    return try loss(mean, mean.train, targets: infiniteWidth.targets, first: 0, scale: infiniteWidth.scale)
  }

  /// The loss of the test samples at a time of gradient flow; a mean is one over the test samples.
  ///
  /// - Parameter targets: (M, outputs).
  /// - Throws: ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public func testLoss(time: Double, targets: Matrix<Double>) throws -> TrainedLoss {
    let samples = infiniteWidth.kernels.testSamples
    guard targets.rows == samples, targets.columns == infiniteWidth.outputs else {
      throw DynamicsError.shapeMismatch(
        what: "The matrix of test targets", expected: [samples, infiniteWidth.outputs],
        found: [targets.rows, targets.columns])
    }
    let mean = try mean(time: time)
    return try loss(
      mean, mean.test, targets: targets, first: infiniteWidth.targets.rows,
      scale: SquaredErrorScale(infiniteWidth.loss, samples: samples))
  }

  private func loss(
    _ mean: TrainedMean, _ values: TrainedMean.Values, targets: Matrix<Double>, first: Int, scale: SquaredErrorScale
  ) throws -> TrainedLoss {
    let residual = values.infiniteWidth.subtracting(targets)
    var (variance, change) = (0.0, 0.0)
    for output in 0..<targets.columns {
      let covariance = try covariance(mean, output: output)
      for sample in first..<(first + targets.rows) {
        variance += covariance.infiniteWidth[sample, sample]
        change += covariance.correction[sample, sample]
      }
    }
    func expansion(_ leading: Double, _ correction: Double) -> WidthExpansion {
      WidthExpansion(
        infiniteWidth: scale.loss(sumOfSquares: leading), correction: scale.loss(sumOfSquares: correction), width: width
      )
    }
    return TrainedLoss(
      bias: expansion(
        residual.rowProducts(residual).reduce(0, +), 2 * residual.rowProducts(values.correction).reduce(0, +)),
      variance: expansion(variance, change))
  }
}
