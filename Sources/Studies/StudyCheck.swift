import OrreryExperiment
import OrreryNetworks
import OrreryReports
import OrreryTensors

/// A resolved study in words, with what running it will cost: what `orrery check` says.
public struct StudyCheck: Hashable, Codable, Sendable {
  public var label: String
  public var study: ResolvedStudy
  public var hash: String
  public var inputs: InputStatistics
  public var trainSamples: Int
  public var testSamples: Int
  public var parameters: Int
  /// Seconds that `orrery confront` will take on the threads in use, to within a factor of two or so.
  public var estimatedSeconds: Double
  /// Bytes that its records will take.
  public var estimatedBytes: Int

  public init(_ loaded: LoadedStudy) throws {
    let resolved = loaded.resolved
    label = loaded.label
    study = resolved
    hash = resolved.hash
    inputs = loaded.statistics
    trainSamples = loaded.data.train.count
    testSamples = loaded.data.test.count
    let shapes = zip(resolved.network.fanIns, resolved.network.architecture.layerWidths)
    parameters = shapes.reduce(0) { $0 + $1.1 * ($1.0 + 1) }
    let probes = loaded.probes.rows
    estimatedBytes = try InitializationExperiment(resolved.network, inputs: loaded.probes)
      .requiredMemory(networks: resolved.ensemble.networks)
    let cost = ConfrontationCost(resolved, probes: probes)
    estimatedSeconds = cost.seconds
  }

  public var text: String {
    var table = Table(columns: [.init(""), .init("")])
    func row(_ name: InlineText, _ value: String) {
      table.rows.append(Table.Row([.text(name), .text(InlineText(verbatim: value))]))
    }
    let network = study.network
    if !label.isEmpty { row("point", label) }
    row("network", "\(network.inputs) → \(network.architecture.layerWidths.map(String.init).joined(separator: " → "))")
    row("activation", network.architecture.activation.text)
    row("parameters", "\(parameters)")
    row("parametrization", network.parametrization.rawValue)
    row("initialization", study.initializationName)
    for (index, layer) in grouped(network.layers) {
      row(
        "  \(index)", "C_W = \(layer.weightVariance), C_b = \(layer.biasVariance), \(layer.weightDistribution.rawValue)"
      )
    }
    row(
      "data",
      "\(study.data.text), \(trainSamples) training and \(testSamples) test samples, digest \(study.dataDigest.prefix(12))"
    )
    row(
      "inputs",
      "|x|²/n₀ = \(NumberText.text(inputs.meanSquare)) on average, typical correlation \(NumberText.text(inputs.typicalCorrelation))"
    )
    if let optimizer = study.optimizer { row("optimizer", "\(optimizer.method.name), \(optimizer.loss.name)") }
    row("precision", study.precision.rawValue)
    row(
      "ensemble",
      "\(study.ensemble.networks) real networks on \(study.ensemble.inputs) inputs, \(study.ensemble.chainNetworks) of the chain"
    )
    row(
      "confront takes",
      "about \(NumberText.text(max(0.1, estimatedSeconds), digits: 1)) s and \((estimatedBytes >> 20) + 1) MiB")
    row("hash", String(hash.prefix(16)))
    return table.text(rule: false)
  }

  /// Runs of equal layers: "layers 2–6".
  private func grouped(_ layers: [LayerInitialization]) -> [(String, LayerInitialization)] {
    var groups: [(range: ClosedRange<Int>, layer: LayerInitialization)] = []
    for (index, layer) in layers.enumerated() {
      if let last = groups.last, last.layer == layer {
        groups[groups.count - 1].range = last.range.lowerBound...(index + 1)
      } else {
        groups.append(((index + 1)...(index + 1), layer))
      }
    }
    return groups.map {
      (
        $0.range.count == 1 ? "layer \($0.range.lowerBound)" : "layers \($0.range.lowerBound)–\($0.range.upperBound)",
        $0.layer
      )
    }
  }
}
