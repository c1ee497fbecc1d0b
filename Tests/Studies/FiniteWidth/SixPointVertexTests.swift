import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The third cumulant of the kernel over real networks beside its expansion.
@Suite("The six-point vertex, theory and networks", .tags(.statistical))
struct SixPointVertexTests {
  private static func network(_ function: ActivationFunction, depth: Int, width: Int) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: width, activation: Activation(function)), inputs: 1,
      layers: Array(
        repeating: LayerInitialization(weightVariance: function == .relu ? 2 : 1.3, biasVariance: 0.1), count: depth + 1
      ),
      parametrization: .ntk)
  }

  private static let input = Matrix<Double>(rows: 1, columns: 1, elements: [1])

  private static func measured(_ network: PerceptronView, networks: Int, seed: UInt64) throws -> Estimate {
    try TangentStatisticsExperiment(network, inputs: input).run(networks: networks, seed: seed).sixPointVertex(0)
  }

  /// Behind one hidden layer Ĝ is a mean of independent squares: n² κ₃ is C_W³ times the third cumulant of one of them at every width,
  /// and the expansion leaves nothing out.
  @Test("One hidden layer: exact at any width", arguments: [ActivationFunction.tanh, .relu, .gelu])
  func oneHiddenLayer(_ function: ActivationFunction) throws {
    let network = Self.network(function, depth: 1, width: 3)
    let predicted = try #require(SingleInputFlow(network, meanSquaredInput: 1).layers.last).sixPointVertex
    let measured = try Self.measured(network, networks: 120_000, seed: 11)
    #expect(measured.error < 0.1 * predicted)
    checkMonteCarloAgrees(predicted: predicted, measured: measured.value, standardError: measured.error)
  }

  /// Of ReLU without biases all moments are known: E Ĝ³, E Ĝ² and E Ĝ are products over layers.
  @Test("Two hidden layers of ReLU: the exact cumulant at finite width")
  func homogeneous() throws {
    let width = 16
    var network = Self.network(.relu, depth: 2, width: width)
    for index in network.layers.indices { network.layers[index].biasVariance = 0 }
    let law = try #require(HomogeneousKernelLaw(network.architecture.activation, widths: [width, width]))
    let kernel = try #require(SingleInputFlow(network, meanSquaredInput: 1).layers.last).kernel
    let cumulant = law.thirdMoment - 3 * law.secondMoment + 2
    let predicted = cumulant * kernel * kernel * kernel * Double(width * width)
    let measured = try Self.measured(network, networks: 60_000, seed: 12)
    #expect(measured.error < 0.2 * predicted)
    checkMonteCarloAgrees(predicted: predicted, measured: measured.value, standardError: measured.error)
  }

  /// Richardson's extrapolation from n and 2n leaves the square of the next order, whose relative size is twice that of the
  /// variance: a third cumulant is made of products of two variances.
  @Test("Three hidden layers of tanh, extrapolated in 1/n")
  func extrapolated() throws {
    let layer = try #require(
      SingleInputFlow(Self.network(.tanh, depth: 3, width: 12), meanSquaredInput: 1).layers.last)
    let predicted = layer.sixPointVertex
    let narrow = try Self.measured(Self.network(.tanh, depth: 3, width: 12), networks: 120_000, seed: 13)
    let wide = try Self.measured(Self.network(.tanh, depth: 3, width: 24), networks: 120_000, seed: 14)
    let next = 2 * layer.nextVariance / layer.variance
    let limit = Richardson.extrapolate([narrow, wide], sizes: [12, 24], powers: [1])
    #expect(limit.error < 0.3 * predicted)
    checkMonteCarloAgrees(
      predicted: predicted, measured: limit.value, standardError: limit.error, systematic: next * next * predicted)
  }
}
