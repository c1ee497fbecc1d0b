import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import Synchronization
import Testing

/// Ensembles that are stopped or killed go on where each network stood, with the bits of a run that was left alone.
@Suite struct EnsembleResumptionTests {
  private static let steps = 40
  private static let members = 0..<3
  /// Asked before each step and in the end.
  private static var pauses: Int { members.count * (steps + 1) }

  private static func experiment() throws -> TrainingExperiment {
    let network = ExperimentNetworks.network(.tanh, widths: [10, 10], weight: 1.5, bias: 0.1)
    return try TrainingExperiment(
      network, data: TrainingTests.data(30),
      optimizer: Optimizer(
        .adam(), learningRate: .value(0.01), batch: .size(8), steps: steps,
        loss: .meanSquaredError(reduction: .mean, half: true)))
  }

  private static func options(_ precision: Precision = .float64) -> TrainingExperiment.Options {
    var options = TrainingTests.double(.every(3))
    options.precision = precision
    // The drift remembers the kernel at the beginning.
    options.observables = [.loss, .gradientNorm, TrainingObservable(rawValue: "kernel-drift")!]
    options.settings.kernelSamples = 6
    return options
  }

  private static func run(_ options: TrainingExperiment.Options, _ recorder: some RunRecorder & Sendable) throws {
    _ = try experiment().run(members: members, seed: 3, options: options, recorder: recorder)
  }

  /// Every value once.
  private static func table(_ observations: [Observation]) -> [String: [Double]] {
    let table = Dictionary(
      observations.map { ("\($0.member) \($0.step) \($0.observable)", $0.values) }, uniquingKeysWith: { $1 })
    #expect(table.count == observations.count, "Nothing is recorded twice.")
    return table
  }

  private static func weights(_ checkpoints: [Checkpoint]) -> [Int: [Double]] {
    Dictionary(
      checkpoints.map { ($0.member, $0.tensors["W2"]!.elements(as: Double.self).elements) }, uniquingKeysWith: { $1 })
  }

  /// Steps are counted by how often a run asks whether to stop: each network that is at work asks once more where it goes on.
  @Test(arguments: [Precision.float32, .float64], [1, 17, 40, 60, 75, 100, 121])
  func stoppedAndResumed(precision: Precision, stop: Int) throws {
    defer { Parallel.setThreads(0) }
    Parallel.setThreads(2)
    var options = Self.options(precision)
    let (whole, recorder) = (MemoryRecorder(), MemoryRecorder())
    try Self.run(options, whole)
    let asked = Mutex(0)
    @Sendable func count() -> Int {
      asked.withLock {
        $0 += 1
        return $0
      }
    }
    options.isCancelled = { count() > stop }
    #expect(throws: ExperimentError.self) { try Self.run(options, recorder) }
    options.isCancelled = {
      _ = count()
      return false
    }
    try Self.run(options, recorder)
    let all = asked.withLock { $0 }
    #expect((Self.pauses...(Self.pauses + 2)).contains(all), "\(all - Self.pauses) steps were taken again.")
    #expect(Self.table(recorder.observations) == Self.table(whole.observations))
    #expect(Self.weights(recorder.checkpoints) == Self.weights(whole.checkpoints))
  }

  /// On one, two and three threads in turn.
  @Test func stoppedAgainAndAgain() throws {
    defer { Parallel.setThreads(0) }
    let (whole, recorder) = (MemoryRecorder(), MemoryRecorder())
    try Self.run(Self.options(), whole)
    var rounds = 0
    while true {
      Parallel.setThreads(1 + rounds % 3)
      var options = Self.options()
      let asked = Mutex(0)
      options.isCancelled = {
        asked.withLock {
          $0 += 1
          return $0 > 12
        }
      }
      rounds += 1
      do {
        try Self.run(options, recorder)
        break
      } catch ExperimentError.stopped where rounds < 100 { continue }
    }
    #expect(rounds > 8)
    #expect(Self.table(recorder.observations) == Self.table(whole.observations))
  }

