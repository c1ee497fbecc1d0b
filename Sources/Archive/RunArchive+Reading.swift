import Foundation
import GRDB

extension RunArchive {
  /// Opens an archive that is there, to be read; also where its folder cannot be written.
  ///
  /// - Throws: `ArchiveError`, of kind `noArchive` when there is none.
  public static func openForReading(_ folder: URL = defaultFolder()) throws -> RunArchive {
    guard exists(folder), !isWritable(folder) else { return try openExisting(folder) }
    return try RunArchive(folder, maximumPages: nil, isReadOnly: true)
  }

  /// Whether the database can be changed, and files made beside it.
  private static func isWritable(_ folder: URL) -> Bool {
    [folder, folder.appending(path: lockFolder), folder.appending(path: databaseName)]
      .allSatisfy { url in
        let path = url.path(percentEncoded: false)
        return access(path, F_OK) != 0 || access(path, W_OK) == 0
      }
  }

  /// The database of a folder in which nothing can be made.
  static func readOnlyDatabase(_ folder: URL) throws -> DatabaseQueue {
    let name = folder.path(percentEncoded: false)
    let url = folder.appending(path: databaseName).absoluteURL
    let path = url.path(percentEncoded: false)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(patience)
    configuration.label = "orrery.archive"
    // A database in WAL mode is read through files beside it, which SQLite would have to make here. Where its last writer has left
    // no log, the database holds everything, and SQLite may take it as it is; a log that is there brings those files with it.
    let log = (try? FileManager.default.attributesOfItem(atPath: path + "-wal"))?[.size] as? Int ?? 0
    let database = try DatabaseQueue(
      path: log == 0 ? "file:\(url.path(percentEncoded: true))?immutable=1" : path, configuration: configuration)
    guard try !database.inDatabase({ try isOutdated($0, name) }) else {
      throw ArchiveError(
        .cannotWrite,
        "The archive \(name) has to be brought up to date before it is read, and cannot be written; check its permissions, or name "
          + "another with --archive.")
    }
    return database
  }
}
