import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// A perceptron, data and an optimizer of numbers, as training at infinite width takes them.
struct DynamicsSetting: Sendable {
  let network: PerceptronView
  let train: Matrix<Double>
  let targets: Matrix<Double>
  let test: Matrix<Double>?
  let testTargets: Matrix<Double>?
  let optimizer: Optimizer
  let dynamics: KernelDynamics
  let rule: DescentRule

  init(
    _ network: PerceptronView, train: Matrix<Double>, targets: Matrix<Double>, test: Matrix<Double>?,
    testTargets: Matrix<Double>?, optimizer: Optimizer
  ) throws {
    self.network = network
    self.train = train
    self.targets = targets
    self.test = test.flatMap { $0.rows > 0 ? $0 : nil }
    self.testTargets = self.test == nil ? nil : testTargets
    self.optimizer = optimizer
    let kernels = try DynamicsKernels(network, train: train, test: self.test, multipliers: optimizer.multipliers)
    dynamics = try KernelDynamics(kernels, targets: targets, loss: optimizer.loss)
    switch (optimizer.method, optimizer.learningRate.value) {
    case (.gradientDescent(let momentum), let rate?):
      rule = try DescentRule(
        .gradientDescent(momentum), rate: rate, schedule: optimizer.schedule, steps: optimizer.steps)
    case (.gradientFlow(let flow), _):
      rule = try DescentRule(.gradientFlow, rate: flow.endTime / Double(Optimizer.flowTimes))
    default:
      throw StudyError(
        .unusable,
        "Training at infinite width takes gradient-flow, or gradient-descent with a learning rate that is a number.")
    }
  }

  var largestStableRate: Double { rule.largestStableRate(curvature: dynamics.sharpness) }

  /// The first samples only, at a learning rate that is the same part of the largest stable one.
  func first(_ samples: Int, tests: Int, network: PerceptronView, steps: Int) throws -> DynamicsSetting {
    func part(_ matrix: Matrix<Double>, _ count: Int) -> Matrix<Double> {
      matrix.selectingRows(Array(0..<min(count, matrix.rows)))
    }
    var optimizer = optimizer
    optimizer.steps = steps
    let same = try DynamicsSetting(
      network, train: part(train, samples), targets: part(targets, samples),
      test: tests > 0 ? test.map { part($0, tests) } : nil,
      testTargets: tests > 0 ? testTargets.map { part($0, tests) } : nil, optimizer: optimizer)
    let ratio = dynamics.sharpness / same.dynamics.sharpness
    optimizer.learningRate = .value(rule.rate * ratio)
    return try DynamicsSetting(
      network, train: same.train, targets: same.targets, test: same.test, testTargets: same.testTargets,
      optimizer: optimizer)
  }

  /// V/(nK²) of the output on an input of typical size, with what weights that are not Gaussian add: the relative size of order 1/n.
  static func relativeVariance(_ network: PerceptronView, meanSquaredInput: Double) -> Double {
    let flow = SingleInputFlow(
      network.architecture.activation, layers: network.layers, fanIns: network.fanIns,
      meanSquaredInput: meanSquaredInput, parametrization: network.parametrization)
    guard let last = flow.layers.last else { return 0 }
    return last.relativeVariance + last.relativeNonGaussianShift
  }
}
