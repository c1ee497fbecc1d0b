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
    let modes = infiniteWidth.eigenvalues.count
    let magnitudes = infiniteWidth.vectors.magnitudes
    var (train, test): ([FiniteWidthContribution: Matrix<Double>], [FiniteWidthContribution: Matrix<Double>]) = (
      [:], [:]
    )
    var trainError = Matrix<Double>(rows: modes, columns: outputs)
    var testError = Matrix<Double>(rows: testSamples, columns: outputs)
    let elapsed = infiniteWidth.scale.curvature * time
    for source in sources.sources {
      let moved = correction(source, elapsed)
      guard moved.train.values.tensor.elements.allSatisfy(\.isFinite),
        moved.test.values.tensor.elements.allSatisfy(\.isFinite)
      else { throw FiniteWidthDynamicsError.overflow(time: time) }
      train[source.contribution] = infiniteWidth.vectors.product(moved.train.values, transposingLeft: true)
      test[source.contribution] = moved.test.values
      trainError = trainError.adding(magnitudes.product(moved.train.errors, transposingLeft: true))
      testError = testError.adding(moved.test.errors)
    }
    return trained(time: time, response, train: (train, trainError), test: (test, testError))
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

  /// M of some rows with a bound on its numerical error.
  private struct Shift {
    var values: Matrix<Double>
    var errors: Matrix<Double>

    init(rows: Int, columns: Int) {
      values = Matrix(rows: rows, columns: columns)
      errors = values
    }
  }

  /// M of modes and test samples by one source: of a mode −Σ_k c_mk E[θ_m, k], of a test sample
  /// −Σ_k c_δk E[0, k] + Σ_m Θ_δm Σ_k c_mk E[0, θ_m, k]. At t = ∞ only integrals with one node 0 do not vanish, and coefficients do in
  /// modes of eigenvalue 0.
  private func correction(_ source: TrainingSource, _ time: Double) -> (train: Shift, test: Shift) {
    let modes = infiniteWidth.eigenvalues.count
    var train = Shift(rows: modes, columns: outputs)
    var carried = train
    for (mode, eigenvalue) in infiniteWidth.eigenvalues.enumerated() {
      let integrals = source.integrals.map { $0.inserting(eigenvalue) }
      let direct = integrals.map { $0.finite(at: time) }
      let onward = testSamples > 0 ? integrals.map { $0.inserting(0).finite(at: time) } : []
      for output in 0..<outputs {
        let (sum, error) = source.sum(mode * outputs + output, direct)
        (train.values[mode, output], train.errors[mode, output]) = (-sum, tensorError * error)
        guard testSamples > 0 else { continue }
        let (further, furtherError) = source.sum(mode * outputs + output, onward)
        (carried.values[mode, output], carried.errors[mode, output]) = (further, tensorError * furtherError)
      }
    }
    var test = Shift(rows: testSamples, columns: outputs)
    guard testSamples > 0 else { return (train, test) }
    let own = source.integrals.map { $0.inserting(0).finite(at: time) }
    for sample in 0..<testSamples {
      for output in 0..<outputs {
        let (sum, error) = source.sum((modes + sample) * outputs + output, own)
        (test.values[sample, output], test.errors[sample, output]) = (-sum, tensorError * error)
      }
    }
    test.values = test.values.adding(infiniteWidth.testModes.product(carried.values))
    test.errors = test.errors.adding(infiniteWidth.testModes.magnitudes.product(carried.errors))
    return (train, test)
  }
}

extension Matrix where Scalar == Double {
  /// ∣x∣ of each element.
  var magnitudes: Matrix { Matrix(rows: rows, columns: columns, elements: tensor.elements.map { abs($0) }) }
}

extension TrainingSource {
  /// Σ_k c_k x_k of one row, and max ∣c∣ Σ_k x_k.
  fileprivate func sum(_ row: Int, _ values: [Double]) -> (Double, error: Double) {
    coefficients.withUnsafeBuffer { c in
      values.withUnsafeBufferPointer { values in
        let start = row * values.count
        var (sum, total, largest) = (0.0, 0.0, 0.0)
        for k in values.indices {
          sum += c[start + k] * values[k]
          total += values[k]
          largest = max(largest, abs(c[start + k]))
        }
        return (sum, largest * total)
      }
    }
  }
}
