import Foundation
import GRDB
import OrreryFormats

/// Why the archive cannot do what it was asked, in a sentence with a remedy.
public struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  /// The kinds of trouble, for programs that want to tell them apart.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// There is no archive in the folder.
    case noArchive
    /// No run has this name.
    case noSuchRun
    /// Several runs have hashes that begin so.
    case ambiguousRun
    /// The run has no checkpoint or observable of this name.
    case noSuchPart
    /// The database, or a file beside it, is not what was written.
    case damaged
    /// The folder holds a database of another program, or of a later Orrery.
    case foreign
    /// The system refuses: permissions, a read-only file system.
    case cannotWrite
    /// There is no room.
    case full
    /// Other processes keep the database from being written.
    case busy
    /// Another process is at work on the run.
    case inUse
  }

  public let kind: Kind
  /// One sentence: what is wrong, where, what to do.
  public let description: String
  public var errorDescription: String? { description }

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// `noSuchInput` for what is not there, `cannotWrite` for what cannot be written, else `badData`.
  public var category: FailureCategory {
    switch kind {
    case .noArchive, .noSuchRun, .ambiguousRun, .noSuchPart: .noSuchInput
    case .damaged, .foreign: .badData
    case .cannotWrite, .full, .busy, .inUse: .cannotWrite
    }
  }
}

extension ArchiveError {
  /// What SQLite's refusal means for someone who has never heard of SQLite.
  init(_ error: DatabaseError, folder: String) {
    let detail = error.message.map { printable($0, limit: 80) } ?? "error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self = .damaged(folder, detail)
    case .SQLITE_FULL:
      self.init(
        .full, "The archive \(folder) cannot grow (\(detail)); make room, then start again: finished runs are kept.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .busy,
        "The archive \(folder) was kept busy by other processes for \(Int(RunArchive.patience)) seconds; try again, or "
          + "name another with --archive.")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_IOERR:
      self.init(
        .cannotWrite,
        "The archive \(folder) cannot be written (\(detail)); check its permissions and its disk, or name another with "
          + "--archive.")
    default:
      self.init(
        .damaged,
        "The archive \(folder) does not hold what it should (\(detail)); `orrery runs check` says more.")
    }
  }

  static func damaged(_ folder: String, _ detail: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      "The archive \(folder) is damaged (\(detail)); move \(RunArchive.databaseName) aside and save what is left with "
        + "sqlite3's .recover, or name another archive with --archive.")
  }
}
