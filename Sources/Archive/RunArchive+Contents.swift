import Foundation
import GRDB
import OrreryFindings
import OrreryFormats

/// What a run has of one observable.
public struct ObservableSummary: Hashable, Codable, Sendable {
  public var observable: String
  public var numericsVersion: Int
  public var observations: Int
  /// How many networks of the ensemble have it.
  public var members: Int
  public var firstStep: Int
  public var lastStep: Int
  /// The extents of one value, "64,64"; empty for a number. That of the first observation.
  public var shape: String
}

/// The parameters of one network at one step, in a file.
public struct ArchivedCheckpoint: Hashable, Codable, Sendable {
  public var member: Int
  public var step: Int
  /// The file's name in the archive's folder of checkpoints.
  public var file: String
  public var bytes: Int
}

extension RunArchive {
  /// What a run holds, by observable.
  ///
  /// - Throws: `ArchiveError`.
  public func summary(of run: ArchivedRun) throws -> [ObservableSummary] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT key, numericsVersion, count(*) AS observations, count(DISTINCT member) AS members,
            min(step) AS firstStep, max(step) AS lastStep, coalesce(min(shape), '') AS shape
          FROM observation JOIN observable ON observable.id = observation.observable
          WHERE run = ? GROUP BY observable.id ORDER BY key, numericsVersion
          """, arguments: [run.id]
      ).map { row in
        try ObservableSummary(
          observable: row.stored("key"), numericsVersion: row.stored("numericsVersion"),
          observations: row.stored("observations"), members: row.stored("members"),
          firstStep: row.stored("firstStep"), lastStep: row.stored("lastStep"),
          shape: row.stored("shape"))
      }
    }
  }

  /// The observations of a run, by observable, step and network.
  ///
  /// - Parameters:
  ///   - observable: only this one; all when nil.
  ///   - members: only these networks; all when nil.
  /// - Throws: `ArchiveError`, of kind `damaged` when a value is not what was written.
  public func observations(
    of run: ArchivedRun, observable: String? = nil, members: ClosedRange<Int>? = nil
  ) throws -> [Observation] {
    var observations: [Observation] = []
    try forEachObservation(of: run, observable: observable, members: members) { observations.append($0) }
    return observations
  }

  /// The same, one after another, for runs larger than memory.
  ///
  /// - Throws: `ArchiveError`, and what the closure throws. The closure must not use the archive.
  public func forEachObservation(
    of run: ArchivedRun, observable: String? = nil, members: ClosedRange<Int>? = nil,
    _ body: (Observation) throws -> Void
  ) throws {
    let members = members ?? Int.min...Int.max
    try read { database in
      let observables = try Row.fetchAll(
        database,
        sql:
          "SELECT id, key, numericsVersion FROM observable WHERE key = coalesce(?, key) ORDER BY key, numericsVersion",
        arguments: [observable])
      for one in observables {
        let (number, key, version): (Int64, String, Int) = try (
          one.stored("id"), one.stored("key"), one.stored("numericsVersion")
        )
        let rows = try Row.fetchCursor(
          database,
          sql: """
            SELECT member, step, shape, elements FROM observation
            WHERE run = ? AND observable = ? AND member BETWEEN ? AND ? ORDER BY step, member
            """, arguments: [run.id, number, members.lowerBound, members.upperBound])
        while let row = try rows.next() {
          try body(observation(row, key, version, run))
        }
      }
    }
  }

  private func observation(_ row: Row, _ key: String, _ version: Int, _ run: ArchivedRun) throws -> Observation {
    let (member, step, bytes): (Int, Int, Data) = try (
      row.stored("member"), row.stored("step"), row.stored("elements")
    )
    guard let shape = Self.shape(try row.storedIfAny("shape")), bytes.count == 8 * shape.reduce(1, *) else {
      throw ArchiveError.damaged(name, "run \(run.shortHash) has a value of \(printable(key)) that is none")
    }
    let values = [Double](unsafeUninitializedCapacity: bytes.count / 8) { buffer, count in
      count = bytes.copyBytes(to: buffer) / 8
    }
    return Observation(
      key, numericsVersion: version, member: member, step: step, shape: shape, values: values)
  }

  /// Nil for a text that is no shape.
  private static func shape(_ text: String?) -> [Int]? {
    guard let text else { return [] }
    var (shape, product) = ([Int](), 8)
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let extent = Int(part), extent >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(1, extent))
      guard !overflow else { return nil }
      product = next
      shape.append(extent)
    }
    return shape
  }

  /// The measurements of a run, in the order in which they were recorded.
  ///
  /// - Throws: `ArchiveError`.
  public func measurements(of run: ArchivedRun) throws -> [OrreryFindings.Measurement] {
    try read { database in
      try String.fetchAll(
        database, sql: "SELECT json FROM measurement WHERE run = ? ORDER BY rowid", arguments: [run.id]
      ).map { text in
        do {
          return try ArchiveJSON.value(OrreryFindings.Measurement.self, text)
        } catch {
          throw ArchiveError.damaged(name, "run \(run.shortHash) has a measurement that cannot be read")
        }
      }
    }
  }

  /// The checkpoints of a run, by network and step.
  ///
  /// - Throws: `ArchiveError`.
  public func checkpoints(of run: ArchivedRun) throws -> [ArchivedCheckpoint] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT member, step, file, bytes FROM checkpoint WHERE run = ? ORDER BY member, step",
        arguments: [run.id]
      ).map { row in
        try ArchivedCheckpoint(
          member: row.stored("member"), step: row.stored("step"), file: row.stored("file"),
          bytes: row.stored("bytes"))
      }
    }
  }

  /// The parameters of one network.
  ///
  /// - Throws: `ArchiveError`, or `FormatError` when the file is damaged.
  public func checkpoint(of run: ArchivedRun, member: Int = 0, step: Int) throws -> Safetensors {
    guard let found = try checkpoints(of: run).first(where: { $0.member == member && $0.step == step }) else {
      throw ArchiveError(
        .noSuchPart,
        "Run \(run.shortHash) has no checkpoint of network \(member) at step \(step); `orrery runs show \(run.shortHash)` "
          + "lists them.")
    }
    return try readFile(found.file, of: run)
  }
}
