import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("C_W and C_b tuned at order 1/n")
struct CriticalTuningTests {
  @Test("Tuning C_W at order 1/n keeps the mean kernel: the exact chain")
  func tuning() throws {
    let width = 40
    func network(_ factors: [Double]?) -> PerceptronView {
      var network = ChainNetworks.network(.tanh, widths: Array(repeating: width, count: 7), inputs: 1, weight: 1)
      if let factors {
        for (index, factor) in factors.enumerated() { network.layers[index].weightVariance *= 1 + factor }
      }
      return network
    }
    let flow = SingleInputFlow(network(nil), meanSquaredInput: 1)
    let tuned = try GramChain(network(flow.weightTuning), firstKernel: ChainNetworks.single(1))
      .sample(networks: 200_000, seed: 61)
    for layer in 2...8 {
      let mean = tuned.mean(KernelEntry(layer: layer, 0, 0))
      let (shift, next) = (flow.layers[layer - 1].shift, abs(flow.layers[layer - 1].nextShift))
      checkMonteCarloAgrees(
        predicted: flow.layers[layer - 1].kernel, measured: mean.value, standardError: mean.error,
        // The order after, of which the untuned network's is the size.
        systematic: next)
      // A difference of 4.9σ + next is accepted above. Without tuning it is the shift, less the next order and less 4.9σ at the worst, and
      // must not be accepted; the shift of the first layers is below what 200 000 networks resolve.
      if layer > 3 { #expect(abs(shift) - next - 4.9 * mean.error > 4.9 * mean.error + next) }
    }
  }

  @Test("In the K* = 0 class the tuning tends to 2/(3n), and scale-invariant networks need none")
  func tuningLimits() {
    let layer = LayerInitialization(weightVariance: 1, biasVariance: 0)
    let flow = SingleInputFlow(
      Activation(.tanh), layers: Array(repeating: layer, count: 600), fanIns: Array(repeating: 100, count: 600),
      meanSquaredInput: 1)
    #expect(abs(flow.weightTuning[599] * 100 - 2.0 / 3) < 0.02)
    let relu = SingleInputFlow(
      Activation(.relu), layers: Array(repeating: LayerInitialization(weightVariance: 2, biasVariance: 0), count: 9),
      fanIns: Array(repeating: 100, count: 9), meanSquaredInput: 1)
    #expect(relu.weightTuning.allSatisfy { $0 == 0 })
  }

  /// What a tuned network's mean kernel to order 1/n is off the untuned one's at infinite width: of order 1/n².
  @Test(
    "With C_W or C_b tuned, and with weights of other kurtosis, the mean kernel stays up to 1/n²",
    arguments: [(ActivationFunction.tanh, 1.2, 0.1), (.gelu, 1.9, 0.2), (.sin, 1.1, 0.05)], [true, false])
  func secondOrder(_ one: (function: ActivationFunction, weight: Double, bias: Double), isOfWeights: Bool) {
    func departure(_ width: Int, distribution: WeightDistribution) -> Double {
      func flow(_ layers: [LayerInitialization]) -> SingleInputFlow {
        SingleInputFlow(
          Activation(one.function), layers: layers, fanIns: [width] + Array(repeating: width, count: layers.count - 1),
          meanSquaredInput: 1, meanFourthPowerInput: 2)
      }
      let layers = Array(
        repeating: LayerInitialization(
          weightVariance: one.weight, biasVariance: one.bias, weightDistribution: distribution), count: 6)
      let plain = flow(layers)
      var tuned = layers
      for index in layers.indices {
        if isOfWeights {
          tuned[index].weightVariance *= 1 + plain.weightTuning[index]
        } else {
          tuned[index].biasVariance += plain.biasTuning[index]
        }
      }
      let last = flow(tuned).layers[5]
      let own = plain.layers[5]
      let departure = last.kernel + last.shift + last.nonGaussianShift - own.kernel
      // Tuning does something: what it takes away is larger.
      #expect(abs(departure) < 0.2 * abs(own.shift + own.nonGaussianShift))
      return departure
    }
    for distribution in [WeightDistribution.gaussian, .uniform] {
      let ratio = departure(200, distribution: distribution) / departure(400, distribution: distribution)
      #expect(abs(ratio - 4) < 0.2)
    }
  }
}
