import Foundation
import GRDB
import OrreryFormats

/// Which runs are asked for; what is nil is not asked.
public struct RunFilter: Hashable, Sendable {
  public var kind: String?
  public var state: RunState?

  public init(kind: String? = nil, state: RunState? = nil) {
    self.kind = kind
    self.state = state
  }
}

extension RunArchive {
  /// The complete run that has asked this question before, finished or diverged; nil when there is none.
  ///
  /// - Throws: `ArchiveError`.
  public func finishedRun(hash: String) throws -> ArchivedRun? {
    guard let run = try run(hash: hash), run.state.isComplete else { return nil }
    return run
  }

  /// The run of this hash, however it stands; nil when there is none.
  ///
  /// - Throws: `ArchiveError`.
  public func run(hash: String) throws -> ArchivedRun? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT \(ArchivedRun.columns) FROM run WHERE hash = ?", arguments: [hash])
        .map { try self.run($0) }
    }
  }

  /// All runs that fit, the newest first.
  ///
  /// - Throws: `ArchiveError`.
  public func runs(matching filter: RunFilter = RunFilter()) throws -> [ArchivedRun] {
    let runs = try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT \(ArchivedRun.columns) FROM run WHERE kind = coalesce(?, kind) ORDER BY created DESC, id DESC",
        arguments: [filter.kind]
      ).map { try self.run($0) }
    }
    // The state that the database holds may be that of a process which is gone.
    return runs.filter { filter.state == nil || $0.state == filter.state }
  }

  /// The run that a person names: by its hash, by the first digits of it, or as `latest`.
  ///
  /// - Throws: `ArchiveError` of kind `noSuchRun` or `ambiguousRun`.
  public func run(named reference: String) throws -> ArchivedRun {
    let isLatest = reference == "latest"
    let digits = reference.lowercased()
    guard isLatest || (!digits.isEmpty && digits.allSatisfy { $0.isHexDigit }) else {
      throw ArchiveError(
        .noSuchRun,
        "A run is named by the first digits of its hash, or as latest, and not '\(printable(reference))'; `orrery runs list` "
          + "shows them.")
    }
    let found = try read { database in
      try Row.fetchAll(
        database,
        sql: isLatest
          ? "SELECT \(ArchivedRun.columns) FROM run ORDER BY created DESC, id DESC LIMIT 1"
          : "SELECT \(ArchivedRun.columns) FROM run WHERE substr(hash, 1, ?) = ? ORDER BY hash LIMIT 5",
        arguments: isLatest ? [] : [digits.count, digits]
      ).map { try self.run($0) }
    }
    guard let run = found.first else {
      throw ArchiveError(
        .noSuchRun,
        isLatest
          ? "The archive \(name) holds no runs."
          : "No run in \(name) has a hash that begins with \(printable(reference)); `orrery runs list` shows them.")
    }
    guard found.count == 1 else {
      let shown = found.prefix(4).map { String($0.hash.prefix(max(8, digits.count + 4))) }.joined(separator: ", ")
      throw ArchiveError(
        .ambiguousRun,
        "Several runs have hashes that begin with \(reference) (\(shown)\(found.count > 4 ? ", …" : "")); give more "
          + "digits.")
    }
    return run
  }

  /// A run as it really stands: that of a process which ended without a word is interrupted.
  func run(_ row: Row) throws -> ArchivedRun {
    var run = try ArchivedRun(row)
    if run.state == .running, !RunLock.isHeld(lockPath(run.hash)) { run.state = .interrupted }
    return run
  }
}
