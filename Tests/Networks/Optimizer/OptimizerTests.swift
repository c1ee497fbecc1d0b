import Foundation
import OrreryNetworks
import Testing

@Suite struct OptimizerTests {
  static let methods: [OptimizerMethod] = [
    .gradientDescent(), .gradientDescent(.nesterov(0.9)), .sgd(.heavyBall(0.5)), .sgd(.exponentialMovingAverage(0.9)),
    .adam(),
    .adam(.init(beta1: 0.8, beta2: 0.95, epsilon: 1e-6, epsilonPlacement: .insideRoot, hasBiasCorrection: false)),
    .adamW(), .rmsProp(), .rmsProp(.init(decay: 0.99, hasBiasCorrection: true)), .lion(), .lion(.init(beta2: 0.98)),
    .muon(),
    .muon(
      .init(
        momentum: 0.9, isNesterov: false, newtonSchulzSteps: 6, scale: .rootMeanSquare, matrices: .all,
        others: .init(.sgd(.heavyBall(0.9)), learningRate: 0.1))),
    .gradientFlow(.init(endTime: 3)),
  ]

  private func roundTrip(_ optimizer: Optimizer) throws -> (Optimizer, text: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(optimizer)
    return (try JSONDecoder().decode(Optimizer.self, from: data), String(decoding: data, as: UTF8.self))
  }

  @Test(arguments: methods)
  func methodsSurviveJSON(method: OptimizerMethod) throws {
    let optimizer = Optimizer(method, loss: .logistic)
    #expect(try roundTrip(optimizer).0 == optimizer)
    #expect(OptimizerMethod.keys.contains(method.key))
    try optimizer.validate()
  }

  @Test(arguments: [
    LearningRateSchedule.Shape.constant, .linear(final: 0.5), .cosine(final: 0.1),
    .warmUpStableDecay(decay: 0.2, final: 0), .power(exponent: 0.75, timeScale: 10), .table([0: 1, 12: 0.5]),
  ])
  func settingsSurviveJSON(shape: LearningRateSchedule.Shape) throws {
    for (clipping, batch) in [
      (GradientClipping.global(1), BatchDescription.size(3, replacement: true)), (.perTensor(2), .size(4)),
      (.value(0.5), .full),
    ] {
      let optimizer = Optimizer(
        .adam(), learningRate: .value(0.01), schedule: LearningRateSchedule(shape, warmUp: 3),
        multipliers: ["W1": 2, "readout": 0.5, "hidden-bias": 0], weightDecay: WeightDecay(0.1, .coupled, of: .weights),
        clipping: clipping, batch: batch, steps: 50, loss: .meanSquaredError(reduction: .mean, half: false))
      #expect(try roundTrip(optimizer).0 == optimizer)
    }
  }

  /// The JSON has the shape of the description.
  @Test func jsonLooksLikeTheDescription() throws {
    let optimizer = Optimizer(
      .sgd(.nesterov(0.9)), learningRate: .value(0.5), schedule: LearningRateSchedule(.cosine(final: 0), warmUp: 5),
      weightDecay: WeightDecay(0.1, .decoupled), clipping: .global(1), steps: 10, loss: .crossEntropy)
    #expect(
      try roundTrip(optimizer).text
        == #"{"loss":"cross-entropy","sgd":{"batch":128,"clip":{"global":1},"learning-rate":0.5,"#
        + #""momentum":{"nesterov":0.9},"schedule":{"cosine":{"final":0,"warm-up":5}},"steps":10,"#
        + #""weight-decay":{"decoupled":0.1}}}"#)
  }

  @Test func absentKeysHaveTheUsualValues() throws {
    func read(_ text: String) throws -> Optimizer { try JSONDecoder().decode(Optimizer.self, from: Data(text.utf8)) }
    let mse = Loss.meanSquaredError(reduction: .sum, half: true)
    #expect(try read(#"{"adamw":{}}"#) == Optimizer(.adamW(), loss: mse))
    #expect(try read(#"{"adamw":{}}"#).weightDecay == WeightDecay(0.01, .decoupled))
    #expect(try read(#"{"gradient-descent":{},"loss":"mse"}"#) == Optimizer(.gradientDescent(), loss: mse))
  }

