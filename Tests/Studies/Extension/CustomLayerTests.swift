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

/// The layer of the article CustomLayers: described in YAML, trained, differentiated, beside its kernel.
@Suite struct CustomLayerTests {
  private static func study(_ optimizer: String, initialization: String, seed: Int = 5) throws -> LoadedStudy {
    try Layer.register(Bilinear.self)
    let points = try Specification.studies(
      yaml: """
        orrery: 1
        seed: \(seed)
        precision: float64
        network:
          layers: [flatten, { bilinear: { units: 16 } }, { dense: { units: 1 } }]
          init: \(initialization)
          parametrization: ntk
        data: { name: digits, classes: [0, 1], train: 32, test: 20, normalize: sphere, targets: plus-minus-one }
        \(optimizer)
        """, origin: "the article")
    return try LoadedStudy(try #require(points.first).study)
  }

  @Test func theArticleHasTheCodeThatIsTested() throws {
    let file = URL(filePath: #filePath)
    let root = file.deletingLastPathComponent().appending(path: "../../..")
    let article = try String(
      contentsOf: root.appending(path: "Sources/Orrery/Orrery.docc/CustomLayers.md"), encoding: .utf8)
    let code = try String(
      contentsOf: file.deletingLastPathComponent().appending(path: "Bilinear.swift"), encoding: .utf8)
    let blocks = article.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(blocks.count == 4)
    for block in blocks.prefix(3) { #expect(code.contains(block)) }
  }

  @Test func itIsReadAndTrained() throws {
    let loaded = try Self.study(
      "optimizer: { adam: { learning-rate: 0.02, batch: full, steps: 60 }, loss: mse }",
      initialization: "{ weight-variance: 1, bias-variance: 0 }")
    #expect(try loaded.resolved.network.parameters().map(\.name) == ["1.left", "1.right", "2.weight", "2.bias"])
    let study = try TrainingStudy(loaded, TrainingRequest(networks: 3))
    let finding = try withTemporaryFolder { try study.run(RunArchive.open($0)) }
    let loss = try #require(finding.series(.loss)).median
    #expect(try #require(loss.last) < 0.1 * loss[0])
    #expect(finding.divergences.isEmpty)
  }

  /// Central differences: of a polynomial of degree 4 in each number, with h = 10⁻⁵ wrong by h² and by rounding over h.
  @Test func derivativesAreThoseOfDifferences() throws {
    let layers = [Layer(Bilinear(units: 3)), Layer(Dense(units: 2))]
    let lowered = try LoweredNetwork(layers, inputShape: [4], samples: 2)
    var graph = lowered.graph
    let value = graph.total(graph.multiply(lowered.output, lowered.output))
    let inputs = lowered.parameters + [lowered.input]
    let gradients = try graph.gradient(of: value, to: inputs).map { try #require($0) }
    let arena = Arena<Double>(Program(graph, inlets: inputs.map { .init($0) }, outputs: [value] + gradients))
    for index in inputs.indices {
      for i in arena.input(index).indices { arena.input(index)[i] = sin(Double(7 * index + 3 * i + 1)) }
    }
    arena.run()
    let found = inputs.indices.map { Array(arena.output($0 + 1)) }
    let step = 1e-5
    for index in inputs.indices {
      for i in arena.input(index).indices {
        let number = arena.input(index)[i]
        func shifted(_ shift: Double) -> Double {
          arena.input(index)[i] = number + shift
          arena.run()
          return arena.output(0)[0]
        }
        let difference = (shifted(step) - shifted(-step)) / (2 * step)
        arena.input(index)[i] = number
        #expect(abs(found[index][i] - difference) <= 1e-7 * max(1, abs(difference)))
      }
    }
  }

  /// The mean tangent kernel over networks, exact at every width for one bilinear and one dense layer.
  @Test func itsKernelIsTheMeanOverNetworks() throws {
    let loaded = try Self.study("", initialization: "{ weight-variance: 1.3, bias-variance: 0.2 }")
    let tangentKernel = try #require(TrainingObservable(rawValue: "tangent-kernel"))
    var settings = ObservableSettings()
    settings.kernelSamples = 3
    let study = try TrainingStudy(
      loaded, TrainingRequest(.measure, networks: 400, observables: [tangentKernel], settings: settings))
    var samples: [[Double]] = []
    try withTemporaryFolder { folder in
      let archive = try RunArchive.open(folder)
      _ = try study.run(archive)
      let run = try #require(try archive.run(hash: study.identity.hash))
      try archive.forEachObservation(of: run, observable: "tangent-kernel") { samples.append($0.values) }
    }
    #expect(samples.count == 400)
    let network = loaded.resolved.network
    let inputs = loaded.data.train.inputs.selectingRows([0, 1, 2])
    let predicted = try #require(try KernelState(network, rows: inputs, tangents: true).tangents)
    for pair in 0..<9 {
      let measured = Statistics.mean(samples.map { $0[pair] })
      #expect(abs(measured.value - predicted[pair]) < 5 * measured.error, "\(pair): \(measured), \(predicted[pair])")
    }
  }
}
