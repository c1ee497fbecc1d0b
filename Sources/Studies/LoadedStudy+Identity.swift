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

  /// "5 hidden × 64, tanh, digits, MSE, Adam, batch 64, float32".
  public var subject: String {
    let architecture = network.architecture
    let widths = Set(architecture.widths)
    let shape =
      widths.count == 1
      ? "\(architecture.depth) hidden × \(widths.first!)"
      : "hidden " + architecture.widths.map(String.init).joined(separator: "-")
    var parts = [shape, architecture.activation.text, data.text]
    if let optimizer {
      parts += [optimizer.loss.name, optimizer.method.name]
      if let batch = optimizer.batch.size { parts.append("batch \(batch)") }
    }
    return (parts + [precision.rawValue]).joined(separator: ", ")
  }
}
