import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// A model that is linear in its parameters, f(x) = φ(x)·w with w ~ N(0, 1): Θ = K = φφᵀ, and training it by hand must give
/// what the closed form says, whatever the optimizer.
@Suite struct LinearModelTests {
  static let features = 6
  static let (train, test) = (4, 3)

  struct Model {
    let train: Matrix<Double>
    let test: Matrix<Double>
    let targets: Matrix<Double>
    let testTargets: Matrix<Double>

    init() {
      var random = SplitMix(seed: 11)
      func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
        Matrix(rows: rows, columns: columns, elements: random.normals(rows * columns))
      }
      train = matrix(LinearModelTests.train, LinearModelTests.features)
      test = matrix(LinearModelTests.test, LinearModelTests.features)
      targets = matrix(LinearModelTests.train, 1)
      testTargets = matrix(LinearModelTests.test, 1)
    }

    var kernels: DynamicsKernels {
      get throws {
        try DynamicsKernels(
          trainKernel: train.gram(), trainTangentKernel: train.gram(),
          crossKernel: test.product(train, transposingRight: true),
          crossTangentKernel: test.product(train, transposingRight: true), testKernel: test.gram())
      }
    }

    /// Gradient descent on w, written out.
    func trained(
      _ start: [Double], _ momentum: OptimizerMethod.Momentum, rate: Double, curvature: Double, steps: Int,
      schedule: LearningRateSchedule
    ) -> (train: [Double], test: [Double]) {
      var w = start
      var v = [Double](repeating: 0, count: w.count)
      let beta = momentum.coefficient
      for step in 0..<steps {
        let residual = zip(train.product(w), targets.tensor.elements).map { curvature * ($0 - $1) }
        let gradient = train.product(residual, transposing: true)
        let eta = rate * schedule.factor(at: step, of: steps)
        for i in w.indices {
          switch momentum {
          case .none: w[i] -= eta * gradient[i]
          case .heavyBall:
            v[i] = beta * v[i] + gradient[i]
            w[i] -= eta * v[i]
          case .exponentialMovingAverage:
            v[i] = beta * v[i] + (1 - beta) * gradient[i]
            w[i] -= eta * v[i]
          case .nesterov:
            v[i] = beta * v[i] + gradient[i]
            w[i] -= eta * (gradient[i] + beta * v[i])
          }
        }
      }
      return (train.product(w), test.product(w))
    }
  }

  static let rules: [(OptimizerMethod.Momentum, LearningRateSchedule)] = [
    (.none, LearningRateSchedule()), (.none, LearningRateSchedule(.cosine(final: 0.1), warmUp: 3)),
    (.heavyBall(0.8), LearningRateSchedule()), (.exponentialMovingAverage(0.9), LearningRateSchedule()),
    (.nesterov(0.7), LearningRateSchedule(.linear(final: 0))),
  ]

  /// From a given start every rule's closed form is the training itself.
  @Test(arguments: rules.indices) func trajectory(_ index: Int) throws {
    let (momentum, schedule) = Self.rules[index]
    let model = Model()
    let loss = Loss.meanSquaredError(reduction: .mean, half: false)
    let dynamics = try KernelDynamics(model.kernels, targets: model.targets, loss: loss)
    var random = SplitMix(seed: 12)
    let start = random.normals(Self.features)
    let steps = 37
    let rate = 0.4 / dynamics.sharpness
    let rule = try DescentRule(.gradientDescent(momentum), rate: rate, schedule: schedule, steps: steps)
    let response = try dynamics.responses(rule, steps: [0, steps])
    let found = dynamics.trajectory(
      from: Matrix(rows: Self.train, columns: 1, elements: model.train.product(start)),
      test: Matrix(rows: Self.test, columns: 1, elements: model.test.product(start)), response[1])
    let expected = model.trained(
      start, momentum, rate: rate, curvature: dynamics.scale.curvature, steps: steps, schedule: schedule)
    #expect(relativeError(found.train.tensor.elements, expected.train) < 1e-11)
    #expect(relativeError(found.test.tensor.elements, expected.test) < 1e-11)
    #expect(response[0] == ModeResponse(initial: Self.train))
  }

  /// Mean, variance, covariance and losses over draws of w.
  @Test func ensemble() throws {
    let model = Model()
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    let dynamics = try KernelDynamics(model.kernels, targets: model.targets, loss: loss)
    let rate = 0.3 / dynamics.sharpness
    let steps = 8
    let response = try dynamics.responses(DescentRule(.gradientDescent(), rate: rate), steps: [steps])[0]
    let stream = RandomStream(seed: 5, purpose: .test)
    let networks = 20_000
    let draws = stream.normals(count: networks * Self.features)
    var moments = StreamingCovariance(variables: Self.train + Self.test)
    var (trainLoss, testLoss) = (StreamingMoments(), StreamingMoments())
    for network in 0..<networks {
      let w = draws[(network * Self.features)..<((network + 1) * Self.features)].map { Double($0) }
      let end = model.trained(
        w, .none, rate: rate, curvature: 1, steps: steps, schedule: LearningRateSchedule())
      moments.add(end.train + end.test)
      trainLoss.add(zip(end.train, model.targets.tensor.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2)
      testLoss.add(
        zip(end.test, model.testTargets.tensor.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2)
    }
    let means = dynamics.trainMean(response).tensor.elements + dynamics.testMean(response).tensor.elements
    checkMonteCarloAgrees(
      predicted: means, measured: moments.means, standardError: moments.estimates.map(\.error))
    // Gaussian variables: the standard error of a covariance is √((C_ii C_jj + C_ij²)/M).
    let cross = dynamics.crossCovariance(response)
    let covariances: [(Int, Int, Double)] =
      (0..<Self.train).flatMap { i in (0...i).map { (i, $0, dynamics.trainCovariance(response)[i, $0]) } }
      + (0..<Self.test).flatMap { i in
        (0...i).map { (i + Self.train, $0 + Self.train, dynamics.testCovariance(response)[i, $0]) }
      }
      + (0..<Self.test).flatMap { i in (0..<Self.train).map { (i + Self.train, $0, cross[i, $0]) } }
    let measured = moments.covariance
    checkMonteCarloAgrees(
      predicted: covariances.map(\.2), measured: covariances.map { measured[$0.0, $0.1] },
      standardError: covariances.map { i, j, value in
        ((measured[i, i] * measured[j, j] + value * value) / Double(networks)).squareRoot()
      })
    let forecast = dynamics.trainLoss(response)
    let testForecast = try dynamics.testLoss(response, targets: model.testTargets)
    let found = [trainLoss.estimate, trainLoss.varianceEstimate, testLoss.estimate, testLoss.varianceEstimate]
    checkMonteCarloAgrees(
      predicted: [forecast.mean, forecast.variance, testForecast.mean, testForecast.variance],
      measured: found.map(\.value), standardError: found.map(\.error))
  }

  /// Heavy ball and Nesterov are stable up to their bounds and not beyond.
  @Test(arguments: [
    OptimizerMethod.Momentum.none, .heavyBall(0.9), .exponentialMovingAverage(0.9), .nesterov(0.9),
  ]) func stability(_ momentum: OptimizerMethod.Momentum) throws {
    let model = Model()
    let dynamics = try KernelDynamics(
      model.kernels, targets: model.targets, loss: .meanSquaredError(reduction: .sum, half: true))
    let bound = try DescentRule(.gradientDescent(momentum)).largestStableRate(curvature: dynamics.sharpness)
    let below = try dynamics.responses(DescentRule(.gradientDescent(momentum), rate: 0.99 * bound), steps: [20_000])[0]
    #expect(abs(below.residuals.last!) < 1e-6)
    #expect(throws: DynamicsError.self) {
      try dynamics.responses(DescentRule(.gradientDescent(momentum), rate: 1.01 * bound), steps: [50_000])
    }
  }

  /// What fluctuations of the kernel add to the mean of P and P², beside random symmetric matrices of the variances assumed.
  @Test func fluctuations() throws {
    let model = Model()
    let dynamics = try KernelDynamics(
      model.kernels, targets: model.targets, loss: .meanSquaredError(reduction: .sum, half: true))
    let eigenvalues = dynamics.eigenvalues
    let (count, r, time) = (eigenvalues.count, 0.004, 0.5)
    var random = SplitMix(seed: 12)
    for power in [1.0, 2] {
      func value(_ x: Double) -> Double { exp(-power * time * x) }
      let predicted = dynamics.fluctuation(
        eigenvalues.map(value), slopes: eigenvalues.map { -power * time * $0 * value($0) },
        bends: eigenvalues.map { power * power * time * time * $0 * $0 * value($0) })
      var moments = [StreamingMoments](repeating: StreamingMoments(), count: count)
      for _ in 0..<20_000 {
        var noise = Matrix<Double>(rows: count, columns: count)
        for i in 0..<count {
          for j in 0...i {
            noise[i, j] =
              (0.5 * r * eigenvalues[i] * eigenvalues[j] * (i == j ? 2 : 1)).squareRoot() * random.normal()
            noise[j, i] = noise[i, j]
          }
        }
        // Both signs: what is odd in the noise cancels.
        var found = [Double](repeating: 0, count: count)
        for sign in [1.0, -1] {
          var kernel = noise
          for i in 0..<count {
            for j in 0..<count { kernel[i, j] = sign * noise[i, j] + (i == j ? eigenvalues[i] : 0) }
          }
          let modes = try kernel.symmetricEigendecomposition()
          for i in 0..<count {
            for mode in 0..<count {
              found[i] += modes.vectors[mode, i] * modes.vectors[mode, i] * value(modes.values[mode]) / 2
            }
          }
        }
        for i in 0..<count { moments[i].add((found[i] - value(eigenvalues[i])) / r) }
      }
      for i in 0..<count {
        let measured = moments[i].estimate
        // The next order is r times as large, with coefficients of the number of modes.
        checkMonteCarloAgrees(
          predicted: predicted[i], measured: measured.value, standardError: measured.error,
          systematic: Double(count) * r * abs(predicted[i]))
      }
    }
  }

  /// The next order is that of a kernel which is off by a part of r: linear in r, and 0 for r = 0.
  @Test func nextOrder() throws {
    let model = Model()
    let dynamics = try KernelDynamics(
      model.kernels, targets: model.targets, loss: .meanSquaredError(reduction: .sum, half: true))
    let rule = try DescentRule(.gradientDescent(), rate: 0.3 / dynamics.sharpness)
    let none = try dynamics.nextOrders(rule, steps: [5], relativeVariance: 0)[0]
    #expect(none.trainMean.tensor.elements.allSatisfy { $0 == 0 })
    #expect(none.testMean.tensor.elements.allSatisfy { $0 == 0 })
    #expect(none.trainLoss == 0)
    let sizes = [1000.0, 2000, 4000]
    let orders = try sizes.map { try dynamics.nextOrders(rule, steps: [5], relativeVariance: 1 / $0)[0] }
    checkConvergenceOrder(
      sizes: sizes, errors: orders.map { $0.trainMean[0, 0] }, order: 1, tolerance: 0.02)
    checkConvergenceOrder(sizes: sizes, errors: orders.map(\.trainLoss), order: 1, tolerance: 0.02)
    let start = try dynamics.nextOrders(rule, steps: [0], relativeVariance: 0.1)[0]
    #expect(start.trainMean.tensor.elements.allSatisfy { $0 == 0 })
  }
}
