import Foundation
import GRDB
import OrreryFindings

/// An observable with the version of its numerics.
struct ObservableKey: Hashable {
  var key: String
  var numericsVersion: Int
}

/// What waits for its transaction.
struct Gathered {
  private(set) var observations: [Observation] = []
  /// The number of elements of the observations, and an allowance for each.
  private(set) var elements = 0
  var measurements: [OrreryFindings.Measurement] = []

  mutating func add(_ new: [Observation]) {
    observations += new
    elements += new.reduce(0) { $0 + $1.values.count + 8 }
  }

  /// - Parameter observables: the numbers of observables in the database, to be kept when the transaction holds.
  func write(_ database: Database, run: Int64, _ observables: inout [ObservableKey: Int64]) throws {
    if !observations.isEmpty {
      let statement = try database.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO observation (run, observable, member, step, shape, elements) VALUES (?, ?, ?, ?, ?, ?)
          """)
      let numbers = try observations.map { observation in
        let key = ObservableKey(key: observation.observable, numericsVersion: observation.numericsVersion)
        let number = try observables[key] ?? Self.number(of: key, database)
        observables[key] = number
        return number
      }
      for place in order(numbers) {
        let (observation, number) = (observations[place], numbers[place])
        let shape = observation.shape.isEmpty ? nil : observation.shape.map(String.init).joined(separator: ",")
        let bytes = observation.values.withUnsafeBytes { Data($0) }
        statement.setUncheckedArguments([run, number, observation.member, observation.step, shape, bytes])
        try statement.execute()
      }
    }
    for measurement in measurements {
      // The same number estimated in two ways is two measurements.
      let key = try ArchiveJSON.text([ArchiveJSON.text(measurement.quantity), measurement.estimator])
      try database.execute(
        sql: "INSERT OR REPLACE INTO measurement (run, key, json) VALUES (?, ?, ?)",
        arguments: [run, key, try ArchiveJSON.text(measurement)])
    }
  }

  /// The places of the observations in the order of the table's key, the later of two with one key behind the earlier.
  ///
  /// An ensemble records one network after another. Written so, each network would change the pages of all observables and steps,
  /// and all of them would go through the cache once for each network.
  private func order(_ numbers: [Int64]) -> [Int] {
    observations.indices.map { (numbers[$0], observations[$0].step, observations[$0].member, $0) }
      .sorted { $0 < $1 }.map(\.3)
  }

  private static func number(of key: ObservableKey, _ database: Database) throws -> Int64 {
    try database.execute(
      sql: "INSERT OR IGNORE INTO observable (key, numericsVersion) VALUES (?, ?)",
      arguments: [key.key, key.numericsVersion])
    return try Int64.fetchOne(
      database, sql: "SELECT id FROM observable WHERE key = ? AND numericsVersion = ?",
      arguments: [key.key, key.numericsVersion])!
  }
}
