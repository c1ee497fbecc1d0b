import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import Testing

/// The observable of the article CustomObservables, and others that see everything there is to see.
@Suite struct CustomObservableTests {
  private static func study(_ precision: Precision = .float64, steps: Int = 6, seed: UInt64 = 7) throws -> LoadedStudy {
    try LoadedStudy(
      Study(
        seed: seed, precision: precision,
        network: Network(
          MultilayerPerceptron(widths: [10, 8], activation: Activation(.tanh)),
          initialization: .uniform(LayerInitialization(weightVariance: 1.3, biasVariance: 0.1)), parametrization: .ntk),
        data: DataDescription(
          .named("digits"), classes: [0, 1], train: 20, test: 9, normalize: .sphere, targets: .plusMinusOne),
        optimizer: Optimizer(
          .gradientDescent(), learningRate: .value(0.5), batch: .full, steps: steps,
          loss: .meanSquaredError(reduction: .mean, half: true))))
  }

  private static func observations(
    _ loaded: LoadedStudy, _ observables: [TrainingObservable], _ change: (inout TrainingRequest) -> Void = { _ in }
  ) throws -> [String: [Observation]] {
    var request = TrainingRequest(observables: observables, steps: .every(2))
    change(&request)
    let study = try TrainingStudy(loaded, request)
    return try withTemporaryFolder { folder in
      let archive = try RunArchive.open(folder)
      _ = try study.run(archive)
      let run = try #require(try archive.run(hash: study.identity.hash))
      return Dictionary(grouping: try archive.observations(of: run), by: \.observable)
    }
  }

  @Test func theArticleHasTheCodeThatIsTested() throws {
    let file = URL(filePath: #filePath)
    let root = file.deletingLastPathComponent().appending(path: "../../..")
    let article = try String(
      contentsOf: root.appending(path: "Sources/Orrery/Orrery.docc/CustomObservables.md"), encoding: .utf8)
    let code = try String(
      contentsOf: file.deletingLastPathComponent().appending(path: "GradientParticipation.swift"), encoding: .utf8)
    let block = try #require(
      article.components(separatedBy: "```swift\n").dropFirst().first?.components(separatedBy: "\n```").first)
    #expect(code.contains(block))
  }

  @Test func itIsRecordedAndReported() throws {
    let participation = try TrainingObservable(GradientParticipation.self)
    let study = try TrainingStudy(
      Self.study(), TrainingRequest(networks: 3, observables: [participation, .loss], steps: .every(2)))
    let finding = try withTemporaryFolder { try study.run(RunArchive.open($0)) }
    let names = finding.series.map(\.observable)
    #expect(names == ["loss"] + ["W1", "b1", "W2", "b2", "W3", "b3"].map { "gradient-participation.\($0)" })
    for series in finding.series.dropFirst() {
      #expect(series.steps == [0, 2, 4, 6] && series.networks == [3, 3, 3, 3])
      #expect(series.lower.allSatisfy { $0 >= 1 - 1e-12 })
    }
    // The last bias is one number.
    #expect(finding.series.last?.median.allSatisfy { abs($0 - 1) < 1e-12 } == true)
    #expect(finding.page().sections.contains { "\($0)".contains("(Σ g²)²/Σ g⁴") })
    let data = try JSONEncoder().encode(finding.request)
    let decoder = JSONDecoder()
    #expect(throws: DecodingError.self) { try decoder.decode(TrainingRequest.self, from: data) }
    decoder.userInfo[TrainingObservable.decodingKey] = [participation]
    #expect(try decoder.decode(TrainingRequest.self, from: data) == finding.request)
  }

