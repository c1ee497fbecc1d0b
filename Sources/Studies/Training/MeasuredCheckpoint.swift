import OrreryExperiment
import OrreryFormats

/// The file that a measured network was read from.
public struct MeasuredCheckpoint: Hashable, Codable, Sendable {
  /// As the caller named it.
  public var file: String
  /// Of its contents, in hexadecimal.
  public var sha256: String
  /// The run that has written it and the step it was at, where the file says so.
  public var run: String?
  public var step: Int?

  init(_ checkpoint: NetworkCheckpoint) {
    file = checkpoint.file
    sha256 = checkpoint.digest.hexadecimal
    // Whoever wrote the file may have put anything there.
    run = checkpoint.metadata["run"].flatMap { $0.allSatisfy(\.isHexDigit) && !$0.isEmpty ? $0 : nil }
    step = checkpoint.metadata["step"].flatMap { Int($0) }
  }

  /// "The network is that of trained.safetensors (SHA-256 3f2a…), step 500 of run 7c1d…."
  var sentence: String {
    let origin = [step.map { "step \($0)" }, run.map { "of run \($0.prefix(8))" }].compactMap { $0 }
    return "The network is that of \(file) (SHA-256 \(sha256.prefix(12)))"
      + (origin.isEmpty ? "" : ", as the file says " + origin.joined(separator: " ")) + "; no step was taken."
  }
}
