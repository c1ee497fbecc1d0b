import Foundation

/// A run as commands print it in JSON: what was asked, where it was computed, how it stands.
public struct RunDescription: Hashable, Codable, Sendable {
  public var hash: String
  public var kind: String
  public var subject: String
  public var label: String
  public var state: RunState
  public var message: String?
  /// ISO 8601, in UTC.
  public var created: String
  public var ended: String?
  public var seed: UInt64
  public var dataDigest: String
  public var environment: RunEnvironment
  public var settings: [String: String]
  public var numerics: [String: Int]
  /// The resolved study.
  public var study: StoredJSON

  public init(_ run: ArchivedRun) {
    hash = run.hash
    kind = run.identity.kind
    subject = run.identity.subject
    label = run.identity.label
    state = run.state
    message = run.message
    created = run.created.formatted(.iso8601)
    ended = run.ended?.formatted(.iso8601)
    seed = run.identity.seed
    dataDigest = run.identity.dataDigest
    environment = run.environment
    settings = run.identity.settings
    numerics = run.identity.numerics
    study = StoredJSON(run.identity.study) ?? .text(run.identity.study)
  }
}
