import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Training at infinite width: against neural-tangents, kernel regression, its own small steps, and singular kernels.
@Suite struct KernelDynamicsTests {
  /// Two hidden layers of erf, ten training and five test samples, two outputs.
  struct Reference {
    let kernels: DynamicsKernels
    let targets: Matrix<Double>
    let file: JSONValue

    init() throws {
      file = try Fixtures.json("infinite_width")["dynamics"]
      let layer = LayerInitialization(weightVariance: 2.25, biasVariance: 0.04)
      let train = Matrix(try file["x_train"].rows)
      let network = PerceptronView(
        architecture: MultilayerPerceptron(depth: 2, width: 64, activation: Activation(.erf), outputs: 2),
        inputs: train.columns, layers: Array(repeating: layer, count: 3), parametrization: .ntk)
      kernels = try DynamicsKernels(network, train: train, test: Matrix(try file["x_test"].rows))
      targets = Matrix(try file["y_train"].rows)
    }

    /// Only the last layer is trained: Θ = K.
    var lastLayerOnly: DynamicsKernels {
      get throws {
        try DynamicsKernels(
          trainKernel: kernels.trainKernel, trainTangentKernel: kernels.trainKernel, crossKernel: kernels.crossKernel,
          crossTangentKernel: kernels.crossKernel, testKernel: kernels.testKernel)
      }
    }
  }

  static let sum = Loss.meanSquaredError(reduction: .sum, half: true)

  /// Means and covariances of neural-tangents 0.6.5 at four times, of the whole network and of its last layer alone. Its
  /// loss is Σ(f − y)²/(2 · 20), so that its time is 20 of ours.
  @Test func reference() throws {
    let reference = try Reference()
    var cases = 0
    for entry in try reference.file["ensemble"].elements {
      let isWhole = try entry["get"].string == "ntk"
      let dynamics = try KernelDynamics(
        isWhole ? reference.kernels : reference.lastLayerOnly, targets: reference.targets, loss: Self.sum)
      let time = try entry["t"].isNull ? Double.infinity : entry["t"].double / 20
      let response = try dynamics.gradientFlow(time: time)
      let isTest = try entry["on"].string == "test"
      let mean = isTest ? dynamics.testMean(response) : dynamics.trainMean(response)
      let covariance = isTest ? dynamics.testCovariance(response) : dynamics.trainCovariance(response)
      let scale = isTest || time < .infinity ? 1.0 : 1e-9
      #expect(relativeError(mean.tensor.elements, try entry["mean"].flattened) < 1e-9)
      let expected = try entry["cov"].flattened
      let worst = zip(covariance.tensor.elements, expected).map { abs($0 - $1) }.max()!
      #expect(worst < 1e-9 * scale + 1e-10, "\(entry.path): \(worst)")
      let variances = isTest ? dynamics.testVariances(response) : dynamics.trainVariances(response)
      for i in variances.indices { #expect(abs(variances[i] - covariance[i, i]) < 1e-12) }
      cases += 1
    }
    #expect(cases == 16)
  }

  /// A given initial function under given kernels, at the same times.
  @Test func singleNetwork() throws {
    let reference = try Reference()
    let single = reference.file["single"]
    var kernels = reference.kernels
    kernels.trainTangentKernel = Matrix(try single["k_train_train"].rows)
    kernels.crossTangentKernel = Matrix(try single["k_test_train"].rows)
    let dynamics = try KernelDynamics(kernels, targets: reference.targets, loss: Self.sum)
    let (train, test) = (Matrix(try single["fx_train_0"].rows), Matrix(try single["fx_test_0"].rows))
    for entry in try single["at"].elements {
      let time = try entry["t"].isNull ? Double.infinity : entry["t"].double / 20
      let found = dynamics.trajectory(from: train, test: test, try dynamics.gradientFlow(time: time))
      #expect(relativeError(found.train.tensor.elements, try entry["fx_train"].flattened) < 1e-9)
      #expect(relativeError(found.test.tensor.elements, try entry["fx_test"].flattened) < 1e-9)
    }
  }

  /// The largest learning rate of neural-tangents' gradient descent under its loss.
  @Test func stabilityBound() throws {
    let reference = try Reference()
    let dynamics = try KernelDynamics(reference.kernels, targets: reference.targets, loss: Self.sum)
    let bound = try DescentRule(.gradientDescent()).largestStableRate(curvature: dynamics.sharpness)
    #expect(relativeError(20 * bound, try reference.file["max_learning_rate"].double) < 1e-9)
    // Mean losses have 1/N of the curvature, losses without ½ twice of it.
    for (loss, factor) in [
      (Loss.meanSquaredError(reduction: .sum, half: false), 2.0),
      (.meanSquaredError(reduction: .mean, half: true), 0.1),
      (.meanSquaredError(reduction: .mean, half: false), 0.2),
    ] {
      let other = try KernelDynamics(reference.kernels, targets: reference.targets, loss: loss)
      #expect(relativeError(other.sharpness, factor * dynamics.sharpness) < 1e-14)
    }
    // Just below it outputs stay, just above they leave the numbers.
    let steps = [200_000]
    let below = try DescentRule(.gradientDescent(), rate: 0.999 * bound)
    #expect(try dynamics.responses(below, steps: steps)[0].residuals.allSatisfy { abs($0) <= 1 })
    let above = try DescentRule(.gradientDescent(), rate: 1.01 * bound)
    #expect(throws: DynamicsError.diverges(rate: above.rate, largestStable: bound, step: 200_000)) {
      try dynamics.responses(above, steps: steps)
    }
  }

