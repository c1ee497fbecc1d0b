import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// A study with its data read and its numbers fixed: what the commands work on.
public struct LoadedStudy: Sendable {
  public let study: Study
  public let network: Network
  public let resolved: ResolvedStudy
  /// The data; training inputs of shape (samples, n_0).
  public let data: DataSet<Double>
  public let statistics: InputStatistics
  /// The settings of this point of a sweep; empty without one.
  public let label: String

  /// Reads the data and resolves the initialization.
  ///
  /// - Parameters:
  ///   - study: needs a network and data.
  ///   - label: this point's settings in a sweep.
  ///   - folder: what relative paths in the description are relative to.
  /// - Throws: `StudyError`, `DataError`, `FormatError` or `NetworkError`.
  public init(_ study: Study, label: String = "", relativeTo folder: URL? = nil) throws {
    guard let network = study.network else {
      throw StudyError.missing("network", example: "network: { mlp: { depth: 5, width: 128, activation: gelu } }")
    }
    guard let description = study.data else {
      throw StudyError.missing("data", example: "data: { name: digits, classes: [0, 1], normalize: sphere }")
    }
    try network.architecture.validate()
    let data = try DataSet<Double>.load(description, seed: study.seed, relativeTo: folder)
    if let outputs = data.outputs, outputs != network.architecture.outputs {
      throw StudyError(
        .mismatch,
        "The network has \(network.architecture.outputs) output\(network.architecture.outputs == 1 ? "" : "s") and the targets (\(description.targets.rawValue)) need "
          + "\(outputs); set network.mlp.outputs to \(outputs), or choose other targets.")
    }
    if case .crossEntropy? = study.optimizer?.loss, network.architecture.outputs < 2 {
      throw StudyError(
        .mismatch,
        "Cross-entropy needs one output for each class, and the network has 1; set network.mlp.outputs, or use mse.")
    }
    let statistics = InputStatistics(data.train.inputs)
    self.study = study
    self.network = network
    self.data = data
    self.statistics = statistics
    self.label = label
    resolved = ResolvedStudy(
      seed: study.seed, precision: study.precision,
      network: try NetworkResolver.resolve(
        network, inputs: data.features, meanSquaredInput: statistics.meanSquare),
      initializationName: network.initialization.shortName, data: description, dataDigest: data.digest,
      optimizer: study.optimizer, ensemble: study.ensemble)
  }

  /// The first training inputs, which an ensemble follows through its networks: shape (N_D, n_0).
  public var probes: Matrix<Double> {
    data.train.inputs.selectingRows(Array(0..<min(resolved.ensemble.inputs, data.train.count)))
  }

  /// What theory says of it.
  public func forecast() throws -> Forecast {
    try ForecastBuilder(
      study: study, network: network, resolved: resolved, inputs: statistics, data: data.train, label: label
    ).forecast()
  }
}

extension ResolvedStudy {
  /// The SHA-256 digest of the study with sorted keys: two runs of equal hash ask the same question.
  public var hash: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else { return "" }
    return Digest(of: Array(data)).hexadecimal
  }
}
