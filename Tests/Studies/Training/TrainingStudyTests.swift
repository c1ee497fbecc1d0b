import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryFormats
import OrreryNetworks
import OrreryReports
import OrrerySpecification
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// What a request takes of a study: how far it is trained, with which rate, and what may be missing.
@Suite struct TrainingStudyTests {
  private static let loss = Loss.meanSquaredError(reduction: .mean, half: true)

  private static func loaded(
    _ optimizer: Optimizer?, targets: TargetEncoding = .plusMinusOne, depth: Int = 2
  ) throws -> LoadedStudy {
    try LoadedStudy(
      Study(
        seed: 3, precision: .float32,
        network: Network(
          MultilayerPerceptron(depth: depth, width: 12, activation: Activation(.tanh)),
          initialization: .uniform(LayerInitialization(weightVariance: 1.2, biasVariance: 0.1)), parametrization: .ntk),
        data: DataDescription(
          .named("digits"), classes: [0, 1], train: 16, test: 6, normalize: .sphere, targets: targets),
        optimizer: optimizer))
  }

  private static func descent(
    _ schedule: LearningRateSchedule = LearningRateSchedule(), multipliers: LearningRateMultipliers = [:]
  ) -> Optimizer {
    Optimizer(
      .gradientDescent(), learningRate: .auto, schedule: schedule, multipliers: multipliers, steps: 50, loss: loss)
  }

  private static func observable(_ name: String) throws -> TrainingObservable {
    try #require(TrainingObservable(rawValue: name))
  }

  private static func finding(_ loaded: LoadedStudy, _ request: TrainingRequest) throws -> TrainingFinding {
    try withTemporaryFolder { try TrainingStudy(loaded, request).run(RunArchive.open($0)) }
  }

  /// η = 1/(h λ_max) with Θ of the tensors' own rates, h = 1/N.
  @Test func theorysRateKnowsTheTensorsOwnRates() throws {
    let multipliers: LearningRateMultipliers = ["W1": 10, "hidden": 4, "readout-bias": 0.5]
    func rate(_ multipliers: LearningRateMultipliers) throws -> Double {
      let study = try TrainingStudy(Self.loaded(Self.descent(multipliers: multipliers)), TrainingRequest())
      return try #require(study.resolved.optimizer?.learningRate.value)
    }
    let loaded = try Self.loaded(Self.descent())
    let kernels = try DynamicsKernels(
      loaded.perceptronStudy().network, train: loaded.data.train.inputs, multipliers: multipliers)
    let largest = try #require(kernels.trainTangentKernel.symmetricEigenvalues().last)
    let found = try rate(multipliers)
    #expect(relativeError(found, 16 / largest) < 1e-12)
    #expect(found < 0.5 * (try rate([:])))
  }

