import OrreryFindings
import OrreryTensors

/// Where an experiment puts what it found. The archive implements it; tests collect in memory.
public protocol RunRecorder {
  /// Measurements with their errors.
  func record(_ measurements: [Measurement]) throws
  /// An array behind them, one row for each network: shape (networks, …).
  func record(_ name: String, _ values: Tensor<Double>) throws
}

/// Keeps what is recorded, in order.
public final class MemoryRecorder: RunRecorder {
  public private(set) var measurements: [Measurement] = []
  public private(set) var arrays: [(name: String, values: Tensor<Double>)] = []

  public init() {}

  public func record(_ measurements: [Measurement]) throws { self.measurements += measurements }

  public func record(_ name: String, _ values: Tensor<Double>) throws { arrays.append((name, values)) }
}
