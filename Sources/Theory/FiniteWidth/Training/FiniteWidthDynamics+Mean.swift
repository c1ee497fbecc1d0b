import OrreryTensors

/// The mean output at order 1/n.
extension FiniteWidthDynamics {
  /// E z at a time of gradient flow on the loss, dθ/dt = −λ ∂L/∂θ; t = ∞ is the end of training.
  ///
  /// At the end the training samples are learned to every order, in all modes of Θ with an eigenvalue above 0; others stay, to
  /// every order too, where the tensors vanish in them as Θ does.
  ///
  /// - Throws: ``DynamicsError/badNumber(name:value:)``; ``FiniteWidthDynamicsError/endless(modes:coupling:)`` at t = ∞ where the
  ///   tensors do not vanish in a mode whose eigenvalue is 0.
  public func mean(time: Double) throws -> TrainedMean {
    let response = try response(time)
    var train: [FiniteWidthContribution: Matrix<Double>] = [:]
    var test = train
    let elapsed = infiniteWidth.scale.curvature * time
    for source in sources.sources {
      let moved = correction(source, elapsed)
      guard moved.train.tensor.elements.allSatisfy(\.isFinite), moved.test.tensor.elements.allSatisfy(\.isFinite) else {
        throw FiniteWidthDynamicsError.overflow(time: time)
      }
      train[source.contribution] = infiniteWidth.vectors.product(moved.train, transposingLeft: true)
      test[source.contribution] = moved.test
    }
    return TrainedMean(
      time: time, width: width,
      train: .init(infiniteWidth: infiniteWidth.trainMean(response), contributions: train, width: width),
      test: .init(infiniteWidth: infiniteWidth.testMean(response), contributions: test, width: width))
  }

  /// Infinite width at a time that order 1/n is defined at.
  func response(_ time: Double) throws -> ModeResponse {
    let response = try infiniteWidth.gradientFlow(time: time)
    if time == .infinity, nullCoupling > nullTolerance {
      throw FiniteWidthDynamicsError.endless(
        modes: infiniteWidth.eigenvalues.count { $0 <= 0 }, coupling: nullCoupling)
    }
    return response
  }

  private var outputs: Int { infiniteWidth.outputs }
  private var testSamples: Int { infiniteWidth.kernels.testSamples }

  /// M of modes and test samples by one source: of a mode −Σ_k c_mk E[θ_m, k], of a test sample
  /// −Σ_k c_δk E[0, k] + Σ_m Θ_δm Σ_k c_mk E[0, θ_m, k]. At t = ∞ only integrals with one node 0 do not vanish, and coefficients do in
  /// modes of eigenvalue 0.
  private func correction(_ source: TrainingSource, _ time: Double) -> (train: Matrix<Double>, test: Matrix<Double>) {
    let modes = infiniteWidth.eigenvalues.count
    var train = Matrix<Double>(rows: modes, columns: outputs)
    var carried = train
    for (mode, eigenvalue) in infiniteWidth.eigenvalues.enumerated() {
      let integrals = source.integrals.map { $0.inserting(eigenvalue) }
      let direct = integrals.map { $0.finite(at: time) }
      let onward = testSamples > 0 ? integrals.map { $0.inserting(0).finite(at: time) } : []
      for output in 0..<outputs {
        train[mode, output] = -source.sum(mode * outputs + output, direct)
        if testSamples > 0 { carried[mode, output] = source.sum(mode * outputs + output, onward) }
      }
    }
    guard testSamples > 0 else { return (train, Matrix(rows: 0, columns: outputs)) }
    let own = source.integrals.map { $0.inserting(0).finite(at: time) }
    return (train, tests(source, own, carried: carried))
  }

  private func tests(_ source: TrainingSource, _ own: [Double], carried: Matrix<Double>) -> Matrix<Double> {
    let first = infiniteWidth.eigenvalues.count
    let direct = Matrix(
      rows: testSamples, columns: outputs,
      elements: (0..<testSamples * outputs).map { source.sum(first * outputs + $0, own) })
    return infiniteWidth.testModes.product(carried).subtracting(direct)
  }
}

extension TrainingSource {
  /// Σ_k c_k x_k of one row.
  fileprivate func sum(_ row: Int, _ values: [Double]) -> Double {
    coefficients.withUnsafeBuffer { c in
      values.withUnsafeBufferPointer { values in
        let start = row * values.count
        return values.indices.reduce(0.0) { $0 + c[start + $1] * values[$1] }
      }
    }
  }
}
