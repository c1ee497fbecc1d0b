import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// The neural tangent kernel of the output, of any network that is drawn and not trained: (1/n_L) Σ_o Θ_oo(x, x), averaged over networks.
enum MeanTangentKernel {
  /// A gradient costs three times an evaluation, and what the mean is compared with is known to order 1/n.
  static let mostNetworks = 100

  /// Network by network.
  ///
  /// - Parameter input: shape (1, n_0).
  /// - Throws: `ExperimentError` for a network that cannot be run, `StudyError` when cancelled.
  static func values(
    of network: ResolvedNetwork, input: Matrix<Double>, seed: UInt64, networks: Int, isCancelled: () -> Bool
  ) throws -> [Double] {
    let kernel = try NetworkTangentKernel<Double>(network, samples: 1)
    return try (0..<min(networks, mostNetworks)).map { member in
      guard !isCancelled() else { throw StudyError(.interrupted, "The comparison was interrupted.") }
      return kernel.traced(try network.drawnParameters(seed: seed, member: member), input)[0, 0]
    }
  }

  static func measurement(_ quantity: Quantity, _ values: [Double]) -> Measurement {
    let mean = Statistics.mean(values)
    return Measurement(
      quantity, value: mean.value, standardError: mean.error, networks: values.count,
      estimator: "mean over networks of squared gradients, tensor by tensor times λ")
  }
}
