import Foundation
import GRDB
import OrreryFindings
import OrreryFormats

/// What looking at every part of an archive has found.
public struct ArchiveCheck: Hashable, Codable, Sendable {
  public var runs: Int
  public var observations: Int
  public var checkpoints: Int
  /// What is lost or wrong, a sentence each.
  public var problems: [String]
  /// What is unusual and harms nothing, a sentence each.
  public var remarks: [String]

  package init(runs: Int, observations: Int, checkpoints: Int, problems: [String], remarks: [String]) {
    self.runs = runs
    self.observations = observations
    self.checkpoints = checkpoints
    self.problems = problems
    self.remarks = remarks
  }
}

extension RunArchive {
  /// Looks at the database's structure, at the values of every run and at every file.
  ///
  /// - Throws: `ArchiveError` when the database is too damaged to be looked at.
  public func check() throws -> ArchiveCheck {
    var check = ArchiveCheck(runs: 0, observations: 0, checkpoints: 0, problems: [], remarks: [])
    let rows = try read { database in
      // SQLite's own words, "ok" or a line for each fault.
      for fault in try String.fetchAll(database, sql: "PRAGMA integrity_check(20)") where fault != "ok" {
        check.problems.append("The database is damaged: \(printable(fault, limit: 100)).")
      }
      for table in try String.fetchAll(database, sql: "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check") {
        check.problems.append("The database has rows of \(table) that belong to no run.")
      }
      return try Row.fetchAll(database, sql: "SELECT \(ArchivedRun.columns) FROM run ORDER BY id")
    }
    var registered: Set<String> = []
    for row in rows {
      check.runs += 1
      do {
        let run = try Self.translating(name) { try self.run(row) }
        try look(at: run, &check, &registered)
        if run.state == .interrupted, String.fromDatabaseValue(row["state"]) == RunState.running.rawValue {
          check.remarks.append("Run \(run.shortHash) was ended from outside; computing it again goes on with it.")
        }
      } catch let error as ArchiveError {
        check.problems.append(error.description)
      }
    }
    let held = rows.compactMap { String.fromDatabaseValue($0["hash"]) }.filter { RunLock.isHeld(lockPath($0)) }
    for file in storedFiles() where !registered.contains(file) {
      // A process at work writes a file before it tells the database.
      guard !held.contains(where: { file.drop { $0 == "." }.hasPrefix($0.prefix(24)) }) else { continue }
      check.remarks.append(
        "The file \(Self.checkpointFolder)/\(printable(file, limit: 80)) belongs to no run; remove it.")
    }
    return check
  }

  private func look(at run: ArchivedRun, _ check: inout ArchiveCheck, _ registered: inout Set<String>) throws {
    // Reading decodes every value.
    try forEachObservation(of: run) { _ in check.observations += 1 }
    _ = try measurements(of: run)
    for checkpoint in try checkpoints(of: run) {
      check.checkpoints += 1
      registered.insert(checkpoint.file)
      look(
        at: checkpoint.file, of: run, "the checkpoint of network \(checkpoint.member) at step \(checkpoint.step)",
        &check)
    }
    if let (progress, file) = try progress(of: run.id), let file {
      registered.insert(file)
      look(at: file, of: run, "the progress at step \(progress.step)", &check)
    }
  }

  private func look(at file: String, of run: ArchivedRun, _ what: String, _ check: inout ArchiveCheck) {
    do {
      let tensors = try readFile(file, of: run)
      for name in tensors.names { _ = try tensors.read(name) }
    } catch {
      check.problems.append("Run \(run.shortHash) has lost \(what): \(error)")
    }
  }
}
