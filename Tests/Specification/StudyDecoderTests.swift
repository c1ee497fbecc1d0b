import OrreryNetworks
import OrrerySpecification
import Testing

@Suite struct StudyDecoderTests {
  func study(_ yaml: String, _ overrides: String...) throws -> Study {
    try #require(Specification.studies(yaml: yaml, origin: "mine.yaml", overrides: overrides).first).study
  }

  static let full = """
    orrery: 1
    seed: 7
    precision: float64
    network:
      mlp: { depth: 5, width: 128, activation: gelu, outputs: 1 }
      init: critical
      parametrization: ntk
    data: { name: digits, classes: [0, 1], train: 64, test: 200, normalize: sphere, targets: plus-minus-one }
    optimizer: { gradient-descent: { learning-rate: auto, steps: 500 }, loss: { mse: { reduction: sum, half: true } } }
    ensemble:  { networks: 200 }
    """

  @Test func theExampleOfTheDesignIsRead() throws {
    let study = try study(Self.full)
    #expect(study.seed == 7)
    #expect(study.precision == .float64)
    let network = try #require(study.network)
    #expect(
      network.architecture == Architecture(MultilayerPerceptron(depth: 5, width: 128, activation: Activation(.gelu))))
    #expect(network.architecture.perceptron?.layerCount == 6)
    #expect(network.initialization == .critical)
    #expect(network.parametrization == .ntk)
    let data = try #require(study.data)
    #expect(data.source == .named("digits"))
    #expect(data.classes == [0, 1])
    #expect(data.train == 64)
    #expect(data.normalize == .sphere)
    #expect(data.targets == .plusMinusOne)
    #expect(
      study.optimizer
        == Optimizer(
          .gradientDescent(), steps: 500, loss: .meanSquaredError(reduction: .sum, half: true)))
    #expect(study.ensemble.networks == 200)
  }

  @Test func aCommandNeedsOnlyTheKeysItUses() throws {
    let study = try study("orrery: 1\nnetwork: { mlp: { width: [3, 4], activation: relu } }")
    #expect(study.data == nil)
    #expect(study.network?.architecture.perceptron?.widths == [3, 4])
  }

  @Test func initializationsAreWordsNumbersOrLists() throws {
    func initialization(_ text: String) throws -> Initialization? {
      try study("orrery: 1\nnetwork: { mlp: { depth: 1, width: 8, activation: relu }, init: \(text) }").network?
        .initialization
    }
    #expect(try initialization("pytorch-linear") == .named(.pytorchLinear))
    let numbers = LayerInitialization(weightVariance: 2, biasVariance: 0.1)
    #expect(try initialization("{ weight-variance: 2, bias-variance: 0.1 }") == .uniform(numbers))
    var uniform = LayerInitialization(weightVariance: 1, biasVariance: 0)
    uniform.weightDistribution = .uniform
    #expect(
      try initialization("[{ weight-variance: 2, bias-variance: 0.1 }, { weight-variance: 1, weights: uniform }]")
        == .perLayer([numbers, uniform]))
  }

  @Test func activationsMayHaveParametersAndScales() throws {
    func activation(_ text: String) throws -> Activation? {
      try study("orrery: 1\nnetwork: { mlp: { depth: 1, width: 8, activation: \(text) } }").network?.architecture
        .perceptron?
        .activation
    }
    #expect(
      try activation("{ leaky-relu: { slope: 0.2 }, input-scale: 2 }")
        == Activation(.leakyReLU(slope: 0.2), inputScale: 2))
    #expect(try activation("{ tanh: {}, output-shift: 0.5 }") == Activation(.tanh, outputShift: 0.5))
    #expect(
      try activation("{ polynomial: { coefficients: [0, 1, 0.25] } }")
        == Activation(.polynomial(coefficients: [0, 1, 0.25])))
    #expect(try activation("swish") == Activation(.silu))
  }

  @Test func overridesSweepTheLastOneFastest() throws {
    let points = try Specification.studies(
      yaml: Self.full, origin: "mine.yaml", overrides: ["network.mlp.width=64,128", "seed=1,2", "data.classes=[3,5]"])
    #expect(
      points.map(\.label) == [
        "network.mlp.width = 64, seed = 1", "network.mlp.width = 64, seed = 2", "network.mlp.width = 128, seed = 1",
        "network.mlp.width = 128, seed = 2",
      ])
    #expect(points.map { $0.study.network?.architecture.perceptron?.widths.first } == [64, 64, 128, 128])
    #expect(points.map(\.study.seed) == [1, 2, 1, 2])
    #expect(points.allSatisfy { $0.study.data?.classes == [3, 5] })
  }

  /// Twice the same value is one point, and no sweep if it is all there is.
  @Test func repeatedValuesCountOnce() throws {
    let points = try Specification.studies(
      yaml: Self.full, origin: "mine.yaml", overrides: ["network.mlp.width=64,64,32,64", "seed=3,3"])
    #expect(points.map(\.label) == ["network.mlp.width = 64", "network.mlp.width = 32"])
    #expect(points.map(\.study.seed) == [3, 3])
  }

  @Test func wholeNumbersMayHaveExponents() throws {
    for text in ["1000", "1e3", "1.0e+3", "1_000", "1000.0"] {
      #expect(
        try study(Self.full, "network.mlp.width=\(text)").network?.architecture.perceptron?.widths.first == 1000,
        "\(text)")
    }
    for text in ["1e-3", "1.5", "0x10", "1e400", "inf", "nan", "e", "1e"] {
      let error = #expect(throws: SpecificationError.self) { try study(Self.full, "network.mlp.width=\(text)") }
      #expect(error?.message.contains("whole number") == true, "\(text): \(String(describing: error))")
    }
  }

  @Test func pyTorchsNameIsKnown() throws {
    #expect(try study(Self.full, "network.init=nn.Linear").network?.initialization == .named(.pytorchLinear))
    let error = #expect(throws: SpecificationError.self) { try study(Self.full, "network.init=nn.linear") }
    #expect(error?.message.contains("Did you mean nn.Linear?") == true)
  }

  /// Limits of what can be counted: the values at them are taken, those beyond have a sentence.
  @Test(arguments: [
    ("network.mlp.width", 2_147_483_647), ("network.mlp.depth", 10_000), ("network.mlp.outputs", 2_147_483_647),
    ("ensemble.networks", 715_827_882), ("ensemble.chain", 715_827_882), ("ensemble.inputs", 4096),
  ])
  func largeNumbersHaveLimits(key: String, limit: Int) throws {
    let text = Specification.template
    _ = try Specification.studies(yaml: text, origin: "mine.yaml", overrides: ["\(key)=\(limit)"])
    for value in ["\(limit + 1)", "100000000000000000", "\(Int.max)", "99999999999999999999", "1e300"] {
      let error = #expect(throws: SpecificationError.self) {
        try Specification.studies(yaml: text, origin: "mine.yaml", overrides: ["\(key)=\(value)"])
      }
      #expect(error?.message == "\(key) must be at most \(limit), and is \(value).")
    }
  }

  @Test func longListsHaveLimits() throws {
    func list(_ count: Int) -> String { "[" + Array(repeating: "3", count: count).joined(separator: ",") + "]" }
    for (key, limit) in [("network.mlp", 10_000), ("ensemble", 1000)] {
      func text(_ count: Int) -> String {
        key == "ensemble"
          ? "orrery: 1\nensemble: { networks: 2, widths: \(list(count)) }"
          : "orrery: 1\nnetwork: { mlp: { activation: relu, width: \(list(count)) } }"
      }
      _ = try study(text(limit))
      let error = #expect(throws: SpecificationError.self) { try study(text(limit + 1)) }
      #expect(error?.description.contains("line 2") == true && error?.message.contains("at most \(limit)") == true)
    }
  }

  @Test func sweepsHaveLimits() {
    let values = (1...300).map(String.init).joined(separator: ",")
    let error = #expect(throws: SpecificationError.self) {
      try study(Self.full, "seed=\(values)", "network.mlp.width=\(values)")
    }
    #expect(error?.message.contains("10000 points") == true)
    let deep = Array(repeating: "a", count: 20_000).joined(separator: ".")
    #expect(throws: SpecificationError.self) { try study(Self.full, "\(deep)=1") }
  }

  @Test func theVersionHasARemedy() {
    for (version, remedy) in [(2, "write `orrery: 1`, or use a newer Orrery."), (0, "write `orrery: 1`.")] {
      let error = #expect(throws: SpecificationError.self) { try study("orrery: \(version)") }
      #expect(error?.message.hasSuffix(remedy) == true)
    }
  }

  @Test func overridesReplaceWordsBySets() throws {
    let study = try study(Self.full, "network.init.weight-variance=1.5", "network.mlp.activation={elu: {alpha: 0.5}}")
    #expect(study.network?.initialization == .uniform(LayerInitialization(weightVariance: 1.5, biasVariance: 0)))
    #expect(study.network?.architecture.perceptron?.activation == Activation(.elu(alpha: 0.5)))
  }

  @Test func dataMayBeFilesOrSynthetic() throws {
    let files = try study(
      "orrery: 1\ndata: { files: { inputs: { path: X.npz, array: images }, label-column: -1 }, classes: [0, 2] }")
    #expect(
      files.data?.source
        == .files(DataFiles(inputs: ArrayReference(path: "X.npz", array: "images"), labels: .column(-1))))
    let synthetic = try study("orrery: 1\ndata: { synthetic: { distribution: sphere, samples: 10, features: 3 } }")
    #expect(synthetic.data?.source == .synthetic(SyntheticData(.sphere, samples: 10, features: 3)))
  }

  /// Bad descriptions, and what the message must say.
  @Test(arguments: [
    ("network: { mlp: { depth: 1, width: 2, activation: relu } }", "version"),
    ("orrery: 2", "version 2"),
    ("orrery: 1\nnetwrk: {}", "line 2: Unknown key 'netwrk'. Did you mean network?"),
    (
      "orrery: 1\nnetwork:\n  mlp:\n    depht: 3\n    width: 8\n    activation: relu",
      "line 4: Unknown key 'depht' in network.mlp. Did you mean depth?"
    ),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: rleu } }", "relu"),
    ("orrery: 1\nnetwork: { mlp: { depth: 0, width: 8, activation: relu } }", "must be at least 1, and is 0"),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: 0, activation: relu } }", "must be at least 1, and is 0"),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: wide, activation: relu } }", "whole number, and is 'wide'"),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: [], activation: relu } }", "empty list"),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: [1, 2], activation: relu } }", "leave out depth"),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: relu }, init: critcal }", "Did you mean critical?"),
    (
      "orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: relu }, init: { weight-variance: -1 } }",
      "cannot be negative"
    ),
    (
      "orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: relu }, init: { weight-variance: .nan } }",
      "finite number"
    ),
    (
      "orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: relu }, init: [{ weight-variance: 1 }] }",
      "one entry for each"
    ),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: { elu: { alfa: 1 } } } }", "alpha"),
    ("orrery: 1\nnetwork: { mlp: { depth: 3, width: 8, activation: { monomial: {} } } }", "degree"),
    ("orrery: 1\nprecision: float23", "float32"),
    ("orrery: 1\nseed: -1", "at least 0"),
    ("orrery: 1\ndata: { nme: digits }", "Did you mean name?"),
    ("orrery: 1\ndata: { name: digits, normalize: spherical }", "one of none, sphere, standard"),
    ("orrery: 1\ndata: { name: digits, classes: 3 }", "must be a list"),
    ("orrery: 1\noptimizer: { adam: {}, sgd: {} }", "exactly one"),
    ("orrery: 1\noptimizer: { adam: { epsilon: 0 } }", "above 0"),
    ("orrery: 1\noptimizer: { sgd: { momentum: 1 } }", "momentum"),
    ("orrery: 1\nensemble: { networks: 1 }", "at least 2"),
    ("orrery: 1\norrery: 1", "twice"),
    ("orrery: [1", "not YAML"),
    ("", "empty"),
    ("just a word", "set of keys"),
    ("orrery: 1\nseed: *anchor", "YAML"),
  ])
  func badDescriptionsAreNamedWithARemedy(yaml: String, expected: String) {
    let error = #expect(throws: SpecificationError.self) { try study(yaml) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("seed", "sets nothing"), ("=3", "no path"), ("network..width=3", "empty key"), ("seed=", "empty value"),
    ("seed=1,,2", "empty value"), ("network.mlp.wdth=3", "Did you mean width?"),
    ("data.classes=[0,", "not a YAML value"),
  ])
  func badOverridesAreNamedToo(text: String, expected: String) {
    let error = #expect(throws: SpecificationError.self) { try study(Self.full, text) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    #expect(error?.description.contains("command line") == true)
  }
}