  /// What is measured up to a step is what the whole training has there, whatever its schedule.
  @Test(arguments: [
    LearningRateSchedule(), LearningRateSchedule(.cosine(final: 0.1), warmUp: 4),
    LearningRateSchedule(.table([3: 0.5])),
  ])
  func measuringStopsAtTheLastStep(schedule: LearningRateSchedule) throws {
    let loaded = try Self.loaded(Self.descent(schedule))
    let request = TrainingRequest(.measure, observables: [.loss, .weightNorm], steps: .at([0, 7, 10]))
    let study = try TrainingStudy(loaded, request)
    #expect(study.steps == 10 && study.resolved.optimizer?.steps == 10)
    let measured = try Self.finding(loaded, request)
    let whole = try Self.finding(
      loaded, TrainingRequest(observables: [.loss, .weightNorm, .gradientNorm], steps: .at([0, 7, 10])))
    #expect(whole.steps == 50 && measured.steps == 10)
    for observable in [TrainingObservable.loss, .weightNorm] {
      let (left, right) = (try #require(measured.series(observable)), try #require(whole.series(observable)))
      #expect(left.steps == [0, 7, 10] && left.median == right.median)
    }
    // A gradient of the last step's batch needs that step.
    let gradients = try Self.finding(
      loaded, TrainingRequest(.measure, observables: [.gradientNorm], steps: .at([0, 7, 10])))
    #expect(gradients.steps == 11)
    #expect(gradients.series(.gradientNorm)?.median == whole.series(.gradientNorm)?.median)
  }

  @Test func withoutOptimizerOnlyInitializationIsThere() throws {
    let loaded = try Self.loaded(nil)
    let kernel = try Self.observable("tangent-kernel")
    let study = try TrainingStudy(loaded, TrainingRequest(.measure, observables: [kernel], steps: .at([0])))
    #expect(study.steps == 0 && study.resolved.optimizer == nil)
    #expect(!study.identity.subject.contains("MSE") && !study.identity.subject.contains("gradient"))
    let finding = try Self.finding(loaded, study.request)
    #expect(finding.summary.contains("at initialization") && !finding.summary.contains("learning rate"))
    for (request, piece) in [
      (TrainingRequest(.measure, observables: [kernel], steps: .at([0, 10])), "Step 10 was asked for"),
      (TrainingRequest(.measure, observables: [.loss], steps: .at([0])), "needs a loss"),
      (TrainingRequest(), "no key optimizer"),
    ] {
      let error = #expect(throws: StudyError.self) { try TrainingStudy(loaded, request) }
      #expect(error?.description.contains(piece) == true, "\(String(describing: error))")
    }
  }

  @Test func stepsBehindTheEndAreRefused() throws {
    for kind in [TrainingRequest.Kind.train, .measure] {
      let error = #expect(throws: StudyError.self) {
        try TrainingStudy(
          Self.loaded(Self.descent()), TrainingRequest(kind, observables: [.loss], steps: .at([0, 51])))
      }
      #expect(error?.description.contains("Step 51") == true && error?.description.contains("step 50") == true)
    }
  }

  @Test(arguments: [
    nil, descent(), Optimizer(.adam(), learningRate: .value(0.1), batch: .full, steps: 5, loss: .logistic),
  ])
  func targetsAreNeededForStepsAndLossesAlone(optimizer: Optimizer?) throws {
    let loaded = try Self.loaded(optimizer, targets: .none)
    let kernel = try Self.observable("tangent-kernel")
    let request = TrainingRequest(.measure, observables: [kernel, .testOutputs], steps: .at([0]))
    let (bare, labelled) = (try Self.finding(loaded, request), try Self.finding(Self.loaded(optimizer), request))
    #expect(bare.arrays.map(\.values) == labelled.arrays.map(\.values) && !bare.arrays.isEmpty)
    if optimizer != nil {
      for refused in [
        TrainingRequest(.measure, observables: [kernel], steps: .at([0, 1])),
        TrainingRequest(.measure, observables: [.loss], steps: .at([0])),
        TrainingRequest(.measure, observables: [.accuracy], steps: .at([0])), TrainingRequest(),
      ] {
        let error = #expect(throws: StudyError.self) { try TrainingStudy(loaded, refused) }
        #expect(error?.description.contains("no targets") == true)
      }
    }
  }

