import OrreryFormats
import OrreryTensors
import Synchronization

/// Where an experiment puts what it found, and from where it goes on after an interruption. The archive implements it;
/// tests collect in memory.
public protocol RunRecorder {
  /// Measurements with their errors. One of the same quantity and estimator replaces an earlier one.
  func record(_ measurements: [Measurement]) throws
  /// An array behind them, one row for each network: shape (networks, …).
  func record(_ name: String, _ values: Tensor<Double>) throws
  /// Values of observables. One of the same observable, member and step replaces an earlier one.
  func record(_ observations: [Observation]) throws
  /// Keeps the parameters of a network.
  func save(_ checkpoint: Checkpoint) throws
  /// Keeps how far the run has come, together with everything recorded before: a run that goes on from here neither
  /// loses nor doubles any of it. Replaces the progress saved before.
  func save(_ progress: RunProgress) throws
  /// Where an interrupted run goes on; nil for one that begins.
  func savedProgress() throws -> RunProgress?
}

/// What a run needs to go on as if it had not been interrupted.
public struct RunProgress: Sendable {
  /// The steps that are done.
  public var step: Int
  /// Whatever else the experiment wants to find again, in a form of its own.
  public var mark: [UInt8]
  /// Parameters and the optimizer's state, by name.
  public var tensors: [String: NumericArray]

  public init(step: Int, mark: [UInt8] = [], tensors: [String: NumericArray] = [:]) {
    self.step = step
    self.mark = mark
    self.tensors = tensors
  }
}

/// The parameters of one network at one step.
public struct Checkpoint: Sendable {
  /// The network's number in its ensemble; 0 for a single one.
  public var member: Int
  public var step: Int
  public var tensors: [String: NumericArray]

  public init(member: Int = 0, step: Int, tensors: [String: NumericArray]) {
    self.member = member
    self.step = step
    self.tensors = tensors
  }
}

/// Keeps what is recorded, in order. It may be used from several threads.
public final class MemoryRecorder: RunRecorder, Sendable {
  private struct State: Sendable {
    var measurements: [Measurement] = []
    var arrays: [(name: String, values: Tensor<Double>)] = []
    var observations: [Observation] = []
    var checkpoints: [Checkpoint] = []
    var progress: RunProgress?
  }

  private let state: Mutex<State>

  public var measurements: [Measurement] { state.withLock { $0.measurements } }
  public var arrays: [(name: String, values: Tensor<Double>)] { state.withLock { $0.arrays } }
  public var observations: [Observation] { state.withLock { $0.observations } }
  public var checkpoints: [Checkpoint] { state.withLock { $0.checkpoints } }

  /// - Parameter progress: where the run goes on.
  public init(progress: RunProgress? = nil) { state = Mutex(State(progress: progress)) }

  public func record(_ measurements: [Measurement]) throws { state.withLock { $0.measurements += measurements } }

  public func record(_ name: String, _ values: Tensor<Double>) throws {
    state.withLock { $0.arrays.append((name, values)) }
  }

  public func record(_ observations: [Observation]) throws { state.withLock { $0.observations += observations } }

  public func save(_ checkpoint: Checkpoint) throws { state.withLock { $0.checkpoints.append(checkpoint) } }

  public func save(_ progress: RunProgress) throws { state.withLock { $0.progress = progress } }

  public func savedProgress() throws -> RunProgress? { state.withLock { $0.progress } }
}
