import Foundation
import OrreryFindings
import OrreryFormats
import Synchronization

/// What an ensemble's threads write together: observations, ends, and the progress from which a run can go on.
///
/// A member's observations are gathered until it is finished or the progress is saved, and then recorded in one go: what is
/// recorded and what is remembered as done never differ.
final class TrainingBook: Sendable {
  /// What is remembered between two sittings.
  struct Mark: Codable {
    var ends: [Int: TrainingExperiment.End] = [:]
  }

  /// What a member takes for as long as the run: its number among those to be trained, and its end, here and in what is returned.
  static let bytesPerMember = 2 * (2 * MemoryLayout<Int>.stride + 2 * MemoryLayout<TrainingExperiment.End>.stride)

  private struct State: Sendable {
    var ends: [Int: TrainingExperiment.End]
    /// Of members that are at work.
    var gathered: [Int: [Observation]] = [:]
    var reached: [Int: Int] = [:]
    /// Their steps together.
    var stepsReached = 0
    var saved = ContinuousClock.now
    var failure: (any Error)?
  }

  private let state: Mutex<State>
  /// Asked before every step, by all threads.
  private let stopped = Atomic<Bool>(false)
  private let recorder: any RunRecorder & Sendable
  private let interval: Double
  private let members: Range<Int>
  private let steps: Int

  init(
    _ saved: RunProgress?, recorder: some RunRecorder & Sendable, interval: Double, members: Range<Int>, steps: Int
  ) throws {
    var mark = Mark()
    if let saved, !saved.mark.isEmpty { mark = try JSONDecoder().decode(Mark.self, from: Data(saved.mark)) }
    state = Mutex(State(ends: mark.ends))
    self.recorder = recorder
    self.interval = interval
    self.members = members
    self.steps = max(1, steps)
  }

  var isStopped: Bool { stopped.load(ordering: .relaxed) }
  /// Members that are still to be trained.
  var remaining: [Int] { state.withLock { state in members.filter { state.ends[$0] == nil } } }
  /// Whether the progress has not been saved for long.
  var isDue: Bool { state.withLock { ContinuousClock.now - $0.saved > .seconds(interval) } }

  func record(_ observation: Observation) {
    state.withLock { $0.gathered[observation.member, default: []].append(observation) }
  }

  func stop() { stopped.store(true, ordering: .relaxed) }

  func fail(_ error: any Error) {
    state.withLock { if $0.failure == nil { $0.failure = error } }
    stop()
  }

  /// The fraction of all steps of all members that is done.
  func fraction(member: Int, step: Int) -> Double {
    state.withLock { state in
      state.stepsReached += step - (state.reached.updateValue(step, forKey: member) ?? 0)
      return (Double(state.ends.count) + Double(state.stepsReached) / Double(steps)) / Double(members.count)
    }
  }

  /// Saves where a single network stands, with its observations so far.
  func save(step: Int, _ tensors: [String: NumericArray]) throws {
    try state.withLock { state in
      try flush(&state, members: Array(state.gathered.keys))
      try recorder.save(RunProgress(step: step, mark: try mark(state), tensors: tensors))
      state.saved = .now
    }
  }

  func finish(_ member: Int, _ end: TrainingExperiment.End) throws {
    try state.withLock { state in
      state.ends[member] = end
      state.stepsReached -= state.reached.removeValue(forKey: member) ?? 0
      try flush(&state, members: [member])
      // Between savings a kill loses only work: members that are done are then done again, with the same numbers.
      guard ContinuousClock.now - state.saved > .seconds(interval) else { return }
      try recorder.save(RunProgress(step: 0, mark: try mark(state)))
      state.saved = .now
    }
  }

  /// The ends of all members, in order.
  ///
  /// - Throws: the first failure; ``ExperimentError/stopped(finished:members:)`` when stopped before the end.
  func close() throws -> [TrainingExperiment.End] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      let ends = members.compactMap { state.ends[$0] }
      if ends.count == members.count { return ends }
      if members.count > 1 { try recorder.save(RunProgress(step: 0, mark: try mark(state))) }
      throw ExperimentError.stopped(finished: ends.count, members: members.count)
    }
  }

  private func flush(_ state: inout State, members: [Int]) throws {
    for member in members.sorted() {
      try recorder.record(state.gathered[member] ?? [])
      state.gathered[member] = nil
    }
  }

  private func mark(_ state: State) throws -> [UInt8] { Array(try JSONEncoder().encode(Mark(ends: state.ends))) }
}
