import Foundation
import OrreryFormats

/// What a run asks: two of equal hash ask the same, and get the same numbers.
///
/// The hash is the SHA-256 digest of the kind, the resolved study, the settings and the versions of the numerics. What the
/// run is called does not enter.
public struct RunIdentity: Hashable, Codable, Sendable {
  /// 64 hexadecimal digits.
  public let hash: String
  /// `train`, `measure`.
  public let kind: String
  /// The resolved study, as JSON with sorted keys.
  public let study: String
  /// What was asked beside the study: observables, the steps at which they are wanted.
  public let settings: [String: String]
  /// The versions of everything that decides the digits.
  public let numerics: [String: Int]
  /// "5 hidden × 64, tanh, digits, MSE".
  public let subject: String
  /// The settings of this point of a sweep; empty without one.
  public let label: String
  /// The SHA-256 digest of the data, in hexadecimal; empty for a run without data.
  public let dataDigest: String
  public let seed: UInt64
}

extension RunIdentity {
  /// - Throws: `EncodingError`, when the study cannot be written as JSON.
  public init(
    kind: String, study: some Encodable, settings: [String: String] = [:], numerics: [String: Int], subject: String,
    label: String = "", dataDigest: String = "", seed: UInt64
  ) throws {
    let study = try ArchiveJSON.text(study)
    let question = [kind, study, try ArchiveJSON.text(settings), try ArchiveJSON.text(numerics)]
    self.init(
      hash: Digest(of: try ArchiveJSON.text(question)).hexadecimal, kind: kind, study: study, settings: settings,
      numerics: numerics, subject: subject, label: label, dataDigest: dataDigest, seed: seed)
  }
}
