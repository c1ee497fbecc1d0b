import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The tensors at order 1/n of kernel and NTK, theory beside real networks with every weight drawn.
@Suite("Statistics of kernel and NTK, theory and networks")
struct TangentStatisticsTests {
  private static let inputs = Matrix<Double>([[1.0, 0.4, -0.3], [0.2, -0.9, 1.1]])
  private static let rates = LayerLearningRates(bias: 0.7, weight: 1.3)

  private static func network(_ function: ActivationFunction, width: Int, weight: Double, bias: Double)
    -> ResolvedPerceptron
  {
    ResolvedPerceptron(
      architecture: MultilayerPerceptron(depth: 3, width: width, activation: Activation(function)), inputs: 3,
      layers: Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: 4),
      parametrization: .ntk)
  }

  private static func statistics(_ network: ResolvedPerceptron, networks: Int, seed: UInt64) throws -> TangentStatistics
  {
    try TangentStatisticsExperiment(network, inputs: inputs, learningRates: Array(repeating: rates, count: 4))
      .run(networks: networks, seed: seed)
  }

  /// n times a cumulant is X(n) = c₀ + c₁/n + c₂/n² + …, of which 2X(2n) − X(n) leaves −½c₂/n². Orders follow each other in powers of L/n,
  /// so that this is ½(L/n)² of the tensor's size, 1.4 % for L = 4 layers at n = 24: for V of ReLU networks, where the exact
  /// n(Π(1 + 5/n) − 1) has c₂/c₀ = 25/3, it is half of that.
  private static func check(
    _ function: ActivationFunction, weight: Double, bias: Double, networks: Int, seed: UInt64
  ) throws {
    let flow = try FiniteWidthFlow(
      network(function, width: 24, weight: weight, bias: bias), inputs: inputs,
      learningRates: Array(repeating: rates, count: 4), extent: .tangentKernel)
    let layer = try #require(flow.layers.last)
    let tangent = try #require(layer.tangentKernel)
    let narrow = try statistics(
      network(function, width: 24, weight: weight, bias: bias), networks: networks, seed: seed)
    let wide = try statistics(
      network(function, width: 48, weight: weight, bias: bias), networks: networks, seed: seed + 1)
    func compare(_ predicted: Double, _ size: Double, _ measure: (TangentStatistics) -> Estimate) {
      let (x, y, order) = (measure(narrow), measure(wide), 4.0 / 24)
      checkMonteCarloAgrees(
        predicted: predicted, measured: 2 * y.value - x.value,
        standardError: (4 * y.error * y.error + x.error * x.error).squareRoot(), systematic: order * order / 2 * size)
    }
    let (k, theta) = (layer.kernel[0, 0], tangent.mean[0, 0])
    for (a, b) in [(0, 0), (0, 1), (1, 1)] {
      // n (E Ĝ − K): Richardson's extrapolation takes G1 from n(E Ĝ − K) at each width.
      compare(layer.kernelCorrection[a, b], k) { statistics in
        let mean = statistics.kernelMean(a, b)
        return Estimate(
          value: Double(statistics.width) * (mean.value - layer.kernel[a, b]),
          error: Double(statistics.width) * mean.error)
      }
      compare(tangent.correction[a, b], theta) { statistics in
        let mean = statistics.tangentMean(a, b)
        return Estimate(
          value: Double(statistics.width) * (mean.value - tangent.mean[a, b]),
          error: Double(statistics.width) * mean.error)
      }
    }
    for (a, b, c, d) in [(0, 0, 0, 0), (0, 1, 0, 1), (0, 0, 1, 1), (0, 1, 1, 1)] {
      compare(layer.fourPointVertex[a, b, c, d], layer.fourPointVertex[0, 0, 0, 0]) {
        $0.fourPointVertex(a, b, c, d)
      }
      compare(tangent.a[a, b, c, d], tangent.a[0, 0, 0, 0]) { $0.tangentCovariance(a, b, c, d) }
      compare(tangent.d[a, b, c, d], max(abs(tangent.d[0, 0, 0, 0]), layer.fourPointVertex[0, 0, 0, 0])) {
        $0.crossCorrelation(a, b, c, d)
      }
      compare(tangent.b[a, b, c, d], tangent.b[0, 0, 0, 0]) { $0.mixing(a, b, c, d) }
      compare(tangent.f[a, b, c, d], tangent.f[0, 0, 0, 0]) { $0.crossMixing(a, b, c, d) }
    }
  }

  @Test("V, G1, H1, A, B, D, F of tanh networks, extrapolated in 1/n")
  func tanh() throws { try Self.check(.tanh, weight: 1.3, bias: 0.1, networks: 12_000, seed: 31) }

  @Test("V, G1, H1, A, B, D, F of ReLU networks, extrapolated in 1/n")
  func relu() throws { try Self.check(.relu, weight: 2, bias: 0, networks: 12_000, seed: 41) }

  @Test("The same networks on one thread and on several")
  func threads() throws {
    let network = Self.network(.gelu, width: 8, weight: 1.5, bias: 0.1)
    let first = try Self.statistics(network, networks: 50, seed: 3)
    let larger = try Self.statistics(network, networks: 80, seed: 3)
    #expect(first.kernels(0, 1) == Array(larger.kernels(0, 1)[..<50]))
    #expect(first.tangentKernels(1, 1) == Array(larger.tangentKernels(1, 1)[..<50]))
  }

  @Test("Bad input is a typed error")
  func errors() throws {
    let network = Self.network(.gelu, width: 8, weight: 1.5, bias: 0.1)
    #expect(throws: ExperimentError.featureMismatch(expected: 3, found: 2)) {
      try TangentStatisticsExperiment(network, inputs: Matrix(rows: 1, columns: 2, elements: [1, 2]))
    }
    #expect(throws: ExperimentError.tooFewNetworks(1)) {
      try TangentStatisticsExperiment(network, inputs: Self.inputs).run(networks: 1, seed: 1)
    }
    #expect(throws: ExperimentError.self) {
      try TangentStatisticsExperiment(network, inputs: Self.inputs).run(networks: 1 << 40, seed: 1)
    }
  }
}
