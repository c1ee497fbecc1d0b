import OrreryTensors

/// The size of what infinite width leaves out of the mean over networks: order 1/n.
///
/// At width n the tangent kernel differs from Θ by a relative r^½ from network to network and by r on average, and changes by r
/// in training, with r of order L/n (Roberts, Yaida, Hanin 2021, chapters 8 and 11); r = V/(nK²), the relative variance of
/// the output's kernel, measures it. So the mean of outputs is left open by
///
/// - on training samples what all eigenvalues of Θ being larger by r, and fluctuating by r^½, makes of each mode's residual:
///   |p(λ + rλ) − p(λ)| + ½|p(λ + r^½λ) + p(λ − r^½λ) − 2p(λ)|, modes added in squares;
/// - on test samples r times the root mean square of what training has changed there, since eigenvectors differ too.
///
/// An estimate, not a bound: the coefficients of 1/n depend on activation and data, and are of order one in these units.
public struct NextOrder: Sendable {
  /// Of E f_X, (N, outputs), and of E f_*, (M, outputs): not negative.
  public var trainMean: Matrix<Double>
  public var testMean: Matrix<Double>
  /// What Θ larger by r everywhere would change: with its sign, common to all numbers. (N, outputs) and (M, outputs).
  public var commonTrain: Matrix<Double>
  public var commonTest: Matrix<Double>
  /// Of the expected training loss.
  public var trainLoss: Double
}

extension KernelDynamics {
  /// The next order at each number of steps.
  ///
  /// - Parameter relativeVariance: r ≥ 0; above 1 the expansion is void, and 1 is taken.
  /// - Throws: ``DynamicsError``.
  public func nextOrders(_ rule: DescentRule, steps: [Int], relativeVariance: Double) throws -> [NextOrder] {
    guard relativeVariance >= 0 else {
      throw DynamicsError.badNumber(name: "relative variance", value: relativeVariance)
    }
    let r = min(1, relativeVariance)
    let own = try responses(rule, steps: steps)
    let spread = r.squareRoot()
    // A faster kernel may diverge where this one does not; then half the way to the edge is as far as it goes.
    let room = rule.largestStableRate(curvature: sharpness) / max(rule.rate, .leastNormalMagnitude) - 1
    let up = min(spread, max(0, room / 2))
    let shifted = try responses(rule, steps: steps, eigenvalueFactor: 1 + min(r, up))
    let above = try responses(rule, steps: steps, eigenvalueFactor: 1 + up)
    let below = try responses(rule, steps: steps, eigenvalueFactor: 1 - up)
    return own.indices.map { index in
      nextOrder(own[index], shifted[index], above[index], below[index], r)
    }
  }

  private func nextOrder(
    _ own: ModeResponse, _ shifted: ModeResponse, _ above: ModeResponse, _ below: ModeResponse, _ r: Double
  ) -> NextOrder {
    func change(_ value: (ModeResponse, Int) -> Double) -> [Double] {
      own.residuals.indices.map { mode in
        let centre = value(own, mode)
        return abs(value(shifted, mode) - centre)
          + abs(value(above, mode) + value(below, mode) - 2 * centre) / 2
      }
    }
    let residualChange = change { $0.residuals[$1] }
    let squareChange = change { $0.residuals[$1] * $0.residuals[$1] }
    var loss = 0.0
    var train = Matrix<Double>(rows: targets.rows, columns: outputs)
    for mode in residualChange.indices {
      let target = modeTargets.row(mode)
      let variance = max(0, modeKernel[mode, mode])
      loss += squareChange[mode] * target.reduce(Double(outputs) * variance) { $0 + $1 * $1 }
      for output in 0..<outputs {
        let size = residualChange[mode] * residualChange[mode] * (target[output] * target[output] + variance)
        for sample in 0..<targets.rows { train[sample, output] += vectors[mode, sample] * vectors[mode, sample] * size }
      }
    }
    let moved = testDisplacements(own)
    return NextOrder(
      trainMean: train.mapping { $0.squareRoot() }, testMean: moved.mapping { r * $0.squareRoot() },
      commonTrain: trainMean(shifted).subtracting(trainMean(own)),
      commonTest: testMean(shifted).subtracting(testMean(own)), trainLoss: scale.loss(sumOfSquares: loss))
  }

  /// The size of the next order of the expected test loss: h Σ |residual| δf, in root mean squares over initializations.
  public func testLossNextOrder(
    _ response: ModeResponse, targets: Matrix<Double>, nextOrder: NextOrder
  ) throws -> Double {
    let scale = try SquaredErrorScale(loss, samples: targets.rows)
    let residual = testMean(response).subtracting(targets)
    let variances = testVariances(response)
    var sum = 0.0
    for sample in 0..<targets.rows {
      for output in 0..<outputs {
        let square = residual[sample, output] * residual[sample, output] + variances[sample]
        sum += 2 * square.squareRoot() * nextOrder.testMean[sample, output]
      }
    }
    return scale.loss(sumOfSquares: sum)
  }
}

extension Matrix where Scalar == Double {
  fileprivate func mapping(_ transform: (Double) -> Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: tensor.elements.map(transform))
  }
}
