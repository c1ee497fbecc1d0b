import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Q, S, T of ReLU networks on two inputs, theory beside real networks whose second and third derivatives are those of automatic
/// differentiation: where σ″ = 0, and P = R = U = 0 with it.
@Suite(
  .enabled(if: ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1", "The nightly group."))
struct TwoSlopeDifferentialTests {
  private static let names = ["q", "s", "t"]
  private static let rates = LayerLearningRates(bias: 0.4, weight: 1.2)
  private static let inputs = Matrix<Double>([[1.0, 0.4, -0.3], [0.2, -0.9, 1.1]])

  private static func network(width n: Int, weight: Double, bias: Double) -> ResolvedPerceptron {
    ResolvedPerceptron(
      architecture: MultilayerPerceptron(widths: [n, n, n], activation: Activation(.relu), outputs: 2), inputs: 3,
      layers: Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: 4),
      parametrization: .ntk)
  }

  /// n times the means over networks, by name.
  private static func means(width n: Int, networks: Int) throws -> [String: [Estimate]] {
    // Units of the optimizer's parameters are √(λ_W/fan-in) and √λ_b, whatever variances the draws have.
    let scales = ResolvedNetwork(network(width: n, weight: rates.weight, bias: rates.bias))
    let programs = try TangentDifferentials<Double>.Programs(scales, samples: 2)
    let parameters = try NetworkParameters(ResolvedNetwork(network(width: n, weight: 1.8, bias: 0.2)))
    let x = inputs.tensor.elements
    let parts = Parallel.map(networks) { member -> [String: [Double]] in
      var w = [Double](repeating: 0, count: parameters.layout.count)
      w.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: 17, member: member) }
      return w.withUnsafeBufferPointer { w in
        x.withUnsafeBufferPointer { x in
          let differentials = TangentDifferentials(programs, parameters: w.baseAddress!, inputs: x.baseAddress!)
          let values = TangentContractions(differentials, outputs: differentials.outputs()).values
          return Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.elements) })
        }
      }
    }
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, (0..<16).map { place in Statistics.mean(parts.map { Double(n) * $0[name]![place] }) })
      })
  }

  /// Extrapolated from widths n and 2n, which leaves terms of order 1/n²; their size from the last difference d, as d²/|limit|: each
  /// order is smaller than the one before by about the same factor.
  @Test func twoInputs() throws {
    let flow = try FiniteWidthFlow(
      Self.network(width: 16, weight: 1.8, bias: 0.2), inputs: Self.inputs,
      learningRates: Array(repeating: Self.rates, count: 4))
    let exact = try #require(flow.layers.last?.differentials)
    let (narrow, wide) = (try Self.means(width: 16, networks: 2000), try Self.means(width: 32, networks: 2000))
    for place in 0..<16 {
      let (i, j, k, l) = (place >> 3 & 1, place >> 2 & 1, place >> 1 & 1, place & 1)
      for (name, predicted) in [("q", exact.q[i, j, k, l]), ("s", exact.s[i, j, k, l]), ("t", exact.t[i, k, j, l])] {
        let (a, b) = (narrow[name]![place], wide[name]![place])
        let difference = abs(a.value - b.value)
        checkMonteCarloAgrees(
          predicted: predicted, measured: 2 * b.value - a.value,
          standardError: (4 * b.error * b.error + a.error * a.error).squareRoot(),
          systematic: difference * difference / max(abs(predicted), difference))
      }
    }
  }
}
