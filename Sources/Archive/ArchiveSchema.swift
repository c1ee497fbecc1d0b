import GRDB

/// The tables, by the migrations that made them. A published migration is never changed: a new one follows it.
enum ArchiveSchema {
  /// Marks the database as an archive: "Orry".
  static let applicationID = 0x4f72_7279

  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: first)
    }
    return migrator
  }()

  /// Times are seconds since 1970; seeds are decimal texts, since SQLite's integers end at 63 bits; values are
  /// little-endian Float64, row-major; a shape is "3,4", and absent for a single number.
  ///
  /// Observations lie in the order in which they come, by run, observable, step and network, with no second copy of the
  /// key in an index: by network first, a step of an ensemble would touch every page.
  private static let first = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      hash TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      label TEXT NOT NULL,
      study TEXT NOT NULL,
      settings TEXT NOT NULL,
      numerics TEXT NOT NULL,
      dataDigest TEXT NOT NULL,
      seed TEXT NOT NULL,
      environment TEXT NOT NULL,
      state TEXT NOT NULL,
      message TEXT,
      created REAL NOT NULL,
      ended REAL
    );
    CREATE TABLE observable (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      numericsVersion INTEGER NOT NULL,
      UNIQUE (key, numericsVersion)
    );
    CREATE TABLE observation (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      observable INTEGER NOT NULL REFERENCES observable (id),
      member INTEGER NOT NULL,
      step INTEGER NOT NULL,
      shape TEXT,
      elements BLOB NOT NULL,
      PRIMARY KEY (run, observable, step, member)
    ) WITHOUT ROWID;
    CREATE TABLE measurement (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      json TEXT NOT NULL,
      PRIMARY KEY (run, key)
    );
    CREATE TABLE checkpoint (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      member INTEGER NOT NULL,
      step INTEGER NOT NULL,
      file TEXT NOT NULL UNIQUE,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (run, member, step)
    ) WITHOUT ROWID;
    CREATE TABLE progress (
      run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      step INTEGER NOT NULL,
      mark BLOB NOT NULL,
      file TEXT,
      bytes INTEGER,
      saved REAL NOT NULL
    );
    """
}