  /// Whatever was saved last when a process is killed is enough, and nothing that was recorded with it comes again.
  @Test func everySavingIsAPlaceToGoOnFrom() throws {
    defer { Parallel.setThreads(0) }
    Parallel.setThreads(2)
    var options = Self.options()
    options.savingInterval = 0
    let recorder = SavingsRecorder()
    try Self.run(options, recorder)
    let whole = Self.table(recorder.memory.observations)
    let savings = recorder.savings.withLock { $0 }
    #expect(savings.count > Self.pauses / 2)
    #expect(savings.contains { $0.progress.tensors["2.parameters"] != nil })
    for place in stride(from: 0, to: savings.count, by: 7) {
      let later = MemoryRecorder(progress: savings[place].progress)
      try Self.run(Self.options(), later)
      #expect(Self.table(savings[place].observations + later.observations) == whole)
    }
  }

  /// What was saved before positions of ensembles were is read; what cannot be read is done anew.
  @Test func otherVersions() throws {
    let whole = MemoryRecorder()
    try Self.run(Self.options(), whole)
    func resumed(_ mark: String) throws -> (ends: [TrainingExperiment.End], recorder: MemoryRecorder) {
      let recorder = MemoryRecorder(progress: RunProgress(step: 0, mark: Array(mark.utf8)))
      let ends = try Self.experiment().run(members: Self.members, seed: 3, options: Self.options(), recorder: recorder)
      return (ends, recorder)
    }
    let divergence = UpdateOutcome.Divergence(step: 3, tensor: "W1", reason: .notFinite)
    let (ends, recorder) = try resumed(
      #"{"ends":{"0":{"finished":{}},"2":{"diverged":{"_0":{"step":3,"tensor":"W1","reason":"not-finite"}}}}}"#)
    #expect(ends == [.finished, .finished, .diverged(divergence)])
    #expect(Self.table(recorder.observations) == Self.table(whole.observations.filter { $0.member == 1 }))
    for mark in ["{}", "[1, 2", #"{"version":3,"done":[0,3],"divergences":{},"steps":{}}"#, #"{"version":3}"#] {
      let (ends, recorder) = try resumed(mark)
      #expect(ends == [.finished, .finished, .finished])
      #expect(Self.table(recorder.observations) == Self.table(whole.observations))
    }
  }

  /// A single network's position without a member's number before its names.
  @Test func firstVersionOfASingleNetwork() throws {
    let experiment = try Self.experiment()
    var options = Self.options()
    let asked = Mutex(0)
    options.isCancelled = {
      asked.withLock {
        $0 += 1
        return $0 > 20
      }
    }
    let (whole, stopped) = (MemoryRecorder(), MemoryRecorder())
    _ = try experiment.run(seed: 3, options: Self.options(), recorder: whole)
    #expect(throws: ExperimentError.self) { try experiment.run(seed: 3, options: options, recorder: stopped) }
    var progress = try #require(try stopped.savedProgress())
    #expect(progress.step == 20)
    progress.mark = Array(#"{"ends":{}}"#.utf8)
    progress.tensors = Dictionary(
      uniqueKeysWithValues: progress.tensors.map { (String($0.key.dropFirst("0.".count)), $0.value) })
    let resumed = MemoryRecorder(progress: progress)
    _ = try experiment.run(seed: 3, options: Self.options(), recorder: resumed)
    #expect(Self.table(stopped.observations + resumed.observations) == Self.table(whole.observations))
  }
}

/// Keeps every progress with what was recorded until then.
private final class SavingsRecorder: RunRecorder, Sendable {
  let memory = MemoryRecorder()
  let savings = Mutex<[(progress: RunProgress, observations: [Observation])]>([])

  func record(_ measurements: [OrreryFindings.Measurement]) throws { try memory.record(measurements) }
  func record(_ name: String, _ values: Tensor<Double>) throws { try memory.record(name, values) }
  func record(_ observations: [Observation]) throws { try memory.record(observations) }
  func save(_ checkpoint: Checkpoint) throws { try memory.save(checkpoint) }
  func save(_ progress: RunProgress) throws { savings.withLock { $0.append((progress, memory.observations)) } }
  func savedProgress() throws -> RunProgress? { nil }
}
