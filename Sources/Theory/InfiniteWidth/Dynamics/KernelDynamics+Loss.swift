import OrreryTensors

/// The loss of networks drawn at random: its mean and variance over initializations.
public struct LossMoments: Hashable, Codable, Sendable {
  public var mean: Double
  public var variance: Double

  public init(mean: Double, variance: Double) {
    self.mean = mean
    self.variance = variance
  }
}

/// Losses: quadratic forms of Gaussians, with residuals of mean m and covariance C for every output,
/// E L = (h/2) Σ (|m|² + tr C) and Var L = (h/2)² Σ (2 tr C² + 4 mᵀCm).
extension KernelDynamics {
  /// The training loss over initializations, in its own convention.
  public func trainLoss(_ response: ModeResponse) -> LossMoments {
    let squares = response.residuals.map { $0 * $0 }
    var sum = 0.0
    for mode in squares.indices {
      let target = modeTargets.row(mode).reduce(0.0) { $0 + $1 * $1 }
      sum += squares[mode] * (target + Double(outputs) * modeKernel[mode, mode])
    }
    // In the eigenbasis m_a = p_a ỹ_a and C_ab = p_a K̃_ab p_b.
    let weighted = modeTargets.scalingRows(by: squares)
    let mixed = modeKernel.product(weighted)
    let linear = weighted.rowProducts(mixed).reduce(0, +)
    let covariance = modeKernel.scalingRows(by: response.residuals).scalingColumns(by: response.residuals)
    return moments(sum: sum, trace: covariance.rowProducts(covariance).reduce(0, +), linear: linear, scale)
  }

  /// The loss of test samples over initializations; a mean is one over the test samples.
  ///
  /// - Parameter targets: (M, outputs).
  /// - Throws: ``DynamicsError/shapeMismatch(what:expected:found:)``.
  public func testLoss(_ response: ModeResponse, targets: Matrix<Double>) throws -> LossMoments {
    guard targets.rows == kernels.testSamples, targets.columns == outputs else {
      throw DynamicsError.shapeMismatch(
        what: "The matrix of test targets", expected: [kernels.testSamples, outputs],
        found: [targets.rows, targets.columns])
    }
    let residual = testMean(response).subtracting(targets)
    let covariance = testCovariance(response)
    let trace = (0..<covariance.rows).reduce(0.0) { $0 + max(0, covariance[$1, $1]) }
    let sum = residual.rowProducts(residual).reduce(0, +) + Double(outputs) * trace
    return moments(
      sum: sum, trace: covariance.rowProducts(covariance).reduce(0, +),
      linear: residual.rowProducts(covariance.product(residual)).reduce(0, +),
      try SquaredErrorScale(loss, samples: targets.rows))
  }

  private func moments(sum: Double, trace: Double, linear: Double, _ scale: SquaredErrorScale) -> LossMoments {
    let half = scale.curvature / 2
    return LossMoments(mean: half * sum, variance: half * half * (2 * Double(outputs) * trace + 4 * linear))
  }
}
