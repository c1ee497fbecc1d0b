import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Biases that are not Gaussian: drawn by the chain as they are, and a first-order term of the 1/n expansion.
@Suite struct NonGaussianBiasTests {
  static func network(
    _ law: WeightDistribution, widths: [Int] = [24, 24, 24], weight: Double = 0.8, bias: Double = 0.4
  ) -> PerceptronView {
    var network = ChainNetworks.network(.tanh, widths: widths, weight: weight, bias: bias)
    for index in network.layers.indices { network.layers[index].biasDistribution = law }
    return network
  }

  @Test("Both samplers draw the same networks", arguments: [WeightDistribution.uniform, .truncatedGaussian])
  func samplersAgree(_ law: WeightDistribution) throws {
    let entries = [KernelEntry(layer: 4, 0, 0), KernelEntry(layer: 4, 1, 0)]
    let chain = try GramChain(Self.network(law), inputs: ChainNetworks.inputs(2))
    func traces(_ method: GramChainOptions.Method) throws -> [[Double]] {
      let ensemble = try chain.sample(
        networks: 50, seed: 3, options: GramChainOptions(method: method, tracked: entries))
      return try entries.map { try #require(ensemble.trace($0)) }
    }
    let (fast, plain) = (try traces(.lanes), try traces(.plain))
    for (a, b) in zip(fast.joined(), plain.joined()) { #expect(abs(a - b) < 2e-5 * abs(b)) }
  }

  @Test(
    "Draws have the law's variance and fourth cumulant", arguments: [WeightDistribution.uniform, .truncatedGaussian])
  func moments(_ law: WeightDistribution) throws {
    var layer = LayerInitialization(weightVariance: 1, biasVariance: 0.7)
    #expect(BiasLaw(layer) == nil)
    layer.biasDistribution = law
    let biases = try #require(BiasLaw(layer))
    // The integral over quantiles of a bounded law by the midpoint rule: error 1e-6.
    let count = 20_000
    let values = (0..<count).map {
      biases.bias(atNormal: Distributions.normalQuantile((Double($0) + 0.5) / Double(count)))
    }
    let second = values.reduce(0) { $0 + $1 * $1 } / Double(count)
    let fourth = values.reduce(0) { $0 + pow($1, 4) } / Double(count)
    #expect(abs(second - 0.7) < 1e-5)
    #expect(abs(fourth - 3 * second * second - biases.fourthCumulant) < 1e-5)
  }

  @Test("The law of a bias and a Gaussian together, against its integral")
  func cumulative() throws {
    var layer = LayerInitialization(weightVariance: 1, biasVariance: 0.3)
    layer.biasDistribution = .uniform
    let biases = try #require(BiasLaw(layer))
    let half = (0.9).squareRoot()
    for (edge, kernel) in [(0.2, 0.5), (-1.4, 0.9), (0.6, 0.31), (0.0, 0.4)] {
      let deviation = (kernel - 0.3).squareRoot()
      let count = 100_000
      let integral = (0..<count).reduce(0.0) { sum, index in
        let bias = half * (2 * (Double(index) + 0.5) / Double(count) - 1)
        return sum + Distributions.normalCumulative((edge - bias) / deviation) / Double(count)
      }
      #expect(abs(biases.cumulative(edge, kernel: kernel) - integral) < 1e-8)
    }
    // Without a Gaussian part it is the uniform law; at infinity all or nothing.
    #expect(abs(biases.cumulative(half / 2, kernel: 0.3) - 0.75) < 1e-14)
    #expect(biases.cumulative(.infinity, kernel: 1) == 1 && biases.cumulative(-.infinity, kernel: 1) == 0)
  }

  /// Biases of some 60 % of a small kernel, as those of a framework's default: κ₄ is large, yet its first order must explain
  /// what the chain finds, up to its square.
  @Test("The first order in κ₄ predicts how mean and variance change")
  func firstOrder() throws {
    func network(_ law: WeightDistribution) -> PerceptronView { Self.network(law, weight: 0.4, bias: 0.1) }
    func sampled(_ law: WeightDistribution) throws -> GramChainEnsemble {
      try GramChain(network(law), inputs: ChainNetworks.inputs(1)).sample(networks: 300_000, seed: 11)
    }
    let (gaussian, uniform) = (try sampled(.gaussian), try sampled(.uniform))
    let square = ChainNetworks.inputs(1).row(0).reduce(0) { $0 + $1 * $1 } / 3
    let flow = SingleInputFlow(network(.uniform), meanSquaredInput: square)
    for layer in 2...4 {
      let own = flow.layers[layer - 1]
      let entry = KernelEntry(layer: layer, 0, 0)
      let kurtosis = abs(flow.layers[layer - 2].fourthCumulant) / pow(flow.layers[layer - 2].kernel, 2)
      let (before, after) = (gaussian.mean(entry), uniform.mean(entry))
      let noise = (before.error * before.error + after.error * after.error).squareRoot()
      #expect(abs(after.value - before.value - own.nonGaussianShift) < 5 * noise + kurtosis * abs(own.nonGaussianShift))
      let (narrow, wide) = (gaussian.variance(entry), uniform.variance(entry))
      let noiseOfVariance = (narrow.error * narrow.error + wide.error * wide.error).squareRoot()
      #expect(
        abs(wide.value - narrow.value - own.nonGaussianVariance)
          < 5 * noiseOfVariance + kurtosis * abs(own.nonGaussianVariance), "layer \(layer)")
      // Beyond the second layer, where the input's own part of the kernel has gone, the effect is there to be seen.
      if layer > 2 { #expect(abs(own.nonGaussianVariance) > 5 * noiseOfVariance) }
    }
  }

  @Test("An output's kurtosis holds that of its bias")
  func kurtosis() throws {
    let network = Self.network(.uniform, widths: [400])
    let ensemble = try GramChain(network, inputs: ChainNetworks.inputs(1)).sample(networks: 4000, seed: 2)
    let moments = ensemble.outputMoments(sample: 0)
    let kernel = moments.second.value
    let own = -1.2 * 0.16 / (kernel * kernel)
    // What fluctuates adds 3 Var Ĝ/K², some 6/400.
    #expect(moments.excessKurtosis.value > own && moments.excessKurtosis.value < own + 0.03)
    #expect(abs(moments.fourth.value / (kernel * kernel) - 3 - moments.excessKurtosis.value) < 1e-12)
  }
}
