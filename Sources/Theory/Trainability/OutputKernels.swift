import OrreryNetworks

/// K^(L) at infinite width for inputs of several lengths.
///
/// Source: PDLT chapter 4. Domain: infinite width.
public enum OutputKernels {
  /// - Parameters:
  ///   - meanSquaredInputs: |x|²/n₀ of each input.
  ///   - known: K^(L) of an input whose length lies among them, which all have once the layers have forgotten lengths.
  /// - Returns: K^(L) of each input; infinite where it overflows.
  public static func values(
    _ network: PerceptronView, meanSquaredInputs: [Double], near known: Double
  ) -> [Double] {
    let dual = network.architecture.activation.dual
    var seconds = meanSquaredInputs
    var kernels = seconds
    for (index, layer) in network.layers.enumerated() {
      kernels = seconds.map { layer.biasVariance + layer.weightVariance * $0 }
      guard index + 1 < network.layers.count else { break }
      if let low = kernels.min(), let high = kernels.max(), high - low <= 1e-10 * high {
        return kernels.map { _ in known }
      }
      seconds = kernels.map { $0.isFinite ? dual.single(variance: $0).second : .infinity }
    }
    return kernels.map { $0.isNaN ? .infinity : $0 }
  }
}
