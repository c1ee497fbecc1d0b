import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

/// The 1/n expansion against the exact law of one input's kernel, Ĝ′ = C_b + (C_W/n) Σ_j σ(√Ĝ u_j)², sampled.
@Suite("Truncation errors against the exact chain")
struct TruncationTests {
  /// The mean and variance of Ĝ^(L) over sampled chains, with their standard errors.
  private func chain(
    _ activation: Activation, _ layer: LayerInitialization, kernel: Double, width: Int, count: Int, chains: Int
  ) -> (mean: Double, meanError: Double, variance: Double, varianceError: Double) {
    var generator = SplitMix(seed: 20_211)
    func uniform() -> Double { Double.random(in: Double.leastNormalMagnitude..<1, using: &generator) }
    var values: [Double] = []
    for _ in 0..<chains {
      var k = kernel
      for _ in 1..<count {
        var sum = 0.0
        for _ in 0..<(width / 2) {
          // Two normals from two uniforms (Box and Muller).
          let radius = (-2 * log(uniform()) * k).squareRoot()
          let angle = 2 * Double.pi * uniform()
          let (a, b) = (activation(radius * cos(angle)), activation(radius * sin(angle)))
          sum += a * a + b * b
        }
        k = layer.biasVariance + layer.weightVariance * sum / Double(width)
      }
      values.append(k)
    }
    let n = Double(chains)
    let mean = values.reduce(0, +) / n
    let second = values.reduce(0) { $0 + pow($1 - mean, 2) } / n
    let fourth = values.reduce(0) { $0 + pow($1 - mean, 4) } / n
    return (mean, (second / n).squareRoot(), second, ((fourth - second * second) / n).squareRoot())
  }

  static let cases: [(Activation, LayerInitialization)] = [
    (Activation(.tanh), LayerInitialization(weightVariance: 1.3, biasVariance: 0.1)),
    (Activation(.gelu), LayerInitialization(weightVariance: 1.98305825743754713, biasVariance: 0.172922390756067352)),
    (Activation(.relu), LayerInitialization(weightVariance: 2, biasVariance: 0)),
    (Activation(.sin), LayerInitialization(weightVariance: 1, biasVariance: 0)),
  ]

  @Test("Two orders predict mean and variance; the second is the error of the first", arguments: cases)
  func twoOrders(_ activation: Activation, _ layer: LayerInitialization) throws {
    let (width, count, kernel) = (24, 4, 0.8)
    let flow = SingleInputFlow(
      activation, layers: Array(repeating: layer, count: count), fanIns: Array(repeating: width, count: count),
      meanSquaredInput: (kernel - layer.biasVariance) / layer.weightVariance)
    let last = try #require(flow.layers.last)
    let sampled = chain(activation, layer, kernel: kernel, width: width, count: count, chains: 40_000)
    // Five standard errors, and the third order as v₂/v of the second.
    let ratio = abs(last.nextVariance) / last.variance
    let third = ratio * abs(last.nextVariance) + last.variance * pow(last.relativeVariance, 2)
    #expect(abs(sampled.variance - last.variance - last.nextVariance) < 5 * sampled.varianceError + third)
    #expect(abs(sampled.variance - last.variance) < 5 * sampled.varianceError + 2 * last.varianceTruncation)
    let shift = sampled.mean - last.kernel
    let thirdShift = (abs(last.nextShift) + abs(last.shift) * last.relativeVariance) * last.relativeVariance
    #expect(abs(shift - last.shift - last.nextShift) < 5 * sampled.meanError + thirdShift)
    #expect(abs(shift) < 5 * sampled.meanError + 2 * last.kernelTruncation)
  }

