import Foundation
import OrreryArchive
import OrreryNetworks

extension LoadedStudy {
  /// What a run of this study asks of the archive: see ``ResolvedStudy/runIdentity(kind:settings:numerics:label:)``.
  ///
  /// - Throws: `EncodingError`, when the study cannot be written as JSON.
  public func runIdentity(
    kind: String, settings: [String: String] = [:], numerics: [String: Int] = [:]
  ) throws -> RunIdentity {
    try resolved.runIdentity(kind: kind, settings: settings, numerics: numerics, label: label)
  }
}

extension ResolvedStudy where Network == ResolvedNetwork {
  /// What a run of this study asks of the archive.
  ///
  /// The ensemble is no part of it: how many networks a run takes is among its settings, and what else an ensemble says concerns
  /// forecasts and their confrontation, not the run.
  ///
  /// - Parameters:
  ///   - kind: `train`, `measure`.
  ///   - settings: what is asked beside the study: networks, observables, the steps at which they are wanted.
  ///   - numerics: the versions of the numerics that decide the run's digits.
  ///   - label: the settings of this point of a sweep, for the reader.
  ///   - addition: what the subject says beside the study, for the reader.
  /// - Throws: `EncodingError`, when the study cannot be written as JSON.
  public func runIdentity(
    kind: String, settings: [String: String] = [:], numerics: [String: Int] = [:], label: String = "",
    addition: String? = nil
  ) throws -> RunIdentity {
    try RunIdentity(
      kind: kind, study: RunStudy(self), settings: settings, numerics: numerics,
      subject: subject + (addition.map { ", \($0)" } ?? ""), label: label,
      dataDigest: dataDigest, seed: seed)
  }
}

/// A study without its ensemble.
private struct RunStudy: Encodable {
  var seed: UInt64
  var precision: Precision
  var network: ResolvedNetwork
  var initializationName: String
  var data: DataDescription
  var dataDigest: String
  var optimizer: Optimizer?

  init(_ study: ResolvedStudy<ResolvedNetwork>) {
    (seed, precision, network) = (study.seed, study.precision, study.network)
    initializationName = study.initializationName
    (data, dataDigest, optimizer) = (study.data, study.dataDigest, study.optimizer)
  }
}

extension ResolvedStudy {
  /// The study as JSON with sorted keys, for a reader of a report.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension ResolvedStudy where Network == ResolvedNetwork {
  /// "5 hidden × 64, tanh, digits, MSE, Adam, batch 64, float32".
  public var subject: String {
    var parts = [network.text, data.text]
    if let optimizer {
      parts += [optimizer.loss.name, optimizer.method.name]
      if let batch = optimizer.batch.size { parts.append("batch \(batch)") }
    }
    return (parts + [precision.rawValue]).joined(separator: ", ")
  }
}

extension ResolvedStudy where Network == PerceptronView {
  /// As that of the network that is seen.
  public var subject: String { with(ResolvedNetwork(network)).subject }
}

extension ResolvedNetwork {
  /// "5 hidden × 64, tanh"; "9 layers: convolution, activation, …".
  var text: String {
    if let perceptron = perceptron?.architecture {
      if perceptron.depth == 0 { return "no hidden layers" }
      let shape =
        Set(perceptron.widths).count == 1
        ? "\(perceptron.depth) hidden × \(perceptron.widths.first!)"
        : "hidden " + perceptron.widths.map(String.init).joined(separator: "-")
      return "\(shape), \(perceptron.activation.text)"
    }
    let layers = architecture.layers
    let keys = layers.prefix(4).map(\.key).joined(separator: ", ")
    return "\(layers.count) layer\(layers.count == 1 ? "" : "s"): \(keys)\(layers.count > 4 ? ", …" : "")"
  }
}
