import Foundation
import OrreryFindings
import Synchronization

/// What an ensemble's threads write together: observations, ends, and the progress from which a run can go on.
///
/// A member's observations are gathered until it is finished or its position is kept, and then recorded in one go: what is
/// recorded and what is remembered as done never differ.
final class TrainingBook: Sendable {
  /// What a member takes for as long as the run: its number among those to be trained, and its end, here and in what is returned.
  static let bytesPerMember = 1 + MemoryLayout<Int>.stride + MemoryLayout<TrainingExperiment.End>.stride

  private struct State: Sendable {
    var progress: TrainingProgress
    /// Of members that are at work.
    var gathered: [Int: [Observation]] = [:]
    var reached: [Int: Int] = [:]
    /// Their steps together.
    var stepsReached = 0
    var saved = ContinuousClock.now
    /// How long that took.
    var savingTime = Duration.zero
    var failure: (any Error)?
  }

  private let state: Mutex<State>
  /// Asked before every step, by all threads.
  private let stopped = Atomic<Bool>(false)
  private let recorder: any RunRecorder & Sendable
  private let interval: Duration
  private let members: Range<Int>
  private let steps: Int

  init(recorder: some RunRecorder & Sendable, interval: Double, members: Range<Int>, steps: Int) throws {
    state = Mutex(State(progress: TrainingProgress(try recorder.savedProgress(), members: members)))
    self.recorder = recorder
    self.interval = .seconds(min(max(interval, -1), 1e9))
    self.members = members
    self.steps = max(1, steps)
  }

  var isStopped: Bool { stopped.load(ordering: .relaxed) }
  /// Members that are still to be trained.
  var remaining: [Int] { state.withLock { $0.progress.remaining } }
  /// Where a member was left; nil for one that begins.
  func position(_ member: Int) -> TrainingProgress.Position? { state.withLock { $0.progress.positions[member] } }

  /// Of a member that goes to work. Positions of several are kept twice as often as they are saved, so that a saving, which takes them all,
  /// has none that is much older than itself. A member that is done sooner has none.
  func clock() -> SavingClock { SavingClock(interval: members.count == 1 ? interval : interval / 2) }

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
      return (Double(state.progress.doneCount) + Double(state.stepsReached) / Double(steps)) / Double(members.count)
    }
  }

  /// Keeps where a member stands, with its observations before that, and saves the progress when it is time.
  func keep(_ member: Int, _ position: TrainingProgress.Position) throws {
    try state.withLock { state in
      // What follows a failure is not saved.
      guard state.failure == nil else { return }
      try flush(&state, member) { $0.step < position.step }
      state.progress.positions[member] = position
      // The last one is saved in the end.
      guard !isStopped, members.count == 1 || isDue(state) else { return }
      try save(&state)
      // Nobody else's saving needs it again.
      if members.count == 1 { state.progress.positions[member] = nil }
    }
  }

  func finish(_ member: Int, _ end: TrainingExperiment.End) throws {
    try state.withLock { state in
      state.progress.finish(member, end)
      state.stepsReached -= state.reached.removeValue(forKey: member) ?? 0
      try flush(&state, member) { _ in true }
      // Between savings a kill loses only work: members that are done are then done again, with the same numbers.
      if isDue(state) { try save(&state) }
    }
  }

  /// The ends of all members, in order.
  ///
  /// - Throws: the first failure; ``ExperimentError/stopped(finished:members:)`` when stopped before the end.
  func close() throws -> [TrainingExperiment.End] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      let finished = state.progress.doneCount
      if finished == members.count { return members.map { state.progress.end($0)! } }
      try save(&state)
      throw ExperimentError.stopped(finished: finished, members: members.count)
    }
  }

  /// Whether the progress has not been saved for long: for longer than its own time, too, since threads wait while others save.
  private func isDue(_ state: State) -> Bool {
    ContinuousClock.now - state.saved > (interval > .zero ? max(interval, state.savingTime * 20) : interval)
  }

  private func save(_ state: inout State) throws {
    let start = ContinuousClock.now
    try recorder.save(state.progress.saved())
    state.saved = .now
    state.savingTime = state.saved - start
  }

  /// Hands over the observations of a member that belong to what is kept.
  private func flush(_ state: inout State, _ member: Int, _ belongs: (Observation) -> Bool) throws {
    guard let all = state.gathered.removeValue(forKey: member) else { return }
    let rest = all.filter { !belongs($0) }
    try recorder.record(rest.isEmpty ? all : all.filter(belongs))
    if !rest.isEmpty { state.gathered[member] = rest }
  }
}
