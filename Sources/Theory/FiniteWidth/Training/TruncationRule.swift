import OrreryTensors

/// The size of order 1/n², estimated from that of order 1/n.
///
/// With s the size of the shift X/n, contributions added in squares so that none hides behind another, and d the scale of what shifts,
/// δ = s max(rN, s/d): an expansion's next term is to this one as this one is to the one before, and not less than the parameter of
/// the expansion, rN, by which a fluctuating NTK moves slow modes (r = (A + 2B)/(nΘ²), N training samples). Both are of order 1/n.
///
/// d of a mean is the root mean square of what training has changed of test samples' outputs, and of training samples' what is left
/// to learn: a relative change x of a mode's rate is to order k (xθt)^k/k! of the residual, and grows in time. d of a covariance is
/// √(C_xx C_x′x′). It is an estimate and no bound: nothing beyond order 1/n is computed.
struct TruncationRule: Sendable {
  /// rN.
  let least: Double
  /// n.
  let width: Int

  /// δ from the parts of X and d.
  func size(_ parts: [Double], scale: Double) -> Double {
    let shift = parts.reduce(0.0) { $0 + $1 * $1 }.squareRoot() / Double(width)
    guard shift > 0 else { return 0 }
    return shift * max(least, scale > 0 ? shift / scale : 1)
  }

  /// δ of each element.
  func sizes(
    _ contributions: [FiniteWidthContribution: Matrix<Double>], rows: Int, columns: Int,
    scale: (_ row: Int, _ column: Int) -> Double
  ) -> Matrix<Double> {
    let parts = FiniteWidthContribution.allCases.compactMap { contributions[$0] }
    var result = Matrix<Double>(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        result[row, column] = size(parts.map { $0[row, column] }, scale: scale(row, column))
      }
    }
    return result
  }
}

extension FiniteWidthDynamics {
  var truncation: TruncationRule {
    TruncationRule(least: tangentKernelFluctuation * Double(infiniteWidth.targets.rows), width: width)
  }

  /// A mean with its errors.
  ///
  /// - Parameters:
  ///   - train: contributions to M of training samples, (N, outputs), with bounds on M's numerical error.
  ///   - test: the same of test samples.
  func trained(
    time: Double, _ response: ModeResponse,
    train: (contributions: [FiniteWidthContribution: Matrix<Double>], error: Matrix<Double>),
    test: (contributions: [FiniteWidthContribution: Matrix<Double>], error: Matrix<Double>)
  ) -> TrainedMean {
    let trainMean = infiniteWidth.trainMean(response)
    let residual = trainMean.subtracting(infiniteWidth.targets)
    let spread = infiniteWidth.trainVariances(response).reduce(0, +) * Double(infiniteWidth.outputs)
    let left = residual.rowProducts(residual).reduce(spread, +)
    let moved = infiniteWidth.testDisplacements(response).tensor.elements
    func rootMean(_ sum: Double, _ count: Int) -> Double { count > 0 ? (max(0, sum) / Double(count)).squareRoot() : 0 }
    let (trainScale, testScale) = (
      rootMean(left, trainMean.tensor.elements.count), rootMean(moved.reduce(0, +), moved.count)
    )
    func values(
      _ infiniteWidth: Matrix<Double>,
      _ part: (contributions: [FiniteWidthContribution: Matrix<Double>], error: Matrix<Double>), scale: Double
    ) -> TrainedMean.Values {
      TrainedMean.Values(
        infiniteWidth: infiniteWidth, contributions: part.contributions, width: width,
        truncationError: truncation.sizes(
          part.contributions, rows: infiniteWidth.rows, columns: infiniteWidth.columns
        ) { _, _ in scale },
        numericalError: part.error.scalingRows(by: Array(repeating: 1 / Double(width), count: part.error.rows)))
    }
    return TrainedMean(
      time: time, width: width, train: values(trainMean, train, scale: trainScale),
      test: values(infiniteWidth.testMean(response), test, scale: testScale))
  }
}
