import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Pairs at large kernels")
struct LargeKernelIntegratorTests {
  /// Quadrature by batches against the dual's own: another rule, node by node.
  @Test(
    "The integrator that trajectories use agrees with the dual",
    arguments: [ActivationFunction.silu, .tanh, .softplus, .elu(alpha: 1)], [5.0, 29, 31, 400])
  func agrees(function: ActivationFunction, kernel: Double) {
    let activation = Activation(function)
    let plain = DualPairIntegrator(activation.dual)
    for gap in [1.3, 0.4, 1e-3, 1e-6] {
      let pair = PairKernel(first: kernel, second: kernel, oneMinusCorrelation: gap)
      let (one, other) = (activation.pairIntegrator.expectation(at: pair), plain.expectation(at: pair))
      #expect(relativeError(one.first, other.first) < 1e-9)
      #expect(relativeError(one.halfSquaredDifference, other.halfSquaredDifference) < 1e-8)
      #expect(abs(one.slopes - other.slopes) < 1e-9)
    }
  }
}
