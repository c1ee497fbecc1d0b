import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The threshold that Theory takes of a network which Experiment draws.
@Suite struct GivenNetworkTests {
  private static let loss = Loss.meanSquaredError(reduction: .mean, half: true)

  private static func study(
    _ layers: [Layer]? = nil, _ optimizer: Optimizer? = nil, rate: Double = 0.1, steps: Int = 300,
    precision: Precision = .float64
  ) throws -> LoadedStudy {
    try LoadedStudy(
      Study(
        seed: 3, precision: precision,
        network: Network(
          Architecture(layers ?? [Layer(Flatten()), Layer(Dense(units: 1, role: .readout))]),
          initialization: .uniform(LayerInitialization(weightVariance: 1.2, biasVariance: 0.1)), parametrization: .ntk),
        data: DataDescription(
          .named("digits"), classes: [0, 1], train: 12, test: 6, normalize: .sphere, targets: .plusMinusOne),
        optimizer: optimizer
          ?? Optimizer(.gradientDescent(), learningRate: .value(rate), steps: steps, loss: loss)))
  }

  private static let perceptron = [
    Layer(Flatten()), Layer(Dense(units: 24, role: .input)), Layer(Nonlinearity(Activation(.tanh))),
    Layer(Dense(units: 1, role: .readout)),
  ]

  /// The same eigenvalue as Experiment's own measurement of it, and for each precision.
  @Test func sharpnessIsExperimentsOwn() throws {
    let study = try Self.study(Self.perceptron)
    let network = study.resolved.network
    let data = try TrainingData.Part(
      inputs: study.data.train.inputs, targets: try #require(study.data.train.targets))
    let curvature = try NetworkCurvature<Double>(.hessian, of: network, loss: Self.loss, data: data)
    for member in [0, 3] {
      let found = try study.curvatureThreshold(member: member)
      curvature.move(to: try network.drawnParameters(seed: 3, member: member))
      let (values, residuals) = curvature.largestEigenvalues(1, tolerance: 1e-9, seed: 8)
      #expect(abs(found.sharpness - values[0]) <= found.residual + residuals[0])
      #expect(found.residual <= 1e-2 * found.sharpness)
      #expect(relativeError(found.largestStableRate ?? 0, 2 / found.sharpness) < 1e-14)
    }
    let single = try Self.study(Self.perceptron, precision: .float32).curvatureThreshold()
    let double = try study.curvatureThreshold()
    #expect(abs(single.sharpness - double.sharpness) <= single.residual + double.residual + 1e-5 * double.sharpness)
  }

  /// One dense layer under mse is a quadratic problem: real training just below the threshold comes down, just above it leaves.
  @Test(arguments: [OptimizerMethod.Momentum.none, .heavyBall(0.9), .nesterov(0.7)])
  func trainingBesideTheThreshold(_ momentum: OptimizerMethod.Momentum) throws {
    func study(_ rate: Double) throws -> LoadedStudy {
      try Self.study(
        nil, Optimizer(.gradientDescent(momentum), learningRate: .value(rate), steps: 400, loss: Self.loss))
    }
    let threshold = try study(1).curvatureThreshold()
    let largest = try #require(threshold.largestStableRate)
    func losses(_ rate: Double) throws -> (first: Double, last: Double) {
      let run = try TrainingStudy(study(rate), TrainingRequest(observables: [.loss], steps: .at([0, 400])))
      return try withTemporaryFolder { folder in
        let archive = try RunArchive.open(folder)
        let finding = try run.run(archive)
        #expect(finding.divergences.isEmpty)
        var values: [Double] = []
        try archive.forEachObservation(of: try #require(try archive.run(hash: run.identity.hash)), observable: "loss") {
          values.append($0.values[0])
        }
        return (try #require(values.first), try #require(values.last))
      }
    }
    let (below, above) = (try losses(0.98 * largest), try losses(1.02 * largest))
    #expect(below.last < below.first)
    #expect(above.last > 100 * above.first)
  }

  /// Multipliers of the rate are in it: of all tensors alike they are a factor of the rate itself.
  @Test func multipliersAreInIt() throws {
    func threshold(_ multipliers: LearningRateMultipliers) throws -> Double {
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(0.1), multipliers: multipliers, steps: 5, loss: Self.loss)
      return try #require(try Self.study(Self.perceptron, optimizer).curvatureThreshold().largestStableRate)
    }
    let plain = try threshold([:])
    let scaled = try threshold(["input": 4, "hidden-bias": 4, "readout": 4, "readout-bias": 4])
    #expect(relativeError(scaled, plain / 4) < 1e-3)
    #expect(try threshold(["input": 4]) < plain)
  }

  /// A confrontation shows it beside infinite width's, from which a network of width 128 differs by a few times n^(−½).
  @Test func aConfrontationShowsIt() throws {
    let finding = try DynamicsRunTests.finding(DynamicsRun(DynamicsRunTests.study(trained: 4), order: 0))
    let own = try #require(finding.drawnThreshold?.largestStableRate)
    let largest = try #require(finding.forecast.largestStableRate)
    #expect(abs(own / largest - 1) < 0.35, "\(own) beside \(largest)")
  }

  @Test func whereThereIsNone() throws {
    let normed = [
      Layer(Flatten()), Layer(Dense(units: 4)), Layer(BatchNorm()), Layer(Dense(units: 1, role: .readout)),
    ]
    #expect(throws: StudyError.self) { try Self.study(normed).curvatureThreshold() }
    for optimizer in [
      Optimizer(.adam(), learningRate: .value(0.1), steps: 5, loss: Self.loss),
      Optimizer(
        .gradientDescent(), learningRate: .value(0.1), weightDecay: WeightDecay(0.1, .coupled), steps: 5,
        loss: Self.loss),
      Optimizer(.gradientDescent(), learningRate: .value(0.1), clipping: .global(1), steps: 5, loss: Self.loss),
    ] {
      #expect(throws: StudyError.self) { try Self.study(nil, optimizer).curvatureThreshold() }
    }
    #expect(throws: ExperimentError.noSuchNetwork(-1)) { try Self.study().curvatureThreshold(member: -1) }
  }
}
