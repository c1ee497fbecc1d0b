import Foundation
import GRDB
import OrreryFormats

/// Runs with everything that was observed, in a database; checkpoints are safetensors files beside it.
///
/// ```swift
/// let archive = try RunArchive.open()
/// switch try archive.begin(identity) {
/// case .complete(let run): print(try archive.observations(of: run, observable: "loss"))
/// case .session(let session):
///   try session.record([Observation("loss", step: 0, value: 0.7)])
///   try session.save(RunProgress(step: 1))
///   try session.finish(.finished)
/// }
/// ```
///
/// Several processes may use one archive at once. What has been saved survives the end of the process and, once a call
/// has returned, the loss of power. Errors are `ArchiveError`; checkpoints that cannot be written or read are
/// `OutputError` and `FormatError`.
public final class RunArchive: Sendable {
  public let folder: URL
  let database: DatabaseQueue

  static let databaseName = "archive.sqlite"
  static let checkpointFolder = "checkpoints"
  static let lockFolder = "locks"
  /// How many seconds a call waits for other processes' writing to end.
  static let patience = 20.0

  /// Opens the archive in a folder; makes both if they are not there.
  ///
  /// - Throws: `ArchiveError`.
  public static func open(_ folder: URL = defaultFolder()) throws -> RunArchive {
    try RunArchive(folder, maximumPages: nil)
  }

  /// Opens an archive that is there.
  ///
  /// - Throws: `ArchiveError`, of kind `noArchive` when there is none.
  public static func openExisting(_ folder: URL = defaultFolder()) throws -> RunArchive {
    guard exists(folder) else {
      throw ArchiveError(
        .noArchive, "There is no archive in \(folder.path(percentEncoded: false)); name another folder with --archive.")
    }
    return try open(folder)
  }

  /// Whether a folder holds an archive.
  public static func exists(_ folder: URL = defaultFolder()) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: databaseName).path(percentEncoded: false))
  }

  /// - Parameters:
  ///   - maximumPages: for tests: how large the database may grow, in pages of 4096 bytes, in place of a full disk.
  ///   - isReadOnly: whether nothing is made, changed or locked; the archive must be there.
  package init(_ folder: URL, maximumPages: Int?, isReadOnly: Bool = false) throws {
    self.folder = folder
    let name = folder.path(percentEncoded: false)
    if isReadOnly {
      database = try Self.translating(name) { try Self.readOnlyDatabase(folder) }
      return
    }
    for part in [folder, folder.appending(path: Self.checkpointFolder), folder.appending(path: Self.lockFolder)] {
      do {
        try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
      } catch {
        throw ArchiveError(
          .cannotWrite,
          "The folder \(part.path(percentEncoded: false)) cannot be made; check the permissions and the room there, or "
            + "name another archive with --archive.")
      }
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.patience)
    configuration.label = "orrery.archive"
    configuration.prepareDatabase { database in
      // Before the first table: a run that is removed gives its room back to the disk.
      try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      // Not GRDB's own setting of WAL mode, which writes to the database at every opening, for readers that we have not.
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      // A commit waits for the disk: what a run's owner has been told is saved survives a loss of power.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      // 64 MiB, and not SQLite's 2: what a large transaction has changed stays in memory until it is written, once.
      try database.execute(sql: "PRAGMA cache_size = -65536")
      if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
    }
    // Two processes that make the database at the same moment would trip over each other's first transactions, which
    // SQLite refuses without waiting.
    let opening = try Self.holdOpening(folder)
    defer { close(opening) }
    database = try Self.translating(name) {
      let database = try DatabaseQueue(
        path: folder.appending(path: Self.databaseName).path(percentEncoded: false), configuration: configuration)
      if try database.inDatabase({ try Self.isOutdated($0, name) }) { try ArchiveSchema.migrator.migrate(database) }
      return database
    }
  }

  /// Checks whose database this is; whether its tables are to be made or changed.
  static func isOutdated(_ database: Database, _ name: String) throws -> Bool {
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    guard tables == 0 || application == ArchiveSchema.applicationID else {
      throw ArchiveError(
        .foreign,
        "\(name)\(databaseName) is a database of another program; name another folder with --archive.")
    }
    // Before the first table, whose maker may be killed before the second.
    if tables == 0 { try database.execute(sql: "PRAGMA application_id = \(ArchiveSchema.applicationID)") }
    let done = try tables == 0 ? [] : String.fetchSet(database, sql: "SELECT identifier FROM grdb_migrations")
    guard done.isSubset(of: ArchiveSchema.migrator.migrations) else {
      throw ArchiveError(
        .foreign,
        "The archive \(name) was written by a later version of Orrery; use that one, or name another archive "
          + "with --archive.")
    }
    return done.count < ArchiveSchema.migrator.migrations.count
  }

  /// A lock for the time of opening; closing the descriptor gives it back.
  private static func holdOpening(_ folder: URL) throws -> Int32 {
    let path = folder.appending(path: lockFolder).appending(path: "opening").path(percentEncoded: false)
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw ArchiveError(
        .cannotWrite,
        "The archive \(folder.path(percentEncoded: false)) cannot be written (\(String(cString: strerror(errno)))); check "
          + "its permissions, or name another with --archive.")
    }
    let deadline = Date(timeIntervalSinceNow: patience)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard Date() < deadline else {
        close(descriptor)
        throw ArchiveError(
          .busy,
          "The archive \(folder.path(percentEncoded: false)) was kept from being opened by another process for "
            + "\(Int(patience)) seconds; end that process, or name another archive with --archive.")
      }
      usleep(1_000)
    }
    return descriptor
  }

  // MARK: Access

  /// The archive, as messages call it.
  var name: String { folder.path(percentEncoded: false) }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(name) { try database.read(body) }
  }

  /// One transaction: all of it happens, or nothing.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(name) { try database.write(body) }
  }

  static func translating<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw ArchiveError(error, folder: name)
    } catch let error as UnreadableColumn {
      throw ArchiveError.damaged(name, "a value of \(error.column) is none")
    } catch is RowDecodingError {
      throw ArchiveError.damaged(name, "a value is of another type than was written")
    }
  }

  func lockPath(_ hash: String) -> String {
    folder.appending(path: Self.lockFolder).appending(path: hash).path(percentEncoded: false)
  }
}
