import Foundation
import OrreryArchive
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import Testing

/// Training on a few samples: order 1/n in place of its estimate.
@Suite(.tags(.statistical)) struct SmallSetTests {
  static func study(
    width: Int = 32, train: Int = 6, test: Int = 3, trained: Int = 300,
    optimizer: Optimizer? = nil, weights: WeightDistribution = .gaussian, function: ActivationFunction = .tanh
  ) throws -> LoadedStudy {
    try LoadedStudy(
      Study(
        seed: 3, precision: .float32,
        network: Network(
          MultilayerPerceptron(depth: 2, width: width, activation: Activation(function)),
          initialization: .uniform(
            LayerInitialization(weightVariance: 1.3, biasVariance: 0.1, weightDistribution: weights)),
          parametrization: .ntk),
        data: DataDescription(
          .named("digits"), classes: [0, 1], train: train, test: test, normalize: .sphere, targets: .plusMinusOne),
        optimizer: optimizer
          ?? Optimizer(
            .gradientDescent(), learningRate: .auto, steps: 60,
            loss: .meanSquaredError(reduction: .mean, half: true)),
        ensemble: EnsembleDescription(networks: 100, chainNetworks: 2000, inputs: 2, widths: [], trained: trained)))
  }

  /// Order 1/n holds, and is nearer to the networks than infinite width.
  @Test func holds() throws {
    let run = try DynamicsRun(Self.study())
    #expect(run.forecast.order == 1 && run.forecast.finiteWidthExclusion == nil)
    #expect(run.forecast.infiniteWidthValues.count == run.forecast.predictions.count)
    #expect(run.forecast.predictions.allSatisfy { $0.source.key == "finite-width-dynamics" })
    #expect(run.forecast.predictions.allSatisfy { $0.truncationError >= 0 && $0.truncationError.isFinite })
    let finding = try DynamicsRunTests.finding(run)
    #expect(finding.joint.verdict == .agrees, "\(finding.joint)")
    let improvement = try #require(finding.improvement)
    #expect(improvement.corrected < 0.7 * improvement.infiniteWidth, "\(improvement)")
  }

  /// Gradient flow has order 1/n of covariances too.
  @Test func gradientFlow() throws {
    let optimizer = Optimizer(
      .gradientFlow(.init(endTime: 20, relativeTolerance: 1e-4)), loss: .meanSquaredError(reduction: .mean, half: true))
    let run = try DynamicsRun(Self.study(optimizer: optimizer))
    #expect(run.forecast.order == 1)
    let finding = try DynamicsRunTests.finding(run)
    #expect(finding.joint.verdict == .agrees, "\(finding.joint)")
  }

  /// What order 1/n moves falls as 1/n, what it leaves open of means as 1/n².
  @Test func ordersOfWidth() throws {
    let (narrow, wide) = try (
      DynamicsRun(Self.study(width: 64)).forecast, DynamicsRun(Self.study(width: 128)).forecast
    )
    for (first, second) in zip(narrow.outputs, wide.outputs) {
      for (one, other) in zip(first.bands, second.bands).dropFirst() {
        let shifts = (one.mean - (one.infiniteWidth ?? .nan), other.mean - (other.infiniteWidth ?? .nan))
        #expect(abs(shifts.0 - 2 * shifts.1) < 1e-9)
        #expect(relativeError(one.leftOut, 4 * other.leftOut) < 1e-6)
      }
    }
    // At the start nothing is known of an output but its variance.
    #expect(narrow.outputs.allSatisfy { abs($0.bands[0].mean) < 1e-12 && $0.bands[0].leftOut == 0 })
  }

  /// Where order 1/n is not computed, today's estimate stands, and the reason is said.
  @Test func exclusions() throws {
    let large = try DynamicsRun(Self.study(train: 17)).forecast
    #expect(large.order == 0 && large.infiniteWidthValues.isEmpty)
    #expect(large.finiteWidthExclusion?.contains("17") == true)
    #expect(large.trainingLoss.allSatisfy { $0.infiniteWidth == nil })
    let loss = Loss.meanSquaredError(reduction: .mean, half: true)
    let descent = Optimizer(
      .gradientDescent(.heavyBall(0.8)), learningRate: .value(0.3 * large.learningRate), steps: 60, loss: loss)
    let heavy = try DynamicsRun(Self.study(optimizer: descent)).forecast
    #expect(heavy.order == 0 && heavy.finiteWidthExclusion?.contains("momentum") == true)
    let uniform = try DynamicsRun(Self.study(weights: .uniform)).forecast
    #expect(uniform.order == 0 && uniform.finiteWidthExclusion?.contains("not Gaussian") == true)
    let kinked = try DynamicsRun(Self.study(function: .relu)).forecast
    #expect(kinked.order == 0 && kinked.finiteWidthExclusion?.contains("kinks of relu") == true)
    let narrow = try DynamicsRun(Self.study(width: 4)).forecast
    #expect(narrow.order == 0 && narrow.finiteWidthExclusion?.contains("not below 1") == true)
    // With many test samples, their loss is at infinite width, and single outputs at order 1/n.
    let tests = try DynamicsRun(Self.study(test: 40)).forecast
    #expect(tests.order == 1)
    #expect(tests.testLoss.allSatisfy { $0.infiniteWidth == nil })
    #expect(tests.outputs.allSatisfy { $0.bands.allSatisfy { $0.infiniteWidth != nil } })
  }
}