  @Test(arguments: [
    #"{"adan":{}}"#, #"{"adam":{"betas":[0.9]}}"#, #"{"adam":{},"sgd":{}}"#, #"{"adam":{"clip":{"globl":1}}}"#,
    #"{"adam":{"schedule":{"cosin":{}}}}"#, #"{"adam":{"schedule":{"cosine":{"finl":1}}}}"#,
    #"{"sgd":{"momentum":{"polyak":0.9}}}"#, #"{"adam":{"batch":"half"}}"#, #"{"adam":{"learning-rate":"low"}}"#,
    #"{"adam":{},"loss":"mean"}"#, #"{"gradient-flow":{}}"#,
  ])
  func wrongJSONIsRefused(text: String) {
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Optimizer.self, from: Data(text.utf8)) }
  }

  @Test func whatTheoryAsks() {
    #expect(
      OptimizerMethod.adam().isScaleFree && OptimizerMethod.lion().isScaleFree && OptimizerMethod.muon().isScaleFree)
    #expect(!OptimizerMethod.sgd().isScaleFree && !OptimizerMethod.muon(.init(others: .init(.sgd(.none)))).isScaleFree)
    #expect(OptimizerMethod.adamW().epsilon == 1e-8 && OptimizerMethod.lion().epsilon == nil)
    #expect(Optimizer(.gradientDescent(), loss: .hinge).batch.size == nil)
    #expect(Optimizer(.lion(), loss: .hinge).batch.size == 128)
  }

  @Test func aTensorsOwnMultiplierComesFirst() {
    let multipliers: LearningRateMultipliers = ["W1": 2, "input": 0.5, "norm": 3]
    #expect(multipliers.factor(tensor: "W1", role: .input) == 2)
    #expect(multipliers.factor(tensor: "W2", role: .input) == 0.5)
    #expect(multipliers.factor(tensor: "g", role: .norm) == 3)
    #expect(multipliers.factor(tensor: "b1", role: .hiddenBias) == 1)
  }

  /// Gradients have rounding errors, which no step is short enough to be rid of.
  @Test func flowsFollowWhatThePrecisionResolves() throws {
    func flow(_ relative: Double, _ absolute: Double) -> Optimizer {
      Optimizer(
        .gradientFlow(.init(endTime: 1, relativeTolerance: relative, absoluteTolerance: absolute)), loss: .hinge)
    }
    try flow(1e-6, 1e-30).validate(in: .float32)
    try flow(6e-7, 1e-9).validate(in: .float32)
    try flow(1.2e-15, 1e-30).validate(in: .float64)
    for (relative, precision) in [(1e-7, Precision.float32), (1e-15, .float64)] {
      let error = #expect(throws: NetworkError.self) { try flow(relative, 1).validate(in: precision) }
      #expect(error?.description.contains("rounding errors of \(precision.rawValue)") == true)
      #expect(error?.description.hasSuffix(".") == true)
    }
    try Self.with { $0.steps = 3 }.validate(in: .float32)
  }

  private static func with(_ change: (inout Optimizer) -> Void) -> Optimizer {
    var optimizer = Optimizer(.adam(), learningRate: .value(0.1), steps: 10, loss: .crossEntropy)
    change(&optimizer)
    return optimizer
  }

  @Test(arguments: [
    with { $0.learningRate = .value(0) }, with { $0.learningRate = .value(.nan) }, with { $0.steps = -1 },
    with { $0.steps = 1 << 33 }, with { $0.batch = .size(0) }, with { $0.weightDecay.coefficient = -1 },
    with { $0.clipping = .global(0) }, with { $0.multipliers = ["W1": -1] }, with { $0.schedule.warmUp = 11 },
    with { $0.method = .adam(.init(epsilon: 0)) }, with { $0.method = .adam(.init(beta1: 1)) },
    with { $0.method = .adam(.init(beta2: -0.1)) }, with { $0.method = .sgd(.heavyBall(1)) },
    with { $0.method = .rmsProp(.init(decay: 1)) }, with { $0.method = .lion(.init(beta1: .infinity)) },
    with { $0.method = .muon(.init(newtonSchulzSteps: 0)) }, with { $0.method = .muon(.init(momentum: 2)) },
    with { $0.method = .muon(.init(others: .init(.sgd(.none), learningRate: -1))) },
    with { $0.method = .adamW() }, with { $0.method = .gradientDescent() },
    with { $0.method = .gradientFlow(.init(endTime: 1)) },
    Optimizer(.gradientFlow(.init(endTime: 0)), loss: .hinge),
    Optimizer(.gradientFlow(.init(endTime: 1, relativeTolerance: 0)), loss: .hinge),
  ])
  func nonsenseIsRefused(optimizer: Optimizer) {
    let error = #expect(throws: NetworkError.self) { try optimizer.validate() }
    #expect(error?.description.hasSuffix(".") == true)
  }
}