  /// After long training: kernel regression with Θ, Θ_{*X}Θ⁻¹y, solved directly.
  @Test func limitIsKernelRegression() throws {
    let reference = try Reference()
    let kernels = reference.kernels
    let dynamics = try KernelDynamics(kernels, targets: reference.targets, loss: Self.sum)
    let regression = kernels.crossTangentKernel.product(try kernels.trainTangentKernel.solve(reference.targets))
    #expect(relativeError(dynamics.testMean(dynamics.limit).tensor.elements, regression.tensor.elements) < 1e-9)
    #expect(
      relativeError(dynamics.trainMean(dynamics.limit).tensor.elements, reference.targets.tensor.elements) < 1e-11)
    let rule = try DescentRule(.gradientDescent(), rate: 1 / dynamics.sharpness)
    let late = try dynamics.responses(rule, steps: [1_000_000])[0]
    #expect(relativeError(dynamics.testMean(late).tensor.elements, regression.tensor.elements) < 1e-9)
    #expect(dynamics.trainLoss(late).mean < 1e-20)
  }

  /// Gradient descent at constant ηk tends to gradient flow with an error of order η.
  @Test func smallStepsFlow() throws {
    let reference = try Reference()
    let dynamics = try KernelDynamics(reference.kernels, targets: reference.targets, loss: Self.sum)
    let time = 2 / dynamics.sharpness
    let flow = try dynamics.gradientFlow(time: time)
    let sizes = [100, 200, 400, 800]
    let errors = try sizes.map { steps -> Double in
      let rule = try DescentRule(.gradientDescent(), rate: time / Double(steps))
      let response = try dynamics.responses(rule, steps: [steps])[0]
      let (mean, exact) = (dynamics.testMean(response), dynamics.testMean(flow))
      let (spread, exactSpread) = (dynamics.testVariances(response), dynamics.testVariances(flow))
      return max(
        relativeError(mean.tensor.elements, exact.tensor.elements), relativeError(spread, exactSpread))
    }
    checkConvergenceOrder(sizes: sizes.map(Double.init), errors: errors, order: 1, tolerance: 0.05)
    let rule = try DescentRule(.gradientFlow, rate: time / 10)
    let same = try dynamics.responses(rule, steps: [10])[0]
    #expect(relativeError(same.residuals, flow.residuals) < 1e-12)
  }

  /// A sample given twice: the difference of its two outputs never moves, and nothing is NaN.
  @Test func singularKernel() throws {
    var random = SplitMix(seed: 3)
    let one = random.normals(4)
    let two = random.normals(4)
    let layer = LayerInitialization(weightVariance: 1, biasVariance: 0)
    let network = PerceptronView(
      architecture: MultilayerPerceptron(depth: 1, width: 8, activation: Activation(.tanh)), inputs: 4,
      layers: [layer, layer], parametrization: .ntk)
    let kernels = try DynamicsKernels(network, train: Matrix([one, one, two]), test: Matrix([random.normals(4)]))
    let dynamics = try KernelDynamics(kernels, targets: Matrix([[1], [-2], [0.5]]), loss: Self.sum)
    #expect(dynamics.eigenvalues[0] == 0)
    #expect(dynamics.eigenvalues[1] > 0)
    let end = dynamics.limit
    let mean = dynamics.trainMean(end)
    #expect(abs(mean[0, 0] - mean[1, 0]) < 1e-12)
    #expect(abs(mean[0, 0] + 0.5) < 1e-12)
    #expect(abs(mean[2, 0] - 0.5) < 1e-12)
    // The mode that stays: ½ (1 − (−2))²/2.
    #expect(abs(dynamics.trainLoss(end).mean - 2.25) < 1e-10)
    #expect(dynamics.testMean(end)[0, 0].isFinite)
    #expect(dynamics.testVariances(end)[0] >= 0)
  }

  /// What cannot be trained so says why.
  @Test func badInput() throws {
    let reference = try Reference()
    #expect(throws: DynamicsError.notSquaredError(loss: "cross-entropy")) {
      try KernelDynamics(reference.kernels, targets: reference.targets, loss: .crossEntropy)
    }
    #expect(throws: DynamicsError.self) {
      try KernelDynamics(reference.kernels, targets: Matrix([[1]]), loss: Self.sum)
    }
    #expect(throws: DynamicsError.badNumber(name: "momentum", value: 1)) {
      try DescentRule(.gradientDescent(.heavyBall(1)), rate: 0.1)
    }
    #expect(throws: DynamicsError.self) { try DescentRule(.gradientDescent(), rate: .nan) }
    var broken = reference.kernels
    broken.trainTangentKernel[0, 0] = -100
    #expect(throws: DynamicsError.self) { try KernelDynamics(broken, targets: reference.targets, loss: Self.sum) }
    let dynamics = try KernelDynamics(reference.kernels, targets: reference.targets, loss: Self.sum)
    #expect(throws: DynamicsError.self) { try dynamics.gradientFlow(time: -1) }
    #expect(throws: DynamicsError.self) { try dynamics.testLoss(dynamics.limit, targets: Matrix([[1, 2]])) }
  }
}
