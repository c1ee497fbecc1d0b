import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Two steps of each rule on three parameters, from the papers' formulas in decimal arithmetic of 40 digits, outside of this
/// project: w = (1, −2, ½), η = 0.1, g₁ = (0.1, −0.2, 0.4), g₂ = (0.3, 0.1, −0.5).
@Suite struct HandComputedStepTests {
  private static let start = [1, -2, 0.5]
  private static let gradients = [[0.1, -0.2, 0.4], [0.3, 0.1, -0.5]]

  private static func optimizer(_ method: OptimizerMethod, _ decay: WeightDecay? = nil) -> Optimizer {
    Optimizer(
      method, learningRate: .value(0.1), weightDecay: decay ?? WeightDecay(0, method.usualWeightDecayKind), steps: 2,
      loss: UpdateCases.loss)
  }

  private static let cases: [(Optimizer, [Double])] = [
    (optimizer(.gradientDescent()), [0.96, -1.99, 0.51]),
    (optimizer(.sgd(.heavyBall(0.9))), [0.951, -1.972, 0.474]),
    (optimizer(.sgd(.exponentialMovingAverage(0.9))), [0.9951, -1.9972, 0.4974]),
    (optimizer(.sgd(.nesterov(0.9))), [0.9159, -1.9648, 0.4866]),
    (optimizer(.adam()), [0.808221902205589256, -1.87336630271867558, 0.416273228307570059]),
    (
      optimizer(.adam(.init(epsilon: 0.01, epsilonPlacement: .insideRoot))),
      [0.845504958457056643, -1.88804865808083208, 0.418876063646114484]
    ),
    (
      optimizer(.adam(.init(epsilon: 0.01, hasBiasCorrection: false))),
      [0.729020432091438979, -1.83061449499170357, 0.369682023639965324]
    ),
    (optimizer(.rmsProp()), [0.382261019708394079, -1.83121421839892407, 0.435668607222744586]),
    (optimizer(.lion()), [0.8, -2, 0.5]),
    // Weight decay of 0.1: the two kinds are one for gradient descent, and two for all that remember.
    (optimizer(.gradientDescent(), .init(0.1, .decoupled)), [0.9402, -1.9504, 0.50045]),
    (optimizer(.gradientDescent(), .init(0.1, .coupled)), [0.9402, -1.9504, 0.50045]),
    (optimizer(.sgd(.heavyBall(0.9)), .init(0.1, .coupled)), [0.9222, -1.9144, 0.45995]),
    (optimizer(.sgd(.heavyBall(0.9)), .init(0.1, .decoupled)), [0.9312, -1.9324, 0.46445]),
    (
      optimizer(.adam(), .init(0.1, .coupled)), [0.803214755167582385, -1.81828755467730930, 0.406361641983562097]
    ),
    (
      optimizer(.adam(), .init(0.1, .decoupled)), [0.789321902105589266, -1.83456630266867558, 0.407323228282570060]
    ),
    (optimizer(.adamW(), .init(0.1, .decoupled)), [0.789321902105589266, -1.83456630266867558, 0.407323228282570060]),
    (optimizer(.lion(), .init(0.1, .decoupled)), [0.7811, -1.9612, 0.49105]),
  ]

  @Test(arguments: cases.indices)
  func doublePrecision(index: Int) throws {
    let (optimizer, expected) = Self.cases[index]
    let found = try UpdateCases.run(
      optimizer, from: Self.start, gradients: Self.gradients, layout: UpdateCases.small())
    // A dozen roundings of numbers below 2.
    #expect(elementwiseRelativeError(found, expected) < 1e-15 * 8, "\(optimizer.method): \(found)")
  }

  @Test(arguments: cases.indices)
  func singlePrecision(index: Int) throws {
    let (optimizer, expected) = Self.cases[index]
    let found = try UpdateCases.run(
      optimizer, from: Self.start.map(Float.init), gradients: Self.gradients.map { $0.map(Float.init) },
      layout: UpdateCases.small())
    #expect(elementwiseRelativeError(found.map(Double.init), expected) < 2e-6, "\(optimizer.method): \(found)")
  }

  /// Biases that do not decay.
  @Test func decayOfWeightsSparesBiases() throws {
    let found = try UpdateCases.run(
      Self.optimizer(.gradientDescent(), .init(0.1, .decoupled, of: .weights)), from: Self.start,
      gradients: Self.gradients, layout: UpdateCases.small())
    #expect(elementwiseRelativeError(found, [0.9402, -1.9504, 0.51]) < 1e-14)
  }

  @Test func multipliersAndSchedulesMultiplyTheRate() throws {
    var optimizer = Self.optimizer(.gradientDescent())
    optimizer.multipliers = ["W1": 2, "hidden-bias": 0]
    optimizer.schedule = LearningRateSchedule(.table([1: 0.5]))
    let found = try UpdateCases.run(
      optimizer, from: Self.start, gradients: Self.gradients, layout: UpdateCases.small())
    // 1 − 0.2 · 0.1 − 0.1 · 0.3, −2 + 0.2 · 0.2 − 0.1 · 0.1, and a bias that stays.
    #expect(elementwiseRelativeError(found, [0.95, -1.97, 0.5]) < 1e-15)
  }
}
