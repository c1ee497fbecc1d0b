import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryReports
import OrreryTensors

/// What a confrontation will take on the threads in use.
public struct ConfrontationDemand: Hashable, Codable, Sendable {
  public var label: String
  /// To within a factor of two or so.
  public var seconds: Double
  /// The records of all networks, and what passing them through needs; `Int.max` stands for more than can be counted.
  public var bytes: Int
  /// Bytes of the records alone.
  public var recordBytes: Int
  private let samples: Int

  /// - Throws: `StudyError` for networks that Theory does not cover.
  public init(_ loaded: LoadedStudy) throws {
    try loaded.coverage.requireAnything()
    label = loaded.label
    let probes = loaded.probes
    let ensemble = loaded.resolved.ensemble
    let experiment = try InitializationExperiment(loaded.resolved.network, inputs: probes)
    let records = experiment.requiredMemory(networks: ensemble.networks)
    var working = experiment.workingMemory(threads: Parallel.threads, precision: loaded.resolved.precision)
    recordBytes = records
    samples = min(ensemble.inputs, loaded.data.train.count)
    guard let perceptron = loaded.resolved.network.perceptron else {
      let parameters = try loaded.resolved.network.parameters().map { Double($0.description.shape.reduce(1, *)) }
        .reduce(0, +)
      seconds = ConfrontationCost(parameters: parameters, networks: ensemble.networks, samples: probes.rows).seconds
      bytes = records.addingReportingOverflow(working).overflow ? .max : records + working
      return
    }
    let study = loaded.resolved.with(perceptron)
    for width in study.ensemble.widths {
      var point = study.network
      point.architecture.widths = point.architecture.widths.map { _ in width }
      let own = try InitializationExperiment(point, inputs: probes.selectingRows([0]))
      working = max(working, own.workingMemory(threads: Parallel.threads, precision: study.precision))
    }
    // The chain keeps one kernel entry of every network.
    let traces = 8 * InitializationConfrontation.chainNetworks(study, samples: probes.rows)
    bytes = [working, traces].reduce(records) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    seconds = ConfrontationCost(study, probes: probes.rows).seconds
    if study.network.architecture.depth > 0 { seconds += TangentPlan.seconds(study, samples: probes.rows) }
    if DynamicsCoverage.exclusion(loaded) == nil { seconds += DynamicsCost(loaded).seconds }
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
    guard bytes <= physical else {
      throw refuse(bytes, "this machine has \(Self.memory(bytes: physical)) in all")
    }
    let limit = InitializationExperiment.Options().memoryLimit
    guard recordBytes <= limit else {
      throw refuse(recordBytes, "records may take \(Self.memory(bytes: limit))")
    }
    // Matrices of all pairs of kernel entries are made room for, too.
    let pairs = 8 * pow(Double(samples) * Double(samples + 1) / 2, 2)
    guard pairs <= Double(physical) else {
      throw refuse(Int(exactly: pairs) ?? .max, "this machine has \(Self.memory(bytes: physical)) in all")
    }
  }

  /// "about 3 s and 12 MiB".
  var text: String {
    "about \(StudyCheck.duration(seconds: seconds)) and \(Self.memory(bytes: bytes))"
      + ((try? requireMemory()) == nil ? ": too much memory, which confront refuses" : "")
  }

  private static func memory(bytes: Int) -> String {
    guard bytes < .max else { return "more bytes than can be counted" }
    return bytes < 1 << 40
      ? "\((bytes + (1 << 20) - 1) >> 20) MiB" : "\(NumberText.text(Double(bytes) / 0x1p40, digits: 2)) TiB"
  }
}
