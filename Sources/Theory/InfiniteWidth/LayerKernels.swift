import OrreryNetworks
import OrreryTensors

/// The infinite-width kernels of a few inputs after every dense layer, in Double: what experiments layer by layer are
/// compared with.
///
/// Source: PDLT chapters 4 and 9. Domain: infinite width.
public struct LayerKernels: Sendable {
  /// K^(ℓ) for ℓ = 1 … L, each of shape (samples, samples).
  public var kernels: [Matrix<Double>]
  /// Θ^(ℓ), the same shapes; empty for an activation that jumps, whose ⟨σ′²⟩ is infinite.
  public var tangentKernels: [Matrix<Double>]
  /// 1 − c^(ℓ), the same shapes.
  public var oneMinusCorrelations: [Matrix<Double>]

  /// - Parameter inputs: shape (samples, features).
  /// - Throws: ``InfiniteWidthError`` when a kernel overflows.
  public init(_ network: PerceptronView, inputs: Matrix<Double>) throws {
    kernels = []
    tangentKernels = []
    oneMinusCorrelations = []
    let hasTangents = !network.architecture.activation.isDiscontinuous
    var state = KernelState(rows: inputs, tangents: hasTangents)
    let resolved = ResolvedNetwork(network)
    for (layer, scales) in zip(resolved.architecture.layers, try resolved.parameterScales()) {
      state = try state.propagated(through: [layer], scales: [scales])
      guard layer.description is Dense else { continue }
      func matrix(_ elements: [Double]) -> Matrix<Double> {
        Matrix(rows: inputs.rows, columns: inputs.rows, elements: elements)
      }
      kernels.append(matrix(state.kernel))
      if let tangents = state.tangents { tangentKernels.append(matrix(tangents)) }
      oneMinusCorrelations.append(matrix(state.oneMinusCorrelations))
    }
  }
}
