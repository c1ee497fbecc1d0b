import Foundation
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
  /// Bytes that it will take: the records of all networks, and what passing them through needs on the threads in use;
  /// `Int.max` stands for more than can be counted.
  public var estimatedBytes: Int
  /// Bytes of the records alone.
  public var recordBytes: Int

  public init(_ loaded: LoadedStudy) throws {
    let resolved = loaded.resolved
    label = loaded.label
    study = resolved
    hash = loaded.hash
    inputs = loaded.statistics
    trainSamples = loaded.data.train.count
    testSamples = loaded.data.test.count
    // Validated when the study was loaded: it can be counted.
    parameters = resolved.network.architecture.parameterCount(inputs: resolved.network.inputs) ?? .max
    let probes = loaded.probes.rows
    let experiment = try InitializationExperiment(resolved.network, inputs: loaded.probes)
    let records = experiment.requiredMemory(networks: resolved.ensemble.networks)
    var working = experiment.workingMemory(threads: Parallel.threads, precision: resolved.precision)
    for width in resolved.ensemble.widths {
      var point = resolved.network
      point.architecture.widths = point.architecture.widths.map { _ in width }
      let own = try InitializationExperiment(point, inputs: loaded.probes.selectingRows([0]))
      working = max(working, own.workingMemory(threads: Parallel.threads, precision: resolved.precision))
    }
    // The chain keeps one kernel entry of every network.
    let traces = 8 * ConfrontationRun.chainNetworks(resolved, samples: probes)
    recordBytes = records
    estimatedBytes = [working, traces].reduce(records) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    let cost = ConfrontationCost(resolved, probes: probes)
    estimatedSeconds = cost.seconds
  }

  /// Checks that a confrontation fits into this machine's memory.
  ///
  /// - Throws: `StudyError` with the two numbers and what to change.
  public func requireMemory() throws {
    let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    let place = label.isEmpty ? "" : "At \(label): "
    func refuse(_ bytes: Int, _ allowed: String) -> StudyError {
      StudyError(
        .tooLarge,
        "\(place)confront needs \(Self.memory(bytes: bytes)), and \(allowed); that is too much memory: take fewer "
          + "ensemble.networks or ensemble.inputs, or narrower layers.")
    }
    guard estimatedBytes <= physical else {
      throw refuse(estimatedBytes, "this machine has \(Self.memory(bytes: physical)) in all")
    }
    let limit = InitializationExperiment.Options().memoryLimit
    guard recordBytes <= limit else {
      throw refuse(recordBytes, "records may take \(Self.memory(bytes: limit))")
    }
    // Matrices of all pairs of kernel entries are made room for, too.
    let samples = Double(min(study.ensemble.inputs, trainSamples))
    let pairs = 8 * pow(samples * (samples + 1) / 2, 2)
    guard pairs <= Double(physical) else {
      throw refuse(Int(exactly: pairs) ?? .max, "this machine has \(Self.memory(bytes: physical)) in all")
    }
  }

  private static func memory(bytes: Int) -> String {
    guard bytes < .max else { return "more bytes than can be counted" }
    return bytes < 1 << 40
      ? "\((bytes + (1 << 20) - 1) >> 20) MiB" : "\(NumberText.text(Double(bytes) / 0x1p40, digits: 2)) TiB"
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
      "about \(Self.duration(seconds: estimatedSeconds)) and \(Self.memory(bytes: estimatedBytes))"
        + ((try? requireMemory()) == nil ? ": too much memory, which confront refuses" : ""))
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
