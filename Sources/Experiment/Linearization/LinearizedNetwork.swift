import OrreryNetworks
import OrreryTensors

/// The linearization of a network at its initialization, f_lin = f(0) + J (w − w(0)), in terms of its outputs: f(0) and the
/// empirical tangent kernel Ĥ = JJᵀ between training samples, and between all samples and training samples.
///
/// Outputs are laid out (sample, output), training samples first. J. Lee et al. 2019, arXiv:1902.06720.
package struct LinearizedNetwork: Sendable {
  /// f(0): (samples, outputs).
  package let initial: Matrix<Double>
  /// Ĥ: (samples · outputs, training samples · outputs).
  package let tangentKernel: Matrix<Double>
  package let trainSamples: Int

  package var outputs: Int { initial.columns }
  package var samples: Int { initial.rows }

  /// - Parameter kernel: Ĥ between all samples, (samples · outputs, samples · outputs).
  init<Scalar: TrainingScalar>(_ outputs: Matrix<Double>, kernel: [Scalar], trainSamples: Int) {
    initial = outputs
    let (all, train) = (outputs.rows * outputs.columns, trainSamples * outputs.columns)
    tangentKernel = Matrix(
      rows: all, columns: train,
      elements: (0..<all).flatMap { row in (row * all..<row * all + train).map { Double(kernel[$0]) } })
    self.trainSamples = trainSamples
  }

  /// Trains it as the optimizer trains the network: gradient descent on the whole training set under squared error.
  ///
  /// - Parameters:
  ///   - targets: (training samples, outputs).
  ///   - steps: ascending.
  /// - Returns: f_lin of all samples after each number of steps, (samples, outputs).
  package func trained(_ optimizer: Optimizer, targets: Matrix<Double>, steps: [Int]) throws -> [Matrix<Double>] {
    guard case .gradientDescent(let momentum) = optimizer.method, optimizer.batch == .full,
      optimizer.weightDecay.coefficient == 0, optimizer.clipping == .none, let rate = optimizer.learningRate.value,
      case .meanSquaredError(let reduction, let half) = optimizer.loss
    else { throw ExperimentError.notLinearized }
    let curvature = (half ? 1.0 : 2) / (reduction == .mean ? Double(trainSamples) : 1)
    let beta = momentum.coefficient
    let count = trainSamples * outputs
    var f = initial.tensor.elements
    let y = targets.tensor.elements
    // In the space of training outputs, in which every gradient is Jᵀ of something.
    var velocity = [Double](repeating: 0, count: count)
    var results: [Matrix<Double>] = []
    for step in 0...(steps.last ?? 0) {
      if steps.contains(step) { results.append(Matrix(rows: samples, columns: outputs, elements: f)) }
      let eta = rate * optimizer.schedule.factor(at: step, of: optimizer.steps)
      var direction = (0..<count).map { curvature * (f[$0] - y[$0]) }
      switch momentum {
      case .none: break
      case .heavyBall:
        for i in 0..<count { velocity[i] = beta * velocity[i] + direction[i] }
        direction = velocity
      case .exponentialMovingAverage:
        for i in 0..<count { velocity[i] = beta * velocity[i] + (1 - beta) * direction[i] }
        direction = velocity
      case .nesterov:
        for i in 0..<count {
          velocity[i] = beta * velocity[i] + direction[i]
          direction[i] += beta * velocity[i]
        }
      }
      let moved = tangentKernel.product(direction)
      for i in f.indices { f[i] -= eta * moved[i] }
    }
    return results
  }
}
