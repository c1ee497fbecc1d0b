import Foundation
import GRDB

/// What asking a question of the archive yields: its answer, or the work on it.
public enum RunOpening: Sendable {
  /// The question has been answered before.
  case complete(ArchivedRun)
  /// The work is this process's, from the start or from where it was interrupted.
  case session(RunSession)
}

extension RunArchive {
  /// Begins a run, goes on with an interrupted or failed one, or finds it complete.
  ///
  /// What an interrupted run has recorded is kept when it has saved its progress, and removed when it begins anew.
  ///
  /// - Parameters:
  ///   - startingOver: whether to forget what is there, even a complete run.
  ///   - waiting: how many seconds to wait for another process that is at work on the same run.
  ///   - isCancelled: asked while waiting; true ends it.
  /// - Throws: `ArchiveError`, of kind `inUse` when another process is still at work on it.
  public func begin(
    _ identity: RunIdentity, startingOver: Bool = false, waiting seconds: Double = 0,
    isCancelled: () -> Bool = { false }
  ) throws -> RunOpening {
    let lock = try acquire(identity, seconds, isCancelled)
    var stale: [String] = []
    let opening: RunOpening = try write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT \(ArchivedRun.columns) FROM run WHERE hash = ?", arguments: [identity.hash])
      var number: Int64?
      if let row {
        let run = try ArchivedRun(row)
        guard startingOver || !run.state.isComplete else { return .complete(run) }
        number = run.id
        let goesOn = try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM progress WHERE run = ?)", arguments: [run.id])!
        if startingOver || !goesOn {
          stale = try files(of: run.id, database)
          for table in ["observation", "measurement", "checkpoint", "progress"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run.id])
          }
          try database.execute(
            sql: "UPDATE run SET created = ? WHERE id = ?", arguments: [Date().timeIntervalSince1970, run.id])
        }
      }
      let run = try insert(identity, over: number, database)
      let progress = try Int.fetchOne(database, sql: "SELECT number FROM progress WHERE run = ?", arguments: [run.id])
      return .session(RunSession(run, archive: self, lock: lock, progressNumber: progress ?? 0))
    }
    for file in stale { removeFile(file) }
    // A process that was killed when its run was finished already has left its last progress, too.
    try withExtendedLifetime(lock) {
      switch opening {
      case .complete(let run): try removeUnregistered(of: run)
      case .session(let session): try removeUnregistered(of: session.run)
      }
    }
    return opening
  }

  private func acquire(_ identity: RunIdentity, _ seconds: Double, _ isCancelled: () -> Bool) throws -> RunLock {
    let path = lockPath(identity.hash)
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      if let lock = try RunLock.acquire(path, folder: name) { return lock }
      guard Date() < deadline, !isCancelled() else {
        let holder = RunLock.holder(path).map { "process \($0)" } ?? "another process"
        throw ArchiveError(
          .inUse,
          "The run \(identity.hash.prefix(8)) is being computed by \(holder); wait for it to end, and its answer is here."
        )
      }
      usleep(50_000)
    }
  }

  /// Writes the run's row as running, a new one or over its own, and returns it.
  private func insert(_ identity: RunIdentity, over number: Int64?, _ database: Database) throws -> ArchivedRun {
    let environment = RunEnvironment.current
    let own: StatementArguments = [
      identity.kind, identity.subject, identity.label, identity.study, try ArchiveJSON.text(identity.settings),
      try ArchiveJSON.text(identity.numerics), identity.dataDigest, String(identity.seed),
      try ArchiveJSON.text(environment), RunState.running.rawValue,
    ]
    if let number {
      try database.execute(
        sql: """
          UPDATE run SET kind = ?, subject = ?, label = ?, study = ?, settings = ?, numerics = ?, dataDigest = ?, seed = ?,
          environment = ?, state = ?, message = NULL, ended = NULL WHERE id = ?
          """, arguments: own + [number])
    } else {
      try database.execute(
        sql: """
          INSERT INTO run (kind, subject, label, study, settings, numerics, dataDigest, seed, environment, state, hash,
          created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """, arguments: own + [identity.hash, Date().timeIntervalSince1970])
    }
    let row = try Row.fetchOne(
      database, sql: "SELECT \(ArchivedRun.columns) FROM run WHERE hash = ?", arguments: [identity.hash])!
    return try ArchivedRun(row)
  }
}
