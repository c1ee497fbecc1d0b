import OrreryTensors

/// The covariance of outputs over initializations at order 1/n.
extension FiniteWidthDynamics {
  /// Cov(z_x, z_x′) of one output at a time of gradient flow.
  ///
  /// At order 1/n the second moment takes G1, H1, D, F, A, B, P … U (``CovarianceSources``); V, the fourth cumulant of outputs, does
  /// not enter it, as V enters no second moment at the start. The covariance of two different outputs, which vanishes at infinite
  /// width and is proportional to products of their targets at order 1/n, is not offered.
  ///
  /// - Parameter output: 0 … outputs − 1.
  /// - Throws: ``DynamicsError/badNumber(name:value:)``; ``FiniteWidthDynamicsError``.
  public func covariance(time: Double, output: Int = 0) throws -> TrainedCovariance {
    try covariance(mean(time: time), output: output)
  }

  /// The same beside a mean of these dynamics under gradient flow.
  package func covariance(_ mean: TrainedMean, output: Int) throws -> TrainedCovariance {
    precondition(output >= 0 && output < infiniteWidth.outputs, "Outputs are numbered from 0.")
    let response = try response(mean.time)
    let elapsed = infiniteWidth.scale.curvature * mean.time
    let train = infiniteWidth.targets.rows
    // ε̄ and M of all samples; a test sample has no residual, and z in its place.
    let residuals =
      (0..<train).map { mean.train.infiniteWidth[$0, output] - infiniteWidth.targets[$0, output] }
      + (0..<mean.test.mean.rows).map { mean.test.infiniteWidth[$0, output] }
    var contributions = secondMoments.secondMoments(output: output, time: elapsed).mapValues {
      secondMoments.modes.restored($0)
    }
    for (contribution, trainShift) in mean.train.contributions {
      guard let testShift = mean.test.contributions[contribution], var moment = contributions[contribution] else {
        continue
      }
      let shifts = (0..<train).map { trainShift[$0, output] } + (0..<testShift.rows).map { testShift[$0, output] }
      for x in residuals.indices {
        for y in residuals.indices { moment[x, y] -= residuals[x] * shifts[y] + shifts[x] * residuals[y] }
      }
      contributions[contribution] = moment
    }
    for matrix in contributions.values where !matrix.tensor.elements.allSatisfy(\.isFinite) {
      throw FiniteWidthDynamicsError.overflow(time: mean.time)
    }
    return TrainedCovariance(
      time: mean.time, width: width, output: output, infiniteWidth: leadingCovariance(response),
      contributions: contributions)
  }

  /// C of training and test samples together.
  private func leadingCovariance(_ response: ModeResponse) -> Matrix<Double> {
    let own = infiniteWidth.trainCovariance(response)
    let cross = infiniteWidth.crossCovariance(response)
    let test = infiniteWidth.testCovariance(response)
    let n = own.rows
    var result = Matrix<Double>(rows: n + test.rows, columns: n + test.rows)
    for x in 0..<n { for y in 0..<n { result[x, y] = own[x, y] } }
    for x in 0..<test.rows {
      for y in 0..<n {
        result[n + x, y] = cross[x, y]
        result[y, n + x] = cross[x, y]
      }
      for y in 0..<test.rows { result[n + x, n + y] = test[x, y] }
    }
    return result
  }
}
