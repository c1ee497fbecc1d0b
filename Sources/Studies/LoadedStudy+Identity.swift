import Foundation
import OrreryArchive
import OrreryNetworks

extension LoadedStudy {
  /// What a run of this study asks of the archive.
  ///
  /// - Parameters:
  ///   - kind: `train`, `measure`.
  ///   - settings: what is asked beside the study: observables, the steps at which they are wanted.
  ///   - numerics: the versions of the numerics that the run uses beyond those of every study.
  /// - Throws: `EncodingError`, when the study cannot be written as JSON.
  public func runIdentity(
    kind: String, settings: [String: String] = [:], numerics: [String: Int] = [:]
  ) throws -> RunIdentity {
    try RunIdentity(
      kind: kind, study: resolved, settings: settings, numerics: NumericsVersions.all.merging(numerics) { $1 },
      subject: resolved.subject, label: label, dataDigest: resolved.dataDigest, seed: resolved.seed)
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
  public var subject: String { subject(network.architecture) }
}

extension ResolvedStudy where Network == ResolvedPerceptron {
  /// "5 hidden × 64, tanh, digits, MSE, Adam, batch 64, float32".
  public var subject: String { subject(.perceptron(network.architecture)) }
}

extension ResolvedStudy {
  private func subject(_ architecture: Architecture) -> String {
    var parts = [architecture.text, data.text]
    if let optimizer {
      parts += [optimizer.loss.name, optimizer.method.name]
      if let batch = optimizer.batch.size { parts.append("batch \(batch)") }
    }
    return (parts + [precision.rawValue]).joined(separator: ", ")
  }
}

extension Architecture {
  /// "5 hidden × 64, tanh"; "9 layers: convolution, activation, …".
  var text: String {
    switch self {
    case .perceptron(let perceptron):
      let shape =
        Set(perceptron.widths).count == 1
        ? "\(perceptron.depth) hidden × \(perceptron.widths.first!)"
        : "hidden " + perceptron.widths.map(String.init).joined(separator: "-")
      return "\(shape), \(perceptron.activation.text)"
    case .layers(let layers):
      let keys = layers.prefix(4).map(\.key).joined(separator: ", ")
      return "\(layers.count) layer\(layers.count == 1 ? "" : "s"): \(keys)\(layers.count > 4 ? ", …" : "")"
    }
  }
}
