import GRDB

extension RunArchive {
  /// Removes a run with all it has recorded, and its files.
  ///
  /// - Throws: `ArchiveError`, of kind `inUse` when a process is at work on it.
  public func remove(_ run: ArchivedRun) throws {
    guard let lock = try RunLock.acquire(lockPath(run.hash), folder: name) else {
      throw ArchiveError(
        .inUse, "The run \(run.shortHash) is being computed now; end that process before its run is removed.")
    }
    try withExtendedLifetime(lock) {
      let files = try write { database in
        let files = try self.files(of: run.id, database)
        try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.id])
        return files
      }
      for file in files { removeFile(file) }
      try giveBackRoom()
      try removeUnregistered(of: run)
    }
  }

  /// Shortens the database by the pages that nothing uses.
  private func giveBackRoom() throws {
    try Self.translating(name) {
      try database.inDatabase { database in
        // Each step of the statement frees a page.
        let pages = try Row.fetchCursor(database, sql: "PRAGMA incremental_vacuum")
        while try pages.next() != nil {}
        // Other processes' readers may keep the log from being emptied now: a later one empties it.
        _ = try? Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
    }
  }
}