  /// One linear output of one sample: the gradient of the weights is the input times a number.
  @Test func oneLinearOutputByHand() throws {
    let x: [Double] = [0.3, -2, 0.7, 1.1]
    let architecture = MultilayerPerceptron(widths: [], activation: Activation(.linear))
    let network = PerceptronView(
      architecture: architecture, inputs: 4, layers: [LayerInitialization(weightVariance: 1, biasVariance: 0)],
      parametrization: .standard)
    let data = try TrainingData(train: .init(inputs: Matrix([x]), targets: Matrix([[5]])))
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(0.01), steps: 0, loss: .meanSquaredError(reduction: .mean, half: true))
    var options = TrainingExperiment.Options()
    options.precision = .float64
    options.observables = [try TrainingObservable(GradientParticipation.self)]
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer)
      .run(seed: 2, options: options, recorder: recorder)
    let squares = x.map { $0 * $0 }
    let expected = pow(squares.reduce(0, +), 2) / squares.reduce(0) { $0 + $1 * $1 }
    let found = recorder.observations.first { $0.observable == "gradient-participation.W1" }?.values.first
    #expect(abs(try #require(found) - expected) < 1e-12)
  }

  /// Everything that an observable can see.
  private enum Everything: NetworkObservable {
    static let key = "everything"
    static let title = "everything"
    static let meaning = "All that there is to see."
    static let method = "Looking."
    static let needs = Set(ObservedQuantity.allCases)
    private static let numbers = [
      "loss", "test-loss", "weight-norm", "gradient-norm.W2", "difference-norm", "curvature", "step", "member",
    ]
    private static let arrays = [
      "outputs", "test-outputs", "tangent-kernel", "feature-kernel.2", "preactivation-kernel.2",
    ]

    static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
      numbers.map { ObservableRecord("\(key).\($0)", $0) } + arrays.map { ObservableRecord("\(key).\($0)", $0, .array) }
    }

    private static func norm(_ values: some Sequence<Double>) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    private static func kernel(_ values: Matrix<Double>) -> Matrix<Double> {
      var gram = values.gram()
      for i in 0..<gram.rows { for j in 0..<gram.columns { gram[i, j] /= Double(values.columns) } }
      return gram
    }

    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
      let (w, start) = (network.parameters(), network.initialParameters())
      let gradient = try network.gradient().timesUnits()
      let product = try network.hessianProduct(gradient)
      let curvature = zip(gradient.elements, product.elements).reduce(0) { $0 + $1.0 * $1.1 }
      var values = [
        ObservedValue("\(key).loss", try network.trainLoss()),
        ObservedValue("\(key).weight-norm", norm(w.elements)),
        ObservedValue("\(key).gradient-norm.W2", norm(gradient["W2"]!)),
        ObservedValue("\(key).difference-norm", norm(zip(w.elements, start.elements).map { $0 - $1 })),
        ObservedValue("\(key).curvature", curvature / pow(norm(gradient.elements), 2)),
        ObservedValue("\(key).step", Double(network.step)), ObservedValue("\(key).member", Double(network.member)),
        ObservedValue("\(key).outputs", try network.trainOutputs()),
        ObservedValue("\(key).tangent-kernel", try network.tangentKernel()),
        ObservedValue("\(key).feature-kernel.2", kernel(try network.features()[1])),
        ObservedValue("\(key).preactivation-kernel.2", kernel(try network.preactivations()[1])),
      ]
      if let loss = try network.testLoss() { values.append(ObservedValue("\(key).test-loss", loss)) }
      if let outputs = try network.testOutputs() { values.append(ObservedValue("\(key).test-outputs", outputs)) }
      return values
    }
  }

  /// It sees what the catalogue's observables see.
  @Test(arguments: [Precision.float64, .float32]) func itSeesTheNetwork(precision: Precision) throws {
    let names = [
      "loss", "test-loss", "weight-norm", "gradient-norms", "outputs", "test-outputs", "tangent-kernel",
      "feature-kernels",
      "preactivation-kernels", "sharpness",
    ]
    let catalogue = try names.map { try #require(TrainingObservable(rawValue: $0)) }
    let found = try Self.observations(
      Self.study(precision), catalogue + [TrainingObservable(Everything.self)]
    ) { $0.networks = 2 }
    let tolerance = precision == .float64 ? 1e-11 : 2e-5
    for name in [
      "loss", "test-loss", "weight-norm", "gradient-norm.W2", "outputs", "test-outputs", "tangent-kernel",
      "feature-kernel.2",
      "preactivation-kernel.2",
    ] {
      let (own, known) = (try #require(found["everything.\(name)"]), try #require(found[name]))
      #expect(own.count == 8 && own.map(\.step) == known.map(\.step) && own.map(\.member) == known.map(\.member))
      for (own, known) in zip(own, known) {
        #expect(own.shape == known.shape, "\(name)")
        let scale = known.values.map(abs).max() ?? 1
        #expect(zip(own.values, known.values).allSatisfy { abs($0 - $1) <= tolerance * scale }, "\(name)")
      }
    }
    for observation in try #require(found["everything.step"]) {
      #expect(observation.values == [Double(observation.step)])
    }
    for observation in try #require(found["everything.member"]) {
      #expect(observation.values == [Double(observation.member)])
    }
    let distances = try #require(found["everything.difference-norm"])
    #expect(distances.allSatisfy { ($0.values[0] == 0) == ($0.step == 0) })
    // No direction curves more than the sharpest.
    for (curvature, sharpness) in zip(try #require(found["everything.curvature"]), try #require(found["sharpness"])) {
      #expect(curvature.values[0] <= sharpness.values[0] * 1.001)
    }
  }

  private enum Wrong: NetworkObservable {
    static let key = "loss"
    static let (title, meaning, method) = ("wrong", "Wrong.", "Wrong.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [] }
  }
  private enum Spaced: NetworkObservable {
    static let key = "my observable"
    static let (title, meaning, method) = ("wrong", "Wrong.", "Wrong.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [] }
  }
  /// Another of the same key as that of the article.
  private enum Twin: NetworkObservable {
    static let key = "gradient-participation"
    static let (title, meaning, method) = ("twin", "Twin.", "Twin.")
    static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
      [ObservableRecord("gradient-participation.W1", "twin")]
    }
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [] }
  }
  private enum Sharp: NetworkObservable {
    static let key = "sharp"
    static let (title, meaning, method) = ("sharp", "Sharp.", "Sharp.")
    static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord("sharpness", "sharp")] }
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [] }
  }

  @Test func namesAreTheirOwn() throws {
    let catalogued = #expect(throws: ObservableError.self) { try TrainingObservable(Wrong.self) }
    #expect(catalogued?.description.contains("the catalogue has one of this name") == true)
    #expect(throws: ObservableError.self) { try TrainingObservable(Spaced.self) }
    for pair in [
      [try TrainingObservable(GradientParticipation.self), try TrainingObservable(Twin.self)],
      [.sharpness, try TrainingObservable(Sharp.self)],
    ] {
      let error = #expect(throws: ObservableError.self) {
        try TrainingStudy(Self.study(), TrainingRequest(observables: pair))
      }
      #expect(error?.description.contains("it records '") == true, "\(String(describing: error))")
    }
    // The same one twice is one.
    let twice = try TrainingStudy(
      Self.study(), TrainingRequest(observables: [try .init(Twin.self), try .init(Twin.self)]))
    #expect(twice.identity.numerics["gradient-participation"] == 1)
  }

  private enum Unsaid: NetworkObservable {
    static let key = "unsaid"
    static let (title, meaning, method) = ("unsaid", "Unsaid.", "Unsaid.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
      [ObservedValue(key, try network.trainLoss())]
    }
  }
  private enum Stray: NetworkObservable {
    static let key = "stray"
    static let (title, meaning, method) = ("stray", "Stray.", "Stray.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [ObservedValue("strai", 1)] }
  }
  private enum Shapeless: NetworkObservable {
    static let key = "shapeless"
    static let (title, meaning, method) = ("shapeless", "Shapeless.", "Shapeless.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
      [ObservedValue(key, shape: [2, 3], [1, 2])]
    }
  }
  private enum TestOnly: NetworkObservable {
    static let key = "test-only"
    static let (title, meaning, method) = ("test only", "Test only.", "Test only.")
    static let needs: Set<ObservedQuantity> = [.testLoss]
    static func check(_ setting: ObservableSetting) throws {
      guard !setting.hasTestSet else { return }
      throw ObservableError(key, "there is no test set", remedy: "hold some samples out")
    }
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
      [ObservedValue(key, try #require(try network.testLoss()))]
    }
  }

  @Test func mistakesAreSaid() throws {
    for (observable, words) in [
      (try TrainingObservable(Unsaid.self), "add .trainLoss to its needs"),
      (try TrainingObservable(Stray.self), "'strai', which is none of its records"),
      (try TrainingObservable(Shapeless.self), "'shapeless' has the shape [2, 3] and 2 numbers"),
    ] {
      let error = #expect(throws: ObservableError.self) { try Self.observations(Self.study(), [observable]) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    let bare = try LoadedStudy(Self.withoutTestSet())
    let error = #expect(throws: ObservableError.self) {
      try TrainingStudy(bare, TrainingRequest(observables: [try .init(TestOnly.self)]))
    }
    #expect(error?.problem == "there is no test set")
    #expect(try TrainingObservable(TestOnly.self).needsLoss && !TrainingObservable(Stray.self).needsLoss)
  }

  private static func withoutTestSet() throws -> Study {
    var study = try Self.study().study
    study.data?.test = 0
    return study
  }

  /// A version of the numerics is part of a run's identity.
  @Test func identityHasKeyAndVersion() throws {
    let plain = try TrainingStudy(Self.study(), TrainingRequest(observables: [.loss])).identity
    let own = try TrainingStudy(
      Self.study(), TrainingRequest(observables: [.loss, try .init(GradientParticipation.self)])
    ).identity
    #expect(plain.hash != own.hash && own.numerics["gradient-participation"] == 1)
    #expect(own.settings["observables"] == "gradient-participation loss")
  }
}