  @Test func textsAreLookedAtWithoutOptimizer() throws {
    try withTemporaryFolder { folder in
      let text = String(repeating: "abcacbbca", count: 40)
      try Data(text.utf8).write(to: folder.appending(path: "text.txt"))
      let points = try Specification.studies(
        yaml: """
          orrery: 1
          network: { layers: [{ embedding: { vocabulary: 3, features: 4 } }, { dense: { units: 3 } }], init: lecun }
          data: { text: text.txt, context: 8 }
          """, origin: "text")
      let loaded = try LoadedStudy(try #require(points.first).study, relativeTo: folder)
      let request = TrainingRequest(.measure, observables: [.weightNorm, .accuracy], steps: .at([0]))
      let finding = try TrainingStudy(loaded, request).run(RunArchive.open(folder.appending(path: "runs")))
      #expect(finding.series(.weightNorm)?.steps == [0] && finding.series(.accuracy)?.steps == [0])
    }
  }

  /// What cannot be written now may be written later: the run is not given up.
  @Test func aDiskThatTakesNoCheckpointInterrupts() throws {
    try withTemporaryFolder { folder in
      let archive = try RunArchive.open(folder)
      let checkpoints = folder.appending(path: "checkpoints")
      try FileManager.default.removeItem(at: checkpoints)
      let study = try TrainingStudy(
        Self.loaded(Self.descent()), TrainingRequest(observables: [.loss], savesParameters: true))
      #expect(throws: OutputError.self) { try study.run(archive) }
      #expect(try archive.run(hash: study.identity.hash)?.state == .interrupted)
      try FileManager.default.createDirectory(at: checkpoints, withIntermediateDirectories: false)
      let finding = try study.run(archive)
      #expect(finding.series(.loss)?.steps.last == 50)
      let run = try #require(try archive.finishedRun(hash: study.identity.hash))
      #expect(try archive.checkpoints(of: run).count == 1)
    }
  }

  @Test(arguments: [0, -1, 5_000_000_000, .max]) func networksThatCannotBeCounted(networks: Int) throws {
    let loaded = try Self.loaded(Self.descent())
    let error = #expect(throws: StudyError.self) { try TrainingStudy(loaded, TrainingRequest(networks: networks)) }
    #expect(error?.description.contains("at least 1 and at most 4294967295") == true)
  }

  /// Each eigenvalue stands beside its residual, within which it lies.
  @Test(arguments: [1, 3]) func eigenvaluesHaveTheirBounds(networks: Int) throws {
    let eigenvalues = try Self.observable("hessian-eigenvalues")
    var settings = ObservableSettings()
    settings.eigenvalues = 3
    let finding = try Self.finding(
      Self.loaded(Self.descent()),
      TrainingRequest(
        .measure, networks: networks, observables: [.loss, eigenvalues], settings: settings, steps: .at([0, 20])))
    let list = try #require(finding.arrays.first)
    #expect(list.steps == [0, 20] && list.bounds.map(\.count) == [3, 3])
    #expect(list.bounds.joined().allSatisfy { $0 >= 0 && $0 < 1e-2 * list.values[0][0] })
    #expect(finding.summary.contains("± at most") && finding.page().html().contains("± at most"))
    #expect(finding.summary.contains(networks == 1 ? "at step 20" : "mean at step 20"))
  }

  /// Two observables of one tensor have names of their own.
  @Test func normsSayWhatTheyAre() throws {
    let observables = try ["gradient-norms", "weight-norms"].map { try Self.observable($0) }
    let finding = try Self.finding(
      Self.loaded(Self.descent()), TrainingRequest(.measure, observables: observables, steps: .at([0])))
    #expect(Set(finding.series.map(\.title)).count == finding.series.count && finding.series.count == 12)
    #expect(finding.summary.contains("gradient norm of W1") && finding.summary.contains("weight norm of W1"))
  }

  /// Values stand under the steps where they were taken, arrays are listed.
  @Test func tablesSayTheirSteps() throws {
    let outputs = try Self.observable("outputs")
    let finding = try Self.finding(
      Self.loaded(Self.descent()),
      TrainingRequest(networks: 2, observables: [.loss, .batchLoss, outputs], steps: .at([10, 20, 50])))
    let summary = finding.summary
    #expect(summary.contains("at step 10") && summary.contains("at step 50") && !summary.contains("at step 0"))
    // There is no batch behind the last step.
    #expect(summary.contains("(step 20)"))
    #expect(summary.contains("16 × 1") && summary.contains("10, 20, 50"))
    #expect(summary.contains("orrery runs export \(finding.hash.prefix(8))"))
    #expect(finding.recorded.map(\.count) == [6])
    let one = try Self.finding(
      Self.loaded(Self.descent()), TrainingRequest(.measure, observables: [.loss], steps: .at([10]))
    ).summary
    #expect(one.contains("at step 10") && one.components(separatedBy: "at step").count == 2)
  }
}
