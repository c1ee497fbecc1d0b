import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// What a network and its twin of the opposite last layer have become, and their linearizations, on all samples.
struct TrainedTwins: Sendable {
  /// f of the network and of its twin: training samples, then test samples.
  let outputs: [[Double]]
  /// f_lin of both; empty without linearizations.
  let linear: [[Double]]

  /// The mean of both: what is odd in the initial function is gone.
  static func mean(_ pair: [[Double]]) -> [Double] { zip(pair[0], pair[1]).map { ($0 + $1) / 2 } }
}

extension LinearizationExperiment {
  /// Trains networks with their twins to the end, in parts: outputs of all are never in memory together.
  ///
  /// - Parameter progress: told the part of the networks that is behind.
  /// - Throws: `ExperimentError`, and where a network diverges: a mean over the others would be no sample of the law.
  func forEachTwins(
    networks: Int, seed: UInt64, precision: Precision = .float64, isLinearized: Bool = true, in laboratory: Laboratory,
    progress: (Double) -> Void = { _ in }, _ body: (TrainedTwins) -> Void
  ) throws {
    var options = Options()
    options.precision = precision
    options.isAntithetic = true
    options.isLinearized = isLinearized
    options.isCancelled = laboratory.isCancelled
    for start in stride(from: 0, to: networks, by: 1000) {
      progress(Double(start) / Double(networks))
      let pairs = try run(
        members: start..<min(networks, start + 1000), seed: seed, steps: [optimizer.steps], options: options)
      for index in stride(from: 0, to: pairs.count, by: 2) {
        let both = [pairs[index], pairs[index + 1]]
        guard both.allSatisfy({ !$0.network.isEmpty }) else {
          throw ExperimentError.overflow(
            layer: network.perceptron?.architecture.layerCount ?? 1, networks: 1, precision: precision.rawValue)
        }
        body(
          TrainedTwins(
            outputs: both.map { $0.network[0].tensor.elements },
            linear: both.compactMap { $0.linear.first?.tensor.elements }))
      }
    }
  }
}
