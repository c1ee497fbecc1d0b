import OrreryTensors

/// The mean loss over initializations at order 1/n.
extension FiniteWidthDynamics {
  /// The training loss at a time of gradient flow.
  ///
  /// - Throws: ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public func trainLoss(time: Double) throws -> TrainedLoss {
    let mean = try mean(time: time)
    return try loss(
      mean, mean.train, targets: infiniteWidth.targets, first: 0, scale: infiniteWidth.scale, pieces: trainPieces)
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
      scale: SquaredErrorScale(infiniteWidth.loss, samples: samples), pieces: testPieces)
  }

  private func loss(
    _ mean: TrainedMean, _ values: TrainedMean.Values, targets: Matrix<Double>, first: Int, scale: SquaredErrorScale,
    pieces: [CovariancePiece]
  ) throws -> TrainedLoss {
    let residual = values.infiniteWidth.subtracting(targets)
    let n = Double(width)
    func sum(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double { a.rowProducts(b).reduce(0, +) }
    func expansion(_ leading: Double, _ correction: Double, nextOrder: Double, error: Double) -> WidthExpansion {
      WidthExpansion(
        infiniteWidth: scale.loss(sumOfSquares: leading), correction: scale.loss(sumOfSquares: correction),
        width: width, nextOrder: scale.loss(sumOfSquares: nextOrder), correctionError: scale.loss(sumOfSquares: error))
    }
    // (z_∞ − y + M/n + δ)² to order 1/n leaves (M/n)² + 2 (z_∞ − y) δ.
    let distance = residual.magnitudes
    let bias = expansion(
      sum(residual, residual), 2 * sum(residual, values.correction),
      nextOrder: sum(values.correction, values.correction) + 2 * n * n * sum(distance, values.truncationError),
      error: 2 * n * sum(distance, values.numericalError))
    var variance = expansion(0, 0, nextOrder: 0, error: 0)
    for output in 0..<targets.columns {
      let covariance = try covariance(mean, output: output, pieces: pieces)
      for sample in first..<(first + targets.rows) {
        let own = covariance.variance(of: sample)
        variance =
          variance
          + expansion(
            own.infiniteWidth, own.correction, nextOrder: own.nextOrder, error: own.correctionError)
      }
    }
    return TrainedLoss(bias: bias, variance: variance)
  }
}
