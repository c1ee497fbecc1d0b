import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Q, S, T of ReLU networks on two inputs, theory beside real networks whose second and third derivatives are those of automatic
/// differentiation: where σ″ = 0, and P = R = U = 0 with it.
@Suite(
  .tags(.statistical),
  .enabled(if: ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1", "The nightly group."))
struct TwoSlopeDifferentialTests {
  private static let rates = Array(repeating: LayerLearningRates(bias: 0.4, weight: 1.2), count: 4)
  private static let inputs = Matrix<Double>([[1.0, 0.4, -0.3], [0.2, -0.9, 1.1]])

  private static func network(width n: Int) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(widths: [n, n, n], activation: Activation(.relu), outputs: 2), inputs: 3,
      layers: Array(repeating: LayerInitialization(weightVariance: 1.8, biasVariance: 0.2), count: 4),
      parametrization: .ntk)
  }

  private static func statistics(width n: Int) throws -> TangentDifferentialStatistics {
    try TangentDifferentialsExperiment(network(width: n), inputs: inputs, learningRates: rates).run(
      networks: 2000, seed: 17)
  }

  @Test func twoInputs() throws {
    let flow = try FiniteWidthFlow(Self.network(width: 16), inputs: Self.inputs, learningRates: Self.rates)
    let exact = try #require(flow.layers.last?.differentials)
    let (narrow, wide) = (try Self.statistics(width: 16), try Self.statistics(width: 32))
    for place in 0..<16 {
      let (i, j, k, l) = (place >> 3 & 1, place >> 2 & 1, place >> 1 & 1, place & 1)
      // T is stored with the pairs that share an output side by side.
      let tensors: [(TangentDifferentialStatistics.Tensor, Double)] = [
        (.q, exact.q[i, j, k, l]), (.s, exact.s[i, j, k, l]), (.t, exact.t[i, k, j, l]),
      ]
      for (tensor, predicted) in tensors {
        checkExtrapolationAgrees(
          predicted: predicted, narrow: narrow.estimate(tensor, i, j, k, l), wide: wide.estimate(tensor, i, j, k, l))
      }
    }
  }
}