  @Test("Non-Gaussian weights shift the mean kernel by their fourth cumulant")
  func nonGaussian() throws {
    let activation = Activation(.tanh)
    func flow(_ law: WeightDistribution) -> SingleInputLayer? {
      let layer = LayerInitialization(
        weightVariance: 1.5, biasVariance: 0.1, weightDistribution: law, biasDistribution: law)
      return SingleInputFlow(
        activation, layers: [layer, layer, layer], fanIns: [10, 20, 20], meanSquaredInput: 1
      ).layers.last
    }
    let (gaussian, uniform, truncated) = (
      try #require(flow(.gaussian)), try #require(flow(.uniform)), try #require(flow(.truncatedGaussian))
    )
    #expect(gaussian.nonGaussianShift == 0)
    // Layer by layer: κ₄(z¹) = −1.2 (C_W² q²/n₀ + C_b²); κ₄(z²) = −1.2 (C_W²⟨σ⁴⟩/n + C_b²); the shift is ⅙f″κ₄, carried
    // on by χ_∥.
    let k1 = ActivationMoments(activation, kernel: 1.6)
    let k2 = ActivationMoments(activation, kernel: 0.1 + 1.5 * k1.secondMoment)
    let first = 1.5 * k1.curvatureOfSecondMoment * -1.2 * (2.25 / 10 + 0.01) / 6
    let fourth = -1.2 * (2.25 * k1.fourthMoment / 20 + 0.01)
    let expected = 1.5 * k2.slopeOfSecondMoment * first + 1.5 * k2.curvatureOfSecondMoment * fourth / 6
    #expect(relativeError(uniform.nonGaussianShift, expected) < 1e-12)
    #expect(abs(truncated.nonGaussianShift / uniform.nonGaussianShift - 0.6344631 / 1.2) < 1e-6)
    #expect(uniform.kernelTruncation > gaussian.kernelTruncation)
  }

  /// Uniform weights on sparse inputs: κ₄(z¹) = κ_W C_W² Σx⁴/n₀², which a first layer of few features passes on.
  @Test("Non-Gaussian weights of the first layer count by the inputs' fourth powers")
  func firstLayerWeights() throws {
    let layer = LayerInitialization(weightVariance: 2, biasVariance: 0, weightDistribution: .uniform)
    let network = PerceptronView(
      architecture: MultilayerPerceptron(widths: [30], activation: Activation(.tanh), outputs: 1), inputs: 3,
      layers: [layer, layer], parametrization: .ntk)
    let input = [1.0, 0.1, -2]
    let flow = SingleInputFlow(network, input: input)
    let fourth = -1.2 * 4 * (1 + 1e-4 + 16) / 9
    #expect(relativeError(flow.layers[0].fourthCumulant, fourth) < 1e-12)
    let moments = flow.layers[0].moments
    #expect(relativeError(flow.layers[1].nonGaussianShift, 2 * moments.curvatureOfSecondMoment * fourth / 6) < 1e-12)
    #expect(flow.layers[1].kernelTruncation >= abs(flow.layers[1].nonGaussianShift))
  }

  @Test("A kernel that underflows is not called infinitely wide")
  func underflow() throws {
    let layer = LayerInitialization(weightVariance: 0.01, biasVariance: 0)
    func flow(_ count: Int) -> SingleInputFlow {
      SingleInputFlow(
        Activation(.reluSquared), layers: Array(repeating: layer, count: count),
        fanIns: Array(repeating: 64, count: count), meanSquaredInput: 0.5)
    }
    #expect(flow(14).relativeVariance >= flow(6).relativeVariance)
    #expect(flow(6).relativeVariance > 1)
  }

  @Test("Θ by parametrization: NTK's λ are C_W and C_b, standard's a factor fan-in and 1")
  func parametrizations() throws {
    let layer = LayerInitialization(weightVariance: 2, biasVariance: 0)
    func tangents(_ parametrization: Parametrization) -> [Double] {
      SingleInputFlow(
        Activation(.relu), layers: Array(repeating: layer, count: 4), fanIns: [5, 7, 7, 7], meanSquaredInput: 0.5,
        parametrization: parametrization
      ).layers.map(\.neuralTangentKernel)
    }
    // ReLU at criticality: K = 1 everywhere, Θ = Σ (λ_b + λ_W ⟨σσ⟩).
    for (layer, value) in tangents(.ntk).enumerated() { #expect(relativeError(value, Double(layer + 1)) < 1e-14) }
    let standard = tangents(.standard)
    #expect(relativeError(standard[0], 1 + 5 * 0.5) < 1e-14)
    #expect(relativeError(standard[3], 3.5 + 3 * (1 + 7 * 0.5)) < 1e-14)
  }
}
