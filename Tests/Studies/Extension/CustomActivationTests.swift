import Foundation
import OrreryAnalysis
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrrerySpecification
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The activation of the article CustomActivations: its own laws, kernels, criticality, order 1/n, derivatives and training.
@Suite struct CustomActivationTests {
  private static let alphas = [1, 0.25, 4.0]

  private static func activation(_ alpha: Double) -> Activation {
    Activation(ActivationFunction(InverseSquareRoot(alpha: alpha)))
  }

  /// A deep network on three inputs.
  private static func network(_ activation: Activation, depth: Int = 3) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: 32, activation: activation), inputs: 4,
      layers: Array(repeating: LayerInitialization(weightVariance: 1.4, biasVariance: 0.1), count: depth + 1),
      parametrization: .ntk)
  }

  private static let inputs = Matrix<Double>(
    rows: 3, columns: 4, elements: (0..<12).map { cos(Double(5 * $0 + 1)) })

  /// ⟨1/(1 + z²)⟩ = √(π/2K) e^(1/2K) erfc(1/√2K), and ⟨1/(1 + z²)²⟩ by its derivative with respect to the 1.
  private static func averages(_ kernel: Double) -> (once: Double, twice: Double) {
    let once = (.pi / (2 * kernel)).squareRoot() * exp(0.5 / kernel) * erfc((0.5 / kernel).squareRoot())
    return (once, once * (0.5 - 0.5 / kernel) + 0.5 / kernel)
  }

  @Test func theArticleHasTheCodeThatIsTested() throws {
    let file = URL(filePath: #filePath)
    let root = file.deletingLastPathComponent().appending(path: "../../..")
    let article = try String(
      contentsOf: root.appending(path: "Sources/Orrery/Orrery.docc/CustomActivations.md"), encoding: .utf8)
    let code = try String(
      contentsOf: file.deletingLastPathComponent().appending(path: "InverseSquareRoot.swift"), encoding: .utf8)
    let blocks = article.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(blocks.count == 4)
    for block in blocks.prefix(3) { #expect(code.contains(block)) }
  }

  @Test(arguments: alphas) func lawsHold(alpha: Double) {
    checkActivation(Self.activation(alpha))
    var moved = Self.activation(alpha)
    (moved.inputScale, moved.inputShift, moved.outputScale, moved.outputShift) = (-0.8, 0.3, 1.4, 0.1)
    checkActivation(moved)
    let far: [Float] = [.infinity, -.infinity, 1e30, -1e30]
    let limit = Float(1 / alpha.squareRoot())
    let signs: [Float] = [1, -1, 1, -1]
    #expect(zip(Self.activation(alpha).values(at: far), signs).allSatisfy { abs($0 - $1 * limit) <= 1e-6 })
  }

  /// ⟨σ²⟩ = 1 − ⟨1/(1 + z²)⟩ exactly; pairs by the Hermite series and by quadrature; whole kernels by the fused path, in which an
  /// odd function has every other coefficient only, and pair by pair.
  @Test func kernels() throws {
    let activation = Self.activation(1)
    for kernel in [0.2, 1, 3.0] {
      let exact = 1 - Self.averages(kernel).once
      #expect(abs(activation.dual.single(variance: kernel).second - exact) < 1e-12)
      #expect(abs(ActivationMoments(activation, kernel: kernel).secondMoment - exact) < 1e-11)
    }
    #expect(activation.dual is HermiteDual)
    let quadrature = QuadratureDual(activation.function)
    for pair in [
      GaussianPair(k11: 1, k22: 1.5, oneMinusCorrelation: 0.3), .init(k11: 2, k22: 0.5, oneMinusCorrelation: 1.6),
    ] {
      let (series, plain) = (activation.dual.pair(pair), quadrature.pair(pair))
      #expect(abs(series.product - plain.product) < 1e-10)
      #expect(abs(series.derivative - plain.derivative) < 1e-10)
    }
    for moved in [activation, Activation(activation.function, inputScale: 1.2, inputShift: 0.3, outputShift: -0.1)] {
      let network = Self.network(moved)
      let fused = try InfiniteWidthKernels(network).matrices(Self.inputs)
      let plain = try LayerKernels(network, inputs: Self.inputs)
      checkKernelIsPositiveSemidefinite(fused.nngp, tolerance: 1e-12)
      let tangents = try #require(fused.ntk)
      for i in 0..<3 {
        for j in 0..<3 {
          #expect(abs(fused.nngp[i, j] - plain.kernels.last![i, j]) < 1e-11)
          #expect(abs(tangents[i, j] - plain.tangentKernels.last![i, j]) < 1e-10)
        }
      }
    }
  }

  /// σ = z − αz³/2 + …: K* = 0 at C_W = 1, C_b = 0, and K′ = K − 3αK², as a₁ = σ‴(0)/σ′(0).
  @Test(arguments: alphas) func criticality(alpha: Double) throws {
    let point = try Criticality.points(of: Self.activation(alpha)).choice()
    #expect(point.criticalityClass == .powerLaw && point.stability == .stable)
    #expect(abs(point.weightVariance - 1) < 1e-12 && point.biasVariance == 0)
    #expect(abs(try #require(point.exponents.a1) + 3 * alpha) < 1e-9 * alpha)
  }

  /// V of the second layer is C_W²(⟨σ⁴⟩ − ⟨σ²⟩²) exactly; deeper, the tensors of many inputs against the recursion of one; and
  /// α against a scale, which is the same function with other derivatives.
  @Test func finiteWidthFlow() throws {
    let network = Self.network(Self.activation(1))
    func flow(_ network: PerceptronView, _ extent: FiniteWidthExtent) throws -> FiniteWidthFlow {
      try FiniteWidthFlow(network, inputs: Self.inputs, learningRates: network.learningRates, extent: extent)
    }
    let layers = try flow(network, .differentials).layers
    let single = SingleInputFlow(network, input: Array(Self.inputs.row(0))).layers
    let (once, twice) = Self.averages(layers[0].kernel[0, 0])
    let exact = 1.4 * 1.4 * ((1 - 2 * once + twice) - (1 - once) * (1 - once))
    #expect(abs(layers[1].fourPointVertex[0, 0, 0, 0] - exact) < 1e-9)
    for (several, one) in zip(layers, single) {
      #expect(abs(several.kernel[0, 0] - one.kernel) < 1e-10)
      #expect(abs(several.fourPointVertex[0, 0, 0, 0] - one.fourPointVertex) < 1e-8)
    }
    let steep = try flow(Self.network(Self.activation(4)), .tangentKernel).layers.last!
    let scaled = Activation(ActivationFunction(InverseSquareRoot()), inputScale: 2, outputScale: 0.5)
    let same = try flow(Self.network(scaled), .tangentKernel).layers.last!
    let (left, right) = (try #require(steep.tangentKernel), try #require(same.tangentKernel))
    for i in 0..<3 {
      for j in 0..<3 {
        #expect(abs(left.mean[i, j] - right.mean[i, j]) < 1e-9)
        #expect(abs(left.correction[i, j] - right.correction[i, j]) < 1e-7 * max(1, abs(right.correction[i, j])))
      }
    }
  }

  /// The gradient, and the gradient of a gradient, in Double against central differences.
  @Test func derivativesOfANetworkAreThoseOfDifferences() throws {
    let activation = Self.activation(0.7)
    let layers = [Layer(Dense(units: 3)), Layer(Nonlinearity(activation)), Layer(Dense(units: 2))]
    let lowered = try LoweredNetwork(layers, inputShape: [4], samples: 2)
    var graph = lowered.graph
    let inputs = lowered.parameters + [lowered.input]
    var value = graph.total(graph.multiply(lowered.output, lowered.output))
    for _ in 0..<3 {
      let gradient = try graph.gradient(of: value, to: inputs).map { try #require($0) }
      let arena = Arena<Double>(Program(graph, inlets: inputs.map { .init($0) }, outputs: [value] + gradient))
      var point = inputs.indices.flatMap { index in
        arena.input(index).indices.map { sin(Double(7 * index + 3 * $0 + 1)) }
      }
      func run(at point: [Double]) -> Double {
        var place = 0
        for index in inputs.indices {
          for i in arena.input(index).indices {
            arena.input(index)[i] = point[place]
            place += 1
          }
        }
        arena.run()
        return arena.output(0)[0]
      }
      _ = run(at: point)
      let found = inputs.indices.flatMap { Array(arena.output($0 + 1)) }
      checkGradientMatchesFiniteDifference(at: point, gradient: found, tolerance: 1e-7) { run(at: $0) }
      point.removeAll()
      // The next order: the sum of what has just been checked.
      value = gradient.map { graph.total($0) }.reduce(graph.constant(0, shape: [])) { graph.add($0, $1) }
    }
  }

  @Test func descriptionsAndTheirErrors() throws {
    try ActivationFunction.register(InverseSquareRoot.self)
    try ActivationFunction.register(InverseSquareRoot.self)
    #expect(try ActivationFunction(name: "isru") == ActivationFunction(InverseSquareRoot()))
    #expect(Self.activation(0.5).function != Self.activation(1).function)
    let data = try JSONEncoder().encode(Self.activation(0.5))
    #expect(String(decoding: data, as: UTF8.self) == #"{"isru":{"alpha":0.5}}"#)
    #expect(try JSONDecoder().decode(Activation.self, from: data) == Self.activation(0.5))
    func sentence(_ name: String, _ parameters: [String: ActivationParameter]) throws -> String {
      try #require(throws: NetworkError.self) { try Activation(name: name, parameters: parameters) }.description
    }
    #expect(try sentence("isur", [:]) == "there is no activation called 'isur'; did you mean 'isru'?")
    #expect(
      try sentence("isru", ["alhpa": 2]) == "the activation 'isru' has no parameter 'alhpa'; did you mean 'alpha'?")
    #expect(try sentence("isru", ["alpha": -2]).hasPrefix("the alpha of the activation 'isru' is -2.0"))
    #expect(throws: NetworkError.self) { try ActivationFunction.register(InverseSquareRoot.self, aliases: ["tanh"]) }
    #expect(throws: NetworkError.self) {
      try ActivationFunction.register(InverseSquareRoot.self, aliases: ["input-scale"])
    }
  }

  /// At its critical point, from YAML: trained to a tenth of its loss, and forecast.
  @Test func itIsReadAndTrained() throws {
    try ActivationFunction.register(InverseSquareRoot.self)
    let points = try Specification.studies(
      yaml: """
        orrery: 1
        seed: 5
        network:
          mlp: { depth: 2, width: 32, activation: { isru: { alpha: 0.5 } }, outputs: 1 }
          init: critical
          parametrization: ntk
        data: { name: digits, classes: [0, 1], train: 32, test: 20, normalize: sphere, targets: plus-minus-one }
        optimizer: { adam: { learning-rate: 0.02, batch: full, steps: 60 }, loss: mse }
        """, origin: "the article")
    let loaded = try LoadedStudy(try #require(points.first).study)
    #expect(try loaded.forecast().predictions.contains { $0.quantity.kind == .kernelVariance })
    let study = try TrainingStudy(loaded, TrainingRequest(networks: 3))
    let finding = try withTemporaryFolder { try study.run(RunArchive.open($0)) }
    let loss = try #require(finding.series(.loss)).median
    #expect(try #require(loss.last) < 0.1 * loss[0])
    #expect(finding.divergences.isEmpty)
  }
}
