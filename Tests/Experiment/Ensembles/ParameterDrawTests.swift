import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// The weights of real networks, seen through layers that show them.
@Suite("Parameter draws")
struct ParameterDrawTests {
  /// Excess kurtosis: 0, −6/5, and for a unit normal cut at ±2 the value of its moments.
  static func excessKurtosis(_ distribution: WeightDistribution) -> Double {
    switch distribution {
    case .gaussian: return 0
    // One column of 1000 elements on a sphere: E w⁴ = 3/(n(n + 2)).
    case .orthogonal: return 3 * 1000.0 / 1002 - 3
    case .uniform: return -1.2
    case .truncatedGaussian:
      // Moments of a normal cut at ±b: m₂ = 1 − 2bφ/Z, m₄ = 3m₂ − 2b³φ/Z.
      let density = exp(-2.0) / (2 * Double.pi).squareRoot()
      let mass = erf(2.0.squareRoot())
      let second = 1 - 4 * density / mass
      return (3 * second - 16 * density / mass) / (second * second) - 3
    }
  }

  @Test("Mean, variance and kurtosis", arguments: WeightDistribution.allCases, [Precision.float32, .float64])
  func moments(_ distribution: WeightDistribution, _ precision: Precision) throws {
    let draws = try ExperimentNetworks.weights(
      distribution, variance: 0.3, count: 1000, networks: 200, precision: precision
    ).elements
    let moments = StreamingMoments(draws)
    let kurtosis = Cumulants(draws).fourth.scaled(by: 1 / (0.3 * 0.3))
    let variance = moments.varianceEstimate
    if distribution == .orthogonal {
      // Squares add up to the same number in each network.
      #expect(abs(draws.reduce(0) { $0 + $1 * $1 } / Double(draws.count) - 0.3) < 1e-6)
    }
    checkMonteCarloAgrees(
      predicted: [0, 0.3, Self.excessKurtosis(distribution)], measured: [moments.mean, variance.value, kurtosis.value],
      standardError: [moments.estimate.error, variance.error, kurtosis.error])
  }

  @Test("Bounds of the bounded distributions")
  func bounds() throws {
    let uniform = try ExperimentNetworks.weights(.uniform, variance: 3, count: 5000, networks: 20).elements
    #expect(uniform.allSatisfy { abs($0) < 3 })
    #expect(uniform.max()! > 2.999 && uniform.min()! < -2.999)
    let truncated = try ExperimentNetworks.weights(.truncatedGaussian, variance: 1, count: 5000, networks: 20)
      .elements
    let bound = 2 / 0.87962566103423978
    #expect(truncated.allSatisfy { abs($0) <= bound * (1 + 1e-12) })
    #expect(truncated.max()! > 0.99 * bound)
  }

  @Test("The same network in both precisions", arguments: WeightDistribution.allCases)
  func precisions(_ distribution: WeightDistribution) throws {
    let single = try ExperimentNetworks.weights(
      distribution, variance: 1, count: 300, networks: 10, precision: .float32)
    let double = try ExperimentNetworks.weights(
      distribution, variance: 1, count: 300, networks: 10, precision: .float64)
    for (a, b) in zip(single.elements, double.elements) { #expect(abs(a - b) <= 2e-6 * max(1, abs(b))) }
  }

  @Test("Different members, weights and biases are different draws")
  func independence() throws {
    let weights = try ExperimentNetworks.weights(.gaussian, variance: 1, count: 2000, networks: 2).elements
    let correlation = zip(weights[..<2000], weights[2000...]).reduce(0) { $0 + $1.0 * $1.1 } / 2000
    #expect(abs(correlation) < 5 / 2000.0.squareRoot())
    #expect(Set(weights).count == weights.count)
  }

  @Test("A variance of 0 draws zeros")
  func zero() throws {
    #expect(
      try ExperimentNetworks.weights(.uniform, variance: 0, count: 5, networks: 2).elements.allSatisfy { $0 == 0 })
  }
}
