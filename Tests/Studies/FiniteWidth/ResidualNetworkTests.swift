import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrrerySpecification
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Residual and normalized perceptrons from their descriptions, beside real networks.
@Suite("Residual networks, from description to comparison", .tags(.statistical)) struct ResidualNetworkTests {
  private static func study(
    _ layers: String, units: Int = 48, networks: Int = 3000, parametrization: String = "ntk",
    initialization: String = "{ weight-variance: 1.2, bias-variance: 0.05 }"
  ) throws -> LoadedStudy {
    let text = """
      orrery: 1
      seed: 3
      network: { layers: [ \(layers) ], init: \(initialization), parametrization: \(parametrization) }
      data: { name: digits, classes: [0, 1], train: 12, test: 6, normalize: sphere, targets: plus-minus-one }
      ensemble: { networks: \(networks), inputs: 2 }
      """.replacingOccurrences(of: "n }", with: "\(units) }")
    return try LoadedStudy(try Specification.studies(yaml: text, origin: "net.yaml")[0].study)
  }

  private static let plain =
    "flatten, { dense: { units: n } }, { residual: [ { activation: relu }, { dense: { units: n } } ] }, "
    + "{ residual: { branch: [ { activation: relu }, { dense: { units: n } } ], scale: 0.7, "
    + "skip: [ { activation: { linear: {}, output-scale: 0.8 } } ] } }, { activation: relu }, { dense: { units: 1 } }"
  private static let normalized =
    "flatten, { dense: { units: n } }, { residual: [ layer-norm, { activation: gelu }, { dense: { units: n } } ] }, "
    + "{ residual: [ { rms-norm: { learned: false } }, { activation: gelu }, { dense: { units: n } } ] }, layer-norm, "
    + "{ dense: { units: 1 } }"

  /// ε as large as the kernel.
  private static let damped =
    "flatten, { dense: { units: n } }, { residual: [ { layer-norm: { epsilon: 1 } }, { activation: gelu }, { dense: { units: n } } ] }, "
    + "{ rms-norm: { epsilon: 0.5 } }, { activation: gelu }, { dense: { units: 1 } }"

  /// Θ at infinite width against traced tangent kernels: of a mean over networks, to its error and to what 1/n leaves, twice over.
  @Test(
    "The NTK's recursion is that of wide networks", arguments: [plain, normalized, damped], ["ntk", "standard"])
  func tangentKernels(_ layers: String, _ parametrization: String) throws {
    let width = 192
    let loaded = try Self.study(layers, units: width, parametrization: parametrization)
    let view = try ResidualView(loaded.resolved.network)
    let flow = ResidualFlow(view, meanSquaredInput: 1)
    let theta = try #require(flow.layers.last?.neuralTangentKernel)
    let kernel = try NetworkTangentKernel<Float>(loaded.resolved.network, samples: 1)
    let parameters = try NetworkParameters(loaded.resolved.network)
    let input = Matrix(rows: 1, columns: 64, elements: loaded.probes.row(0).map { Float($0) })
    let values = (0..<60).map { member in
      let drawn = [Float](unsafeUninitializedCapacity: parameters.layout.count) { buffer, count in
        parameters.draw(buffer.baseAddress!, seed: 8, member: member)
        count = buffer.count
      }
      return Double(kernel.traced(drawn, input)[0, 0])
    }
    let mean = Statistics.mean(values)
    #expect(
      abs(mean.value - theta) < 4 * mean.error + 2 * theta * Double(view.layerCount) / Double(width),
      "\(mean.value) ± \(mean.error), and \(theta)")
    // The bound tells: without the branches' own parameters Θ would be further off.
    #expect(mean.error < theta / 20)
  }

  @Test("Without skips and norms Θ is that of a perceptron")
  func plainPerceptron() {
    let numbers = LayerInitialization(weightVariance: 1.7, biasVariance: 0.2)
    let perceptron = PerceptronView(
      architecture: MultilayerPerceptron(depth: 3, width: 40, activation: Activation(.gelu)), inputs: 5,
      layers: Array(repeating: numbers, count: 4), parametrization: .standard)
    let step = ResidualView.Step(skip: 0, activation: Activation(.gelu), initialization: numbers, units: 40)
    let view = ResidualView(
      inputs: 5, width: 40, first: numbers, steps: Array(repeating: step, count: 3), parametrization: .standard)
    let flow = ResidualFlow(view, meanSquaredInput: 0.8).layers
    let single = SingleInputFlow(perceptron, meanSquaredInput: 0.8).layers
    let trajectory = KernelTrajectory(perceptron, meanSquaredInput: 0.8).entries
    for (x, y) in zip(flow, single) {
      #expect(relativeError(x.neuralTangentKernel!, y.neuralTangentKernel) < 1e-12)
      #expect(relativeError(x.kernel, y.kernel) < 1e-12)
    }
    for (x, y) in zip(flow.dropLast(), trajectory) {
      #expect(relativeError(x.parallelSusceptibility!, y.susceptibility.parallel) < 1e-12)
      #expect(relativeError(x.perpendicularSusceptibility!, y.susceptibility.perpendicular) < 1e-12)
    }
  }

  @Test("Normalized steps are those of the closed form")
  func closedForm() {
    let numbers = LayerInitialization(weightVariance: 1.3, biasVariance: 0.1)
    let closed = NormalizedResidualFlow(Activation(.tanh), weightVariance: 1.3, biasVariance: 0.1, skip: 0.9)
    let step = ResidualView.Step(
      skip: 0.9, norm: .init(centres: true, learned: false, epsilon: 1e-300), activation: Activation(.tanh),
      initialization: numbers,
      units: 10)
    let view = ResidualView(
      inputs: 1, width: 10, first: numbers, steps: Array(repeating: step, count: 4), parametrization: .ntk)
    let flow = ResidualFlow(view, meanSquaredInput: 2)
    for (layer, next) in zip(flow.layers, flow.layers.dropFirst()) {
      #expect(relativeError(next.kernel, closed.kernel(after: layer.kernel)) < 1e-13)
      #expect(relativeError(layer.perpendicularSusceptibility!, closed.susceptibility(at: layer.kernel)) < 1e-13)
      #expect(abs(layer.parallelSusceptibility! - 0.81) < 1e-15 && next.fourPointVertex == nil)
    }
    #expect(flow.vertexExclusion?.contains("layer 2") == true)
  }

  /// Every K, V and T₃ of real networks; and a T₃ that is not there would be refuted.
  @Test("Forecast and confrontation")
  func confrontation() throws {
    let loaded = try Self.study(Self.plain)
    let run = try StudyConfrontation(loaded, hasTraining: false)
    let forecast = try #require(try run.forecast(Sitting()))
    let kinds = Set(forecast.predictions.map(\.quantity.kind))
    #expect(
      kinds == [
        .kernel, .kernelVariance, .threePointCorrelation, .neuralTangentKernel, .outputVariance, .outputExcessKurtosis,
      ], "\(kinds)")
    #expect(
      forecast.forecast.layers.count == 4 && forecast.forecast.layers.allSatisfy { $0.kernelVariance != nil })
    let finding = try run.run()
    #expect(finding.verdictCounts[.refuted] == nil, "\(finding.summary)")
    #expect(
      finding.confrontations.contains { $0.prediction.quantity.kind == .threePointCorrelation && $0.verdict == .agrees }
    )
    #expect(
      finding.confrontations.contains {
        $0.prediction.quantity.kind == .neuralTangentKernel && $0.measurement.networks == 100 && $0.pull.magnitude < 3
      })
    #expect(finding.depth.count == 4 && finding.depth.allSatisfy { $0.measuredVariance != nil })
    let page = finding.page()
    #expect(page.figures.map(\.name) == ["kernel-depth", "fluctuations-depth", "susceptibility-depth"])
    #expect(page.html().contains("vertices of residual networks"))
    #expect(try JSON.decode(Finding.self, JSON.encode(finding)) == finding)
    // The forecast's own numbers, moved: the measurement refutes them.
    let tie = try #require(
      finding.confrontations.first {
        $0.prediction.quantity.kind == .threePointCorrelation && $0.prediction.quantity.layer == 3
      })
    var moved = tie.prediction
    moved.value *= 4
    #expect(Confrontation(moved, tie.measurement, smallestEffect: abs(moved.value)).verdict == .refuted)
  }

  @Test("Coverage names the piece, the layer and the reason")
  func coverage() throws {
    let plain = try Self.study(Self.plain)
    #expect(
      plain.coverage.covered == [
        "the kernel of every layer, on one input", "the NTK of every layer, on one input",
        "the four-point vertex at order 1/n",
      ])
    #expect(
      plain.coverage.notSaid.contains { $0.hasPrefix("Correlations of inputs") && $0.contains("layer 3 is residual") })
    let normalized = try Self.study(Self.normalized)
    #expect(
      normalized.coverage.covered == [
        "the kernel of every layer, on one input", "the NTK of every layer, on one input",
      ])
    #expect(normalized.coverage.notSaid.contains { $0.contains("normalization before layer 2") })
    #expect(try normalized.forecast().layers.allSatisfy { $0.kernelVariance == nil })
    let uniform = try Self.study(
      Self.plain, initialization: "{ weight-variance: 1, weights: uniform }")
    #expect(uniform.coverage.notSaid.contains { $0.contains("weights of layer 1 are uniform") })
    #expect(try StudyCheck(plain).text.contains("theory covers"))
    let text = try plain.forecast().headline.text()
    #expect(text.contains("NOT SAID") && !text.contains("one network, 95 %"))
    let convolution = try Self.study("{ convolution: { units: 4 } }, flatten, { dense: { units: 1 } }")
    let error = try #require(throws: StudyError.self) { try convolution.forecast() }
    #expect(error.description.contains("as a perceptron, layer 1 is convolution"))
    #expect(throws: StudyError.self) { try ConfrontationDemand(convolution) }
    #expect(throws: StudyError.self) { try convolution.flow(inputs: 1, extent: .preactivations) }
    #expect(try StudyCheck(convolution).confrontation == nil)
  }

  @Test("Its flow, on the data and on arrays")
  func flow() throws {
    let loaded = try Self.study(Self.plain)
    let flow = try loaded.flow(inputs: 2, extent: .preactivations)
    guard case .residual(let finding) = flow else {
      Issue.record("It is a residual network.")
      return
    }
    #expect(finding.flows.count == 2 && finding.flows[0].count == 4)
    #expect(try JSON.decode(ResidualFlowFinding.self, JSON.encode(flow)).flows == finding.flows)
    #expect(flow.page().figures.map(\.name) == ["residual-kernels", "residual-vertices"])
    let network = try #require(loaded.study.network)
    let inputs = Matrix<Double>(rows: 1, columns: 64, elements: Array(repeating: 1, count: 64))
    let own = try Flow(network, on: inputs, name: "X.npy", extent: .preactivations)
    #expect(own.summary.contains("X.npy") && own.summary.contains("T₃"))
    // A stream that grows beyond float64.
    let strong = try Self.study(Self.plain, initialization: "{ weight-variance: 1e120 }")
    #expect(throws: StudyError.self) { try strong.forecast() }
    #expect(try strong.flow(inputs: 1, extent: .preactivations).summary.contains("do not fit float64"))
  }
}
