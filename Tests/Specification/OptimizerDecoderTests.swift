import OrreryNetworks
import OrrerySpecification
import Testing

@Suite struct OptimizerDecoderTests {
  private func optimizer(_ text: String) throws -> Optimizer {
    let point = try #require(
      Specification.studies(yaml: "orrery: 1\noptimizer: \(text)", origin: "mine.yaml").first)
    return try #require(point.study.optimizer)
  }

  private static let mse = Loss.meanSquaredError(reduction: .sum, half: true)

  @Test func everythingAtOnce() throws {
    let read = try optimizer(
      """
      {
        adam: {
          learning-rate: 1e-3, batch: 128, steps: 800, betas: [0.9, 0.99], epsilon: 1e-6, weight-decay: 0.1,
          epsilon-placement: inside-root, bias-correction: false,
          schedule: { cosine: { warm-up: 100, final: 0.1 } }, clip: { global: 1 }, multipliers: { W1: 2, readout: 0.5 }
        },
        loss: cross-entropy
      }
      """)
    #expect(
      read
        == Optimizer(
          .adam(
            .init(beta1: 0.9, beta2: 0.99, epsilon: 1e-6, epsilonPlacement: .insideRoot, hasBiasCorrection: false)),
          learningRate: .value(1e-3), schedule: .init(.cosine(final: 0.1), warmUp: 100),
          multipliers: .init(tensors: ["W1": 2], roles: [.readout: 0.5]), weightDecay: .init(0.1, .coupled),
          clipping: .global(1), batch: .size(128), steps: 800, loss: .crossEntropy))
  }

  @Test(arguments: [
    ("{ gradient-descent: }", OptimizerMethod.gradientDescent()),
    ("{ gradient-descent: { momentum: 0.9 } }", .gradientDescent(.heavyBall(0.9))),
    ("{ sgd: { momentum: 0 } }", .sgd(.none)),
    ("{ sgd: { momentum: { nesterov: 0.9 } } }", .sgd(.nesterov(0.9))),
    ("{ sgd: { momentum: { heavy-ball: 0.5 } } }", .sgd(.heavyBall(0.5))),
    ("{ sgd: { momentum: { exponential-moving-average: 0.9 } } }", .sgd(.exponentialMovingAverage(0.9))),
    ("{ adam: {} }", .adam()),
    ("{ adamw: { betas: [0.9, 0.95] } }", .adamW(.init(beta2: 0.95))),
    (
      "{ rmsprop: { decay: 0.99, epsilon: 1e-7, epsilon-placement: inside-root, bias-correction: true } }",
      .rmsProp(.init(decay: 0.99, epsilon: 1e-7, epsilonPlacement: .insideRoot, hasBiasCorrection: true))
    ),
    ("{ lion: {} }", .lion()),
    ("{ lion: { betas: [0.95, 0.98] } }", .lion(.init(beta1: 0.95, beta2: 0.98))),
    ("{ muon: {} }", .muon()),
    (
      "{ muon: { momentum: 0.9, nesterov: false, newton-schulz-steps: 6, scale: root-mean-square, matrices: all, "
        + "others: { adamw: { learning-rate: 3e-4, epsilon: 1e-10 } } } }",
      .muon(
        .init(
          momentum: 0.9, isNesterov: false, newtonSchulzSteps: 6, scale: .rootMeanSquare, matrices: .all,
          others: .init(.adamW(.init(epsilon: 1e-10)), learningRate: 3e-4)))
    ),
    ("{ muon: { others: { sgd: { momentum: 0.9 } } } }", .muon(.init(others: .init(.sgd(.heavyBall(0.9)))))),
    (
      "{ gradient-flow: { time: 100, relative-tolerance: 1e-4, absolute-tolerance: 1e-5 } }",
      .gradientFlow(.init(endTime: 100, relativeTolerance: 1e-4, absoluteTolerance: 1e-5))
    ),
  ])
  func methods(text: String, method: OptimizerMethod) throws {
    #expect(try optimizer(text) == Optimizer(method, loss: Self.mse))
  }

  @Test(arguments: [
    ("constant", LearningRateSchedule()), ("linear", .init(.linear(final: 0))),
    ("{ constant: { warm-up: 5 } }", .init(.constant, warmUp: 5)),
    ("{ linear: { final: 0.5, warm-up: 2 } }", .init(.linear(final: 0.5), warmUp: 2)),
    ("{ warmup-stable-decay: {} }", .init(.warmUpStableDecay(decay: 0.2, final: 0))),
    (
      "{ warmup-stable-decay: { warm-up: 10, decay: 0.1, final: 0.01 } }",
      .init(.warmUpStableDecay(decay: 0.1, final: 0.01), warmUp: 10)
    ),
    ("{ power: { exponent: 1, time-scale: 20 } }", .init(.power(exponent: 1, timeScale: 20))),
    ("{ table: { 100: 0.1, 200: 0.01, warm-up: 7 } }", .init(.table([100: 0.1, 200: 0.01]), warmUp: 7)),
  ])
  func schedules(text: String, schedule: LearningRateSchedule) throws {
    #expect(try optimizer("{ sgd: { schedule: \(text) } }").schedule == schedule)
  }

  @Test(arguments: [
    ("full", BatchDescription.full), ("32", .size(32)), ("1e2", .size(100)), ("{ size: 16 }", .size(16)),
    ("{ size: 16, replacement: true }", .size(16, replacement: true)),
  ])
  func batches(text: String, batch: BatchDescription) throws {
    #expect(try optimizer("{ sgd: { batch: \(text) } }").batch == batch)
  }

  /// A plain number follows the method's own tradition.
  @Test func weightDecays() throws {
    #expect(try optimizer("{ sgd: { weight-decay: 0.1 } }").weightDecay == WeightDecay(0.1, .coupled))
    #expect(try optimizer("{ lion: { weight-decay: 0.1 } }").weightDecay == WeightDecay(0.1, .decoupled))
    #expect(try optimizer("{ adamw: {} }").weightDecay == WeightDecay(0.01, .decoupled))
    #expect(
      try optimizer("{ adam: { weight-decay: { decoupled: 0.1, of: weights } } }").weightDecay
        == WeightDecay(0.1, .decoupled, of: .weights))
  }

  @Test func clippings() throws {
    #expect(try optimizer("{ sgd: { clip: none } }").clipping == .none)
    #expect(try optimizer("{ sgd: { clip: { per-tensor: 2 } } }").clipping == .perTensor(2))
    #expect(try optimizer("{ sgd: { clip: { value: 0.5 } } }").clipping == .value(0.5))
  }

  @Test func losses() throws {
    #expect(try optimizer("{ sgd: {}, loss: logistic }").loss == .logistic)
    #expect(try optimizer("{ sgd: {}, loss: hinge }").loss == .hinge)
    #expect(try optimizer("{ sgd: {}, loss: { cross-entropy: {} } }").loss == .crossEntropy)
    #expect(
      try optimizer("{ sgd: {}, loss: { mse: { reduction: mean, half: false } } }").loss
        == .meanSquaredError(reduction: .mean, half: false))
  }

  /// What is wrong, with its line where it stands on one of its own.
  @Test(arguments: [
    ("{ adan: {} }", "Unknown key 'adan' in optimizer. Did you mean adam?"),
    ("{ loss: mse }", "exactly one"),
    ("\n  adam:\n    beta: [0.9, 0.99]", "line 4: Unknown key 'beta' in optimizer.adam. Did you mean betas?"),
    ("{ adam: { momentum: 0.9 } }", "Unknown key 'momentum' in optimizer.adam"),
    ("{ adam: { betas: 0.9 } }", "must be a list"),
    ("{ adam: { betas: [0.9] } }", "two numbers"),
    ("{ adam: { betas: [0.9, 1] } }", "optimizer.adam.betas.2 must be from 0 to less than 1, and is 1.0."),
    ("{ adam: { epsilon-placement: inside-rot } }", "Did you mean inside-root?"),
    ("{ adam: { bias-correction: maybe } }", "true or false"),
    ("{ adam: { learning-rate: fast } }", "finite number"),
    ("{ adam: { learning-rate: -1 } }", "above 0"),
    ("{ adam: { batch: half } }", "full or a whole number"),
    ("{ adam: { batch: 0 } }", "at least 1"),
    ("{ adam: { batch: { replacement: true } } }", "needs a size"),
    ("{ adam: { batch: { size: 8, replace: true } } }", "Did you mean replacement?"),
    ("{ gradient-descent: { batch: 8 } }", "Unknown key 'batch'"),
    ("{ adam: { steps: 1e12 } }", "at most 4294967295"),
    ("{ adam: { weight-decay: -0.1 } }", "cannot be negative"),
    ("{ adam: { weight-decay: { coupld: 0.1 } } }", "Did you mean coupled?"),
    ("{ adam: { weight-decay: { coupled: 0.1, decoupled: 0.1 } } }", "exactly one of coupled and decoupled"),
    ("{ adam: { weight-decay: { coupled: 0.1, of: weight } } }", "Did you mean weights?"),
    ("{ adamw: { weight-decay: { coupled: 0.1 } } }", "choose adam"),
    ("{ adam: { clip: 1 } }", "set of keys (global, per-tensor, value)"),
    ("{ adam: { clip: { globl: 1 } } }", "Did you mean global?"),
    ("{ adam: { clip: { global: 0 } } }", "above 0"),
    ("{ adam: { multipliers: 2 } }", "{ W1: 2, readout: 0.5 }"),
    ("{ adam: { multipliers: { readuot: 2 } } }", "Did you mean readout?"),
    ("{ adam: { multipliers: { W1: -2 } } }", "cannot be negative"),
    ("{ adam: { schedule: cosin } }", "Did you mean cosine?"),
    ("{ adam: { schedule: { cosine: { end: 0.1 } } } }", "Unknown key 'end' in optimizer.adam.schedule"),
    ("{ adam: { schedule: { cosine: { warm-up: -1 } } } }", "at least 0"),
    (
      "\n  adam:\n    steps: 10\n    schedule: { cosine: { warm-up: 20 } }",
      "line 5: In optimizer.adam, the warm-up has 20"
    ),
    ("{ adam: { schedule: { warmup-stable-decay: { decay: 2 } } } }", "fraction"),
    ("{ adam: { schedule: table } }", "table without steps"),
    ("{ adam: { schedule: { table: { first: 1 } } } }", "Unknown key 'first'"),
    ("{ adam: { schedule: { table: {} } } }", "lists no step"),
    ("{ sgd: { momentum: { polyak: 0.9 } } }", "heavy-ball, exponential-moving-average, nesterov"),
    ("{ sgd: { momentum: { nesterov: 0.9, heavy-ball: 0.9 } } }", "exactly one"),
    ("{ sgd: { momentum: { nesterov: 1 } } }", "from 0 to less than 1"),
    ("{ rmsprop: { decay: 1 } }", "from 0 to less than 1"),
    ("{ rmsprop: { betas: [0.9, 0.99] } }", "Unknown key 'betas'"),
    ("{ lion: { epsilon: 1e-8 } }", "Unknown key 'epsilon'"),
    ("{ muon: { scale: spectrl } }", "Did you mean spectral?"),
    ("{ muon: { newton-schulz-steps: 0 } }", "at least 1"),
    ("{ muon: { others: { adam: {} } } }", "Did you mean adamw?"),
    ("{ muon: { others: { sgd: { betas: [0.9, 0.9] } } } }", "Unknown key 'betas'"),
    ("{ gradient-flow: {} }", "needs a time"),
    ("{ gradient-flow: { time: 0 } }", "above 0"),
    ("{ gradient-flow: { time: 1, learning-rate: 1 } }", "Unknown key 'learning-rate'"),
    ("{ sgd: {}, loss: hing }", "Did you mean hinge?"),
    ("{ sgd: {}, loss: { hinge: { reduction: mean } } }", "no keys of its own"),
  ])
  func wrongInputIsNamed(text: String, expected: String) {
    let error = #expect(throws: SpecificationError.self) { try optimizer(text) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    #expect(error?.line != nil)
  }

  @Test func theTemplateIsAsBefore() throws {
    let study = try #require(Specification.studies(yaml: Specification.template, origin: "template").first).study
    #expect(
      study.optimizer
        == Optimizer(
          .adam(), learningRate: .value(1e-3), batch: .size(64), loss: .meanSquaredError(reduction: .mean, half: true)))
  }
}
