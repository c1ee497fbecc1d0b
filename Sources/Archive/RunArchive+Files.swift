import Foundation
import GRDB
import OrreryFindings
import OrreryFormats

extension RunArchive {
  /// What the names of a run's files begin with: enough of its hash that no two runs share it.
  func filePrefix(_ run: ArchivedRun) -> String { String(run.hash.prefix(24)) }

  func fileURL(_ file: String) -> URL { folder.appending(path: Self.checkpointFolder).appending(path: file) }

  /// Writes tensors whole, or leaves what was there; the number of bytes.
  ///
  /// - Throws: `OutputError`.
  func writeFile(_ file: String, _ tensors: [String: NumericArray], run: ArchivedRun, step: Int) throws -> Int {
    let url = fileURL(file)
    try Safetensors.write(
      tensors, metadata: ["run": run.hash, "step": String(step), "format": "orrery"], to: url)
    return try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
  }

  /// - Throws: `ArchiveError` when the file belongs to another run, `FormatError` when it is damaged.
  func readFile(_ file: String, of run: ArchivedRun) throws -> Safetensors {
    let tensors = try Safetensors(fileURL(file))
    guard tensors.metadata["run"] == run.hash else {
      throw ArchiveError(
        .damaged,
        "The file \(fileURL(file).path(percentEncoded: false)) is not the one that run \(run.shortHash) has written; remove "
          + "the run, and compute it again.")
    }
    return tensors
  }

  /// A file that cannot be removed is one too many, which `check` tells.
  func removeFile(_ file: String) { try? FileManager.default.removeItem(at: fileURL(file)) }

  /// The files that the database knows of a run.
  func files(of run: Int64, _ database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql: "SELECT file FROM checkpoint WHERE run = ? UNION SELECT file FROM progress WHERE run = ? AND file NOT NULL",
      arguments: [run, run])
  }

  /// Removes what a process that was killed has written of a run and not told the database; the run's lock must be held.
  func removeUnregistered(of run: ArchivedRun) throws {
    let registered = Set(try read { try files(of: run.id, $0) })
    for file in storedFiles() where !registered.contains(file) {
      // Temporary files have a dot before the name.
      guard file.hasPrefix(filePrefix(run)) || file.hasPrefix("." + filePrefix(run)) else { continue }
      removeFile(file)
    }
  }

  /// All files of the checkpoints' folder, hidden ones too.
  func storedFiles() -> [String] {
    let path = folder.appending(path: Self.checkpointFolder).path(percentEncoded: false)
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// How far a run has come, without its tensors, and the file that holds them.
  func progress(of run: Int64) throws -> (RunProgress, file: String?)? {
    try read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT step, mark, file FROM progress WHERE run = ?", arguments: [run])
      else { return nil }
      let mark: Data = try row.stored("mark")
      return (
        RunProgress(step: try row.stored("step"), mark: Array(mark)),
        try row.storedIfAny("file")
      )
    }
  }
}
