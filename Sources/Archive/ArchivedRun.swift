import Foundation
import GRDB

/// A run as the archive has it.
public struct ArchivedRun: Hashable, Sendable, Identifiable {
  /// The run's number in its archive.
  public let id: Int64
  public let identity: RunIdentity
  public let environment: RunEnvironment
  /// How it stands. A run whose process has ended without a word is `interrupted`.
  public internal(set) var state: RunState
  /// Why it failed, or at which step it diverged.
  public let message: String?
  public let created: Date
  /// When it ended; nil before.
  public let ended: Date?

  public var hash: String { identity.hash }
  /// The first eight digits of the hash, which name the run in most archives.
  public var shortHash: String { String(hash.prefix(8)) }
}

extension ArchivedRun {
  static let columns =
    "id, hash, kind, subject, label, study, settings, numerics, dataDigest, seed, environment, state, message, created, ended"

  /// - Throws: ``UnreadableColumn`` when the row is not what was written.
  init(_ row: Row) throws {
    id = try row.stored("id")
    func json<Value: Decodable>(_ column: String) throws -> Value {
      guard let value = try? ArchiveJSON.value(Value.self, row.stored(column)) else {
        throw UnreadableColumn(column: column)
      }
      return value
    }
    guard let seed = UInt64(try row.stored("seed") as String) else { throw UnreadableColumn(column: "seed") }
    guard let state = RunState(rawValue: try row.stored("state")) else { throw UnreadableColumn(column: "state") }
    identity = RunIdentity(
      hash: try row.stored("hash"), kind: try row.stored("kind"), study: try row.stored("study"),
      settings: try json("settings"), numerics: try json("numerics"), subject: try row.stored("subject"),
      label: try row.stored("label"), dataDigest: try row.stored("dataDigest"), seed: seed)
    environment = try json("environment")
    self.state = state
    message = try row.storedIfAny("message")
    created = Date(timeIntervalSince1970: try row.stored("created"))
    ended = try row.storedIfAny("ended").map { Date(timeIntervalSince1970: $0) }
  }
}

/// A value of the database that is not of the type that was written.
struct UnreadableColumn: Error {
  var column: String
}

extension Row {
  /// A value, by its column. GRDB's own subscript ends the program when a damaged database holds something else.
  func stored<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let value = Value.fromDatabaseValue(self[column]) else { throw UnreadableColumn(column: column) }
    return value
  }

  /// The same, where nothing may be stored.
  func storedIfAny<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    let value: DatabaseValue = self[column]
    return value.isNull ? nil : try stored(column)
  }
}
