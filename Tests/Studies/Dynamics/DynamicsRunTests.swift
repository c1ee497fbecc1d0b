import Foundation
import OrreryAnalysis
import OrreryArchive
import OrreryFindings
import OrreryNetworks
import OrreryStudies
import OrreryTestSupport
import Testing

/// Training at infinite width alone beside real networks on a few digits: it holds where it must, and fails where it is made wrong.
@Suite(.tags(.statistical)) struct DynamicsRunTests {
  /// One hidden layer on twelve digits, η at a quarter of the largest stable rate.
  static func study(
    width: Int = 128, depth: Int = 1, parametrization: Parametrization = .ntk,
    momentum: OptimizerMethod.Momentum = .none,
    rate: LearningRate = .auto, trained: Int = 200, widths: [Int] = [],
    loss: Loss = .meanSquaredError(reduction: .mean, half: true)
  ) throws -> LoadedStudy {
    try LoadedStudy(
      Study(
        seed: 3, precision: .float32,
        network: Network(
          MultilayerPerceptron(depth: depth, width: width, activation: Activation(.tanh)),
          initialization: .uniform(LayerInitialization(weightVariance: 1.2, biasVariance: 0.1)),
          parametrization: parametrization),
        data: DataDescription(
          .named("digits"), classes: [0, 1], train: 12, test: 6, normalize: .sphere, targets: .plusMinusOne),
        optimizer: Optimizer(.gradientDescent(momentum), learningRate: rate, steps: 40, loss: loss),
        ensemble: EnsembleDescription(networks: 200, chainNetworks: 2000, inputs: 2, widths: widths, trained: trained)))
  }

  static func finding(_ run: DynamicsRun) throws -> DynamicsFinding {
    try withTemporaryFolder { try run.run(Sitting(archive: try RunArchive.open($0))) }
  }

  /// The law holds, in both parametrizations and with momentum.
  @Test(arguments: Parametrization.allCases) func holds(_ parametrization: Parametrization) throws {
    let run = try DynamicsRun(Self.study(parametrization: parametrization), order: 0)
    #expect(run.forecast.steps.first == 0)
    #expect(run.forecast.steps.last == 40)
    let finding = try Self.finding(run)
    #expect(finding.joint.verdict == .agrees, "\(finding.joint)")
    #expect(finding.networks == 200)
    #expect(finding.joint.degreesOfFreedom > 10)
    #expect(finding.confrontations.allSatisfy { $0.verdict != .refuted })
    // The initial function is that of infinite width but for order 1/n, so is the loss.
    #expect(abs(finding.trainingLoss.mean[0] / finding.forecast.trainingLoss[0].mean - 1) < 0.3)
  }

  @Test func holdsWithMomentum() throws {
    let plain = try DynamicsRun(Self.study(), order: 0)
    let study = try Self.study(momentum: .heavyBall(0.8), rate: .value(0.3 * plain.forecast.learningRate))
    let finding = try Self.finding(DynamicsRun(study, order: 0))
    #expect(finding.joint.verdict == .agrees, "\(finding.joint)")
  }

  /// Gradient flow follows the same law, at times; half its time does not.
  @Test func holdsForGradientFlow() throws {
    var study = try Self.study().study
    study.optimizer = Optimizer(
      .gradientFlow(.init(endTime: 30, relativeTolerance: 1e-4)),
      loss: .meanSquaredError(reduction: .mean, half: true))
    let loaded = try LoadedStudy(study)
    let finding = try Self.finding(DynamicsRun(loaded, order: 0))
    #expect(finding.joint.verdict == .agrees, "\(finding.joint)")
    #expect(finding.forecast.largestStableRate == nil)
    let wrong = try DynamicsRun(loaded, network: loaded.perceptronStudy().network, rateFactor: 0.5, order: 0)
    #expect(try Self.finding(wrong).joint.verdict == .refuted)
  }

  /// Near the edge of stability, and where order 1/n is large, there is no verdict, and the reason is said.
  @Test func undecided() throws {
    let plain = try DynamicsRun(Self.study(width: 16, trained: 60), order: 0)
    let largest = try #require(plain.forecast.largestStableRate)
    for (part, reason) in [(0.97, "edge of stability"), (1.3, "diverges")] {
      let study = try Self.study(width: 16, rate: .value(part * largest), trained: 60)
      let finding = try Self.finding(DynamicsRun(study, order: 0))
      #expect(finding.joint.verdict == .cannotTell)
      #expect(finding.undecided?.contains(reason) == true, "\(finding.undecided ?? "")")
    }
    let narrow = try Self.finding(DynamicsRun(Self.study(width: 2, trained: 60), order: 0))
    #expect(narrow.joint.verdict != .agrees)
  }

  /// A forecast for a learning rate that is off by a fifth is refuted.
  @Test func wrongLearningRate() throws {
    let study = try Self.study()
    let run = try DynamicsRun(study, network: study.perceptronStudy().network, rateFactor: 1.2, order: 0)
    let finding = try Self.finding(run)
    #expect(finding.joint.verdict == .refuted, "\(finding.joint)")
  }

  /// A forecast with the kernel of another activation is refuted, at a width where what order 1/n leaves open does not hide it.
  /// (At width 128 it does: ReLU's kernel in place of tanh's has p = .0011.)
  @Test func wrongActivation() throws {
    let study = try Self.study(width: 512)
    var network = try study.perceptronStudy().network
    network.architecture.activation = Activation(.relu)
    let finding = try Self.finding(DynamicsRun(study, network: network, rateFactor: 1, order: 0))
    #expect(finding.joint.verdict == .refuted, "\(finding.joint)")
    #expect(try Self.finding(DynamicsRun(study, order: 0)).joint.verdict == .agrees)
  }

  /// A forecast with the kernel of other weights is refuted.
  @Test func wrongKernel() throws {
    let study = try Self.study()
    var other = try study.perceptronStudy().network
    other.layers[1].weightVariance *= 1.3
    #expect(try Self.finding(DynamicsRun(study, network: other, rateFactor: 1, order: 0)).joint.verdict == .refuted)
  }

  /// A second run is answered from the archive, with the same numbers.
  @Test func archive() throws {
    let run = try DynamicsRun(Self.study(trained: 40), order: 0)
    let (first, again) = try withTemporaryFolder { folder in
      (
        try run.run(Sitting(archive: try RunArchive.open(folder))),
        try run.run(Sitting(archive: try RunArchive.open(folder)))
      )
    }
    var second = again
    #expect(!first.isFromArchive)
    #expect(second.isFromArchive)
    second.isFromArchive = false
    #expect(try JSON.encode(first) == JSON.encode(second))
    // Four networks cannot decide.
    #expect(try Self.finding(DynamicsRun(Self.study(trained: 4), order: 0)).joint.verdict == .cannotTell)
  }

  /// Single networks differ from infinite width by n^(−½), from their linearizations by 1/n, and their mean differs from infinite
  /// width by 1/n.
  @Test func widths() throws {
    let run = try DynamicsRun(Self.study(trained: 100, widths: [16, 32, 64]), order: 0)
    let finding = try Self.finding(run)
    let series = try #require(finding.widths)
    for (slope, predicted) in [(series.slopeFromLinear, -1.0), (series.slopeFromLaw, -0.5)] {
      let slope = try #require(slope)
      // At width 16 the next order is of relative size n^(−½) for a single network.
      checkMonteCarloAgrees(
        predicted: predicted, measured: slope.value, standardError: slope.error, systematic: 1 / 16.0)
    }
    let mean = try #require(finding.meanDeviation)
    #expect(mean.points.count == 3)
    #expect(mean.step > 0)
    let slope = try #require(mean.slope)
    checkMonteCarloAgrees(predicted: -1, measured: slope.value, standardError: slope.error, systematic: 1 / 8.0)
  }

  /// What is not covered says why.
  @Test func notCovered() throws {
    func reason(_ optimizer: Optimizer?) throws -> String? {
      var study = try Self.study().study
      study.optimizer = optimizer
      return DynamicsRun.exclusion(try LoadedStudy(study))
    }
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    #expect(try reason(nil)?.contains("no steps") == true)
    #expect(try reason(Optimizer(.adam(), steps: 5, loss: loss))?.contains("Adam") == true)
    #expect(try reason(Optimizer(.gradientDescent(), steps: 5, loss: .logistic))?.contains("mse") == true)
    #expect(
      try reason(Optimizer(.gradientDescent(), weightDecay: WeightDecay(0.1, .coupled), steps: 5, loss: loss))?
        .contains("weight decay") == true)
    #expect(try reason(Optimizer(.gradientDescent(), learningRate: .value(0.1), steps: 5, loss: loss)) == nil)
  }
}
