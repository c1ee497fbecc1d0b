import OrreryNetworks
import OrreryReports

/// A resolved study in words, with what running it will cost: what `orrery check` says.
public struct StudyCheck: Hashable, Codable, Sendable {
  public var label: String
  public var study: ResolvedStudy<ResolvedNetwork>
  public var hash: String
  public var inputs: InputStatistics
  /// Whether inputs are numbers of a text's characters.
  public var areSymbols: Bool
  public var trainSamples: Int
  public var testSamples: Int
  public var parameters: Int
  /// What `orrery confront` will take; nil for networks that Theory does not cover.
  public var confrontation: ConfrontationDemand?
  /// Which pieces of theory speak of it.
  public var coverage: Coverage

  public init(_ loaded: LoadedStudy) throws {
    let resolved = loaded.resolved
    label = loaded.label
    study = resolved
    hash = loaded.hash
    inputs = loaded.statistics
    areSymbols = loaded.data.targetKind == .classNumbers
    trainSamples = loaded.data.train.count
    testSamples = loaded.data.test.count
    parameters = try resolved.network.parameters().map { $0.description.shape.reduce(1, *) }.reduce(0, +)
    coverage = loaded.coverage
    confrontation = (try? coverage.requireAnything()) == nil ? nil : try ConfrontationDemand(loaded)
  }

  /// "about 3 s", "2 days": to a figure or two.
  public static func duration(seconds: Double) -> String {
    let (count, unit) =
      switch seconds {
      case ..<7200: (seconds, "s")
      case ..<172_800: (seconds / 3600, "hours")
      case ..<63_072_000: (seconds / 86400, "days")
      default: (seconds / 31_536_000, "years")
      }
    return "\(NumberText.text(max(0.1, count), digits: 1)) \(unit)"
  }

  public var text: String {
    var table = Table(columns: [.init(""), .init("")])
    func row(_ name: InlineText, _ value: String) {
      table.rows.append(Table.Row([.text(name), .text(InlineText(verbatim: value))]))
    }
    let network = study.network
    if !label.isEmpty { row("point", label) }
    describe(network, row)
    row("parameters", "\(parameters)")
    row("parametrization", network.parametrization.rawValue)
    row("initialization", study.initializationName)
    for (index, layer) in grouped(network.initializations, network.perceptron == nil ? "weight tensor" : "layer") {
      row(
        "  \(index)", "C_W = \(layer.weightVariance), C_b = \(layer.biasVariance), \(layer.weightDistribution.rawValue)"
      )
    }
    row(
      "data",
      "\(study.data.text), \(trainSamples) training and \(testSamples) test samples, digest \(study.dataDigest.prefix(12))"
    )
    // Numbers of characters have no length.
    if !areSymbols {
      row(
        "inputs",
        "|x|²/n₀ = \(NumberText.text(inputs.meanSquare)) on average, typical correlation \(NumberText.text(inputs.typicalCorrelation))"
      )
    }
    if let optimizer = study.optimizer { row("optimizer", "\(optimizer.method.name), \(optimizer.loss.name)") }
    row("precision", study.precision.rawValue)
    row(
      "ensemble",
      "\(study.ensemble.networks) real networks on \(study.ensemble.inputs) inputs, \(study.ensemble.chainNetworks) of the chain"
    )
    for (index, name) in coverage.covered.enumerated() { row(index == 0 ? "theory covers" : "", name) }
    for (index, sentence) in coverage.notSaid.enumerated() { row(index == 0 ? "not covered" : "", sentence) }
    if let confrontation { row("confront takes", confrontation.text) }
    row("hash", String(hash.prefix(16)))
    return table.text(rule: false)
  }

  private func describe(_ network: ResolvedNetwork, _ row: (InlineText, String) -> Void) {
    if let perceptron = network.perceptron?.architecture {
      row("network", "\(network.inputs) → \(perceptron.layerWidths.map(String.init).joined(separator: " → "))")
      row("activation", perceptron.activation.text)
      return
    }
    let layers = network.architecture.layers
    row("network", "\(layers.count) layer\(layers.count == 1 ? "" : "s") on inputs of the shape \(network.inputShape)")
    var shape: [Int]? = network.inputShape
    for (index, layer) in layers.enumerated() {
      shape = shape.flatMap { try? layer.description.outputShape(for: $0) }
      row(InlineText(verbatim: "  \(index + 1)"), layer.key + (shape.map { " → \($0)" } ?? ""))
    }
  }

  /// Runs of equal entries: "layers 2–6". In a list of layers some have no weights, others several tensors of them.
  private func grouped(_ layers: [LayerInitialization], _ noun: String) -> [(String, LayerInitialization)] {
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
        $0.range.count == 1
          ? "\(noun) \($0.range.lowerBound)" : "\(noun)s \($0.range.lowerBound)–\($0.range.upperBound)",
        $0.layer
      )
    }
  }
}
