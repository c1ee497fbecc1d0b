import OrreryTensors

/// The covariance of outputs over initializations at order 1/n.
extension FiniteWidthDynamics {
  /// Cov(z_x, z_x′) of one output at a time of gradient flow.
  ///
  /// At order 1/n the second moment takes G1, H1, D, F, A, B, P … U (``CovarianceSources``); V, the fourth cumulant of outputs, does
  /// not enter it, as V enters no second moment at the start. The covariance of two different outputs, which vanishes at infinite
  /// width and is proportional to products of their targets at order 1/n, is not offered.
  ///
  /// Test samples of different batches take tensors of both batches together, made at the first call: O((M/b)²) flows of N + 2b inputs.
  /// ``variances(time:output:)`` takes none.
  ///
  /// - Parameter output: 0 … outputs − 1.
  /// - Throws: ``DynamicsError/badNumber(name:value:)``; ``FiniteWidthDynamicsError``; ``FiniteWidthError``.
  public func covariance(time: Double, output: Int = 0) throws -> TrainedCovariance {
    try covariance(mean(time: time), output: output)
  }

  /// The same beside a mean of these dynamics under gradient flow.
  package func covariance(_ mean: TrainedMean, output: Int) throws -> TrainedCovariance {
    let blocks = try covarianceTensors.enumerated().map { place, tensors in
      CovariancePiece(tensors: try tensors(), pairs: place == 0 ? .all : .withTests)
    }
    let pairs = try covariancePairs.map {
      CovariancePiece(tensors: try $0.tensors(), pairs: .between(first: $0.first))
    }
    return try covariance(mean, output: output, pieces: blocks + pairs)
  }

  /// Var z of every training and test sample at a time of gradient flow, one output.
  ///
  /// - Throws: as ``covariance(time:output:)``.
  public func variances(
    time: Double, output: Int = 0
  ) throws -> (train: [WidthExpansion], test: [WidthExpansion]) {
    let diagonal = try covariance(mean(time: time), output: output, pieces: testPieces)
    let train = infiniteWidth.targets.rows
    let all = (0..<diagonal.infiniteWidth.rows).map { diagonal.variance(of: $0) }
    return (Array(all[..<train]), Array(all[train...]))
  }

  /// What the covariance of training samples takes.
  var trainPieces: [CovariancePiece] {
    get throws { [CovariancePiece(tensors: try covarianceTensors[0](), pairs: .modes)] }
  }

  /// What the variances of all samples take.
  var testPieces: [CovariancePiece] {
    get throws {
      try covarianceTensors.enumerated().map { place, tensors in
        CovariancePiece(tensors: try tensors(), pairs: place == 0 ? .diagonal : .testDiagonal)
      }
    }
  }

  /// The covariance beside a mean of these dynamics; what its pieces lack is not right.
  func covariance(_ mean: TrainedMean, output: Int, pieces: [CovariancePiece]) throws -> TrainedCovariance {
    guard output >= 0, output < infiniteWidth.outputs else {
      throw FiniteWidthDynamicsError.noOutput(output, outputs: infiniteWidth.outputs)
    }
    let response = try response(mean.time)
    for piece in pieces where mean.time == .infinity && piece.tensors.nullCoupling > nullTolerance {
      throw FiniteWidthDynamicsError.endless(
        modes: infiniteWidth.eigenvalues.count { $0 <= 0 }, coupling: piece.tensors.nullCoupling)
    }
    let sources = try covarianceSources()
    let moments = sources.secondMoments(
      output: output, time: infiniteWidth.scale.curvature * mean.time, pieces: pieces)
    let train = infiniteWidth.targets.rows
    func all(_ part: (TrainedMean.Values) -> Matrix<Double>) -> [Double] {
      [mean.train, mean.test].flatMap { values in
        let matrix = part(values)
        return (0..<matrix.rows).map { matrix[$0, output] }
      }
    }
    // ε̄ and M of all samples; a test sample has no residual, and z in its place.
    var residuals = all(\.infiniteWidth)
    for sample in 0..<train { residuals[sample] -= infiniteWidth.targets[sample, output] }
    var contributions = moments.contributions.mapValues { sources.modes.restored($0) }
    for contribution in FiniteWidthContribution.ofMean {
      guard var moment = contributions[contribution] else { continue }
      let shifts = all { $0.contributions[contribution] ?? Matrix(rows: $0.mean.rows, columns: $0.mean.columns) }
      for x in residuals.indices {
        for y in residuals.indices { moment[x, y] -= residuals[x] * shifts[y] + shifts[x] * residuals[y] }
      }
      contributions[contribution] = moment
    }
    for matrix in contributions.values where !matrix.tensor.elements.allSatisfy(\.isFinite) {
      throw FiniteWidthDynamicsError.overflow(time: mean.time)
    }
    let inverse = sources.modes.inverse.magnitudes
    var error = inverse.product(moments.error).product(inverse, transposingRight: true)
    let shiftErrors = all(\.numericalError).map { $0 * Double(width) }
    for x in residuals.indices {
      for y in residuals.indices {
        error[x, y] += abs(residuals[x]) * shiftErrors[y] + shiftErrors[x] * abs(residuals[y])
      }
    }
    let leading = infiniteWidth.trainCovariance(response).bordered(
      cross: infiniteWidth.crossCovariance(response), corner: infiniteWidth.testCovariance(response))
    return TrainedCovariance(
      time: mean.time, width: width, output: output, infiniteWidth: leading, contributions: contributions,
      error: error, truncation: truncation)
  }
}
