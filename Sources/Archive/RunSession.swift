import Foundation
import GRDB
import OrreryFindings
import OrreryFormats
import OrreryTensors
import Synchronization

/// A run that this process is at work on. No other process can be, until the session is finished or dropped.
///
/// What is recorded is gathered in memory and goes to the disk in one transaction with the next progress, the next
/// checkpoint or the end, or earlier when it grows large. A process that is killed therefore goes on from its last
/// progress: what it had recorded later is recorded again, and replaces itself.
///
/// A session that is dropped without ``finish(_:message:)`` leaves the run interrupted. It may be used from several
/// threads.
public final class RunSession: RunRecorder, Sendable {
  /// The run as it was when the session began.
  public let run: ArchivedRun
  private let archive: RunArchive
  private let state: Mutex<State>

  private struct State {
    /// Nil once the run is finished.
    var lock: RunLock?
    var gathered = Gathered()
    /// Counts the progress saved, so that each has files of its own.
    var progressNumber: Int
    var observables: [ObservableKey: Int64] = [:]
  }

  /// Elements that are gathered at most, 64 MiB of them.
  private static let most = 1 << 23

  init(_ run: ArchivedRun, archive: RunArchive, lock: RunLock, progressNumber: Int) {
    self.run = run
    self.archive = archive
    state = Mutex(State(lock: lock, progressNumber: progressNumber))
  }

  // MARK: Recording

  public func record(_ observations: [Observation]) throws {
    try state.withLock { state in
      state.gathered.add(observations)
      if state.gathered.elements >= Self.most { try flush(&state) }
    }
  }

  public func record(_ measurements: [OrreryFindings.Measurement]) throws {
    state.withLock { $0.gathered.measurements += measurements }
  }

  /// One observation for each network, at step 0, of the row's shape.
  public func record(_ name: String, _ values: Tensor<Double>) throws {
    let shape = Array(values.shape.dropFirst())
    let count = shape.reduce(1, *)
    let elements = values.elements
    try record(
      (0..<(values.shape.first ?? 1)).map { member in
        Observation(
          name, member: member, shape: shape, values: Array(elements[(member * count)..<((member + 1) * count)]))
      })
  }

  // MARK: Saving

  public func save(_ checkpoint: Checkpoint) throws {
    try state.withLock { state in
      let file = "\(archive.filePrefix(run))-\(checkpoint.member)-\(checkpoint.step).safetensors"
      let bytes = try archive.writeFile(file, checkpoint.tensors, run: run, step: checkpoint.step)
      // The file is there before the row that speaks of it: what a crash leaves is a file too many.
      try flush(&state) { database, run in
        try database.execute(
          sql: "INSERT OR REPLACE INTO checkpoint (run, member, step, file, bytes) VALUES (?, ?, ?, ?, ?)",
          arguments: [run, checkpoint.member, checkpoint.step, file, bytes])
      }
    }
  }

  public func save(_ progress: RunProgress) throws {
    try state.withLock { state in
      let number = state.progressNumber + 1
      var file: String?
      var bytes: Int?
      if !progress.tensors.isEmpty {
        // A new name each time: the earlier progress stays whole until the transaction below forgets it.
        file = "\(archive.filePrefix(run))-progress-\(number).safetensors"
        bytes = try archive.writeFile(file!, progress.tensors, run: run, step: progress.step)
      }
      let earlier = try flush(&state) { database, run in
        let earlier = try String.fetchOne(
          database, sql: "SELECT file FROM progress WHERE run = ?", arguments: [run])
        try database.execute(
          sql:
            "INSERT OR REPLACE INTO progress (run, number, step, mark, file, bytes, saved) VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            run, number, progress.step, Data(progress.mark), file, bytes, Date().timeIntervalSince1970,
          ])
        return earlier
      }
      state.progressNumber = number
      if let earlier { archive.removeFile(earlier) }
    }
  }

  public func savedProgress() throws -> RunProgress? {
    guard let (progress, file) = try archive.progress(of: run.id) else { return nil }
    var complete = progress
    if let file { complete.tensors = try archive.readFile(file, of: run).readAll() }
    return complete
  }

  /// Ends the run: writes what is gathered, and how it ended, in one transaction. Nothing can be recorded afterwards.
  ///
  /// A complete run keeps its checkpoints and forgets its progress; any other keeps both.
  ///
  /// - Parameter message: why it failed or where it diverged, a sentence.
  /// - Precondition: the state is not `running`.
  /// - Throws: `ArchiveError`; then the session can still be finished, after room has been made.
  public func finish(_ end: RunState = .finished, message: String? = nil) throws {
    precondition(end != .running, "A run ends finished, interrupted, diverged or failed.")
    try state.withLock { state in
      let file = try flush(&state) { database, run in
        try database.execute(
          sql: "UPDATE run SET state = ?, message = ?, ended = ? WHERE id = ?",
          arguments: [end.rawValue, message, Date().timeIntervalSince1970, run])
        guard end.isComplete else { return String?.none }
        let file = try String.fetchOne(database, sql: "SELECT file FROM progress WHERE run = ?", arguments: [run])
        try database.execute(sql: "DELETE FROM progress WHERE run = ?", arguments: [run])
        return file
      }
      if let file { archive.removeFile(file) }
      state.lock = nil
    }
  }

  /// One transaction of all that is gathered and of `body`; when it fails, everything is still gathered.
  @discardableResult
  private func flush<Value>(
    _ state: inout State, _ body: (Database, Int64) throws -> Value
  ) throws -> Value {
    precondition(state.lock != nil, "The run has been finished, and nothing more can be recorded.")
    var observables = state.observables
    let gathered = state.gathered
    let value = try archive.write { database in
      try gathered.write(database, run: run.id, &observables)
      return try body(database, run.id)
    }
    state.observables = observables
    state.gathered = Gathered()
    return value
  }

  private func flush(_ state: inout State) throws { try flush(&state) { _, _ in } }
}
