import OrreryNetworks
import OrreryTensors

/// Gradient descent in steps that are not small.
extension FiniteWidthDynamics {
  /// E z after each number of steps of a rule: gradient flow, or gradient descent with any schedule.
  ///
  /// Second moments in steps are not offered: a step squares what it adds, η²J_xJ_x′, so that products of the tensors' terms and
  /// G1, D, F with P … U come in that gradient flow has not; their losses with them.
  ///
  /// Steps of size η differ from gradient flow at this order by more than (1 − ηhΘ)^k for e^(−hΘt): a step moves outputs along the
  /// curvature of the network's function too (``DescentSums``). Momentum is not offered: steps along old gradients bring tangent
  /// kernels of two times, ∂z(t)·∂z(s).
  ///
  /// - Parameter steps: none negative; their largest number k takes time of order k N³ (N + M) outputs.
  /// - Throws: ``DynamicsError``; ``FiniteWidthDynamicsError/momentum``.
  public func means(_ rule: DescentRule, steps: [Int]) throws -> [TrainedMean] {
    guard case .gradientDescent(let momentum) = rule.kind else {
      return try steps.map { try mean(time: rule.rate * Double($0)) }
    }
    guard momentum == .none else { throw FiniteWidthDynamicsError.momentum }
    let responses = try infiniteWidth.responses(rule, steps: steps)
    let sums = DescentSums(
      coefficients: sources.coefficients, blocks: blocks, dynamics: infiniteWidth, tensorError: tensorError)
    let rates = (0..<(steps.max() ?? 0)).map { rule.rate * rule.schedule.factor(at: $0, of: rule.steps) }
    let found = sums.corrections(
      rates: rates.map { infiniteWidth.scale.curvature * $0 }, after: Set(steps))
    let modes = infiniteWidth.eigenvalues.count
    let magnitudes = infiniteWidth.vectors.magnitudes
    func split(_ matrix: Matrix<Double>, _ vectors: Matrix<Double>) -> (train: Matrix<Double>, test: Matrix<Double>) {
      (
        vectors.product(matrix.selectingRows(Array(0..<modes)), transposingLeft: true),
        matrix.selectingRows(Array(modes..<matrix.rows))
      )
    }
    return try zip(steps, responses).map { step, response in
      let time = rates.prefix(step).reduce(0, +)
      guard let shifts = found[step] else { preconditionFailure("Shifts are found for every step asked for.") }
      var (train, test): ([FiniteWidthContribution: Matrix<Double>], [FiniteWidthContribution: Matrix<Double>]) = (
        [:], [:]
      )
      for (contribution, shift) in shifts.contributions {
        guard shift.tensor.elements.allSatisfy(\.isFinite) else {
          throw FiniteWidthDynamicsError.overflow(time: time)
        }
        (train[contribution], test[contribution]) = split(shift, infiniteWidth.vectors)
      }
      let errors = split(shifts.error, magnitudes)
      return trained(time: time, response, train: (train, errors.train), test: (test, errors.test))
    }
  }
}
