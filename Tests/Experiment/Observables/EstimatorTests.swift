import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("Kernel and output estimators", .tags(.statistical))
struct EstimatorTests {
  /// ReLU at criticality: E Ĝ = K^(1), Var Ĝ^(ℓ)/K² = Π(1 + 5/n) − 1 exactly on one input.
  private func homogeneous(networks: Int = 4000, outputs: Int = 12) throws -> InitializationEnsemble {
    let network = ExperimentNetworks.network(.relu, widths: [20, 20], weight: 2, outputs: outputs)
    return try InitializationExperiment(network, inputs: ExperimentNetworks.inputs(2)).run(networks: networks, seed: 5)
  }

  private func firstKernel(_ a: Int, _ b: Int) -> Double {
    let x = ExperimentNetworks.inputs(2)
    return 2 * zip(x.row(a), x.row(b)).reduce(0) { $0 + $1.0 * $1.1 } / 3
  }

  @Test(
    "Both estimators find the exact mean and variance of a homogeneous network", arguments: KernelEstimator.allCases)
  func exactMoments(_ estimator: KernelEstimator) throws {
    let ensemble = try homogeneous()
    for sample in 0..<2 {
      let kernel = firstKernel(sample, sample)
      for layer in 2...3 {
        let mean = ensemble.kernel(layer: layer, sample, sample, estimator: estimator)
        checkMonteCarloAgrees(predicted: kernel, measured: mean.value, standardError: mean.standardError)
        let variance = try #require(ensemble.kernelVariance(layer: layer, sample, sample, estimator: estimator))
        let exact = kernel * kernel * (pow(1 + 5.0 / 20.0, Double(layer - 1)) - 1)
        checkMonteCarloAgrees(predicted: exact, measured: variance.value, standardError: variance.standardError)
        #expect(mean.networks == 4000 && mean.systematicBound == 0)
      }
    }
  }

  @Test("Layer 1 has the exact kernel and no variance over networks, by its own preactivations")
  func firstLayer() throws {
    let ensemble = try homogeneous()
    #expect(ensemble.defaultEstimator(layer: 1) == .outputsOnly)
    for (a, b) in [(0, 0), (1, 0), (1, 1)] {
      let mean = ensemble.kernel(layer: 1, a, b)
      checkMonteCarloAgrees(predicted: firstKernel(a, b), measured: mean.value, standardError: mean.standardError)
      let variance = try #require(ensemble.kernelVariance(layer: 1, a, b))
      checkMonteCarloAgrees(predicted: 0, measured: variance.value, standardError: variance.standardError)
    }
  }

  @Test("One neuron does not tell a kernel's variance from its own noise")
  func singleOutput() throws {
    let ensemble = try homogeneous(networks: 20, outputs: 1)
    #expect(ensemble.kernelVariance(layer: 3, 0, 0, estimator: .outputsOnly) == nil)
    #expect(ensemble.kernelVariance(layer: 3, 0, 0) != nil)
  }

  @Test("Correlations by both estimators agree")
  func correlation() throws {
    let ensemble = try homogeneous()
    let inner = ensemble.correlation(layer: 3, 0, 1, estimator: .conditional)
    let outer = ensemble.correlation(layer: 3, 0, 1, estimator: .outputsOnly)
    #expect(inner.standardError < outer.standardError)
    #expect(inner.systematicBound < inner.standardError)
    checkMonteCarloAgrees(
      predicted: inner.value, measured: outer.value,
      standardError: (pow(inner.standardError, 2) + pow(outer.standardError, 2)).squareRoot())
    #expect(inner.quantity == Quantity(.correlation, layer: 3, samples: [0, 1], width: 20))
  }

  @Test("The mean's deviation is relative to the given kernel")
  func deviation() throws {
    let ensemble = try homogeneous(networks: 500)
    let kernel = firstKernel(0, 0)
    let mean = ensemble.kernel(layer: 3, 0, 0)
    let deviation = ensemble.kernelMeanDeviation(layer: 3, 0, 0, infiniteWidth: kernel)
    #expect(relativeError(1 + deviation.value, mean.value / kernel) < 1e-12)
    #expect(relativeError(deviation.standardError * kernel, mean.standardError) < 1e-12)
    #expect(deviation.quantity.kind == .kernelMeanDeviation)
  }

  @Test("Output moments of a homogeneous network: excess kurtosis 3(Π(1 + 5/n) − 1)")
  func outputs() throws {
    let ensemble = try homogeneous(networks: 40_000, outputs: 1)
    let variance = ensemble.outputVariance(sample: 0)
    let kernel = firstKernel(0, 0)
    let exact = pow(1 + 5.0 / 20.0, 2.0)
    let kurtosis = ensemble.outputExcessKurtosis(sample: 0)
    let fourth = ensemble.outputFourthMoment(sample: 0)
    checkMonteCarloAgrees(
      predicted: [kernel, 3 * (exact - 1), 3 * exact * kernel * kernel],
      measured: [variance.value, kurtosis.value, fourth.value],
      standardError: [variance.standardError, kurtosis.standardError, fourth.error])
    #expect(kurtosis.systematicBound < kurtosis.standardError)
  }

  @Test("A single layer of uniform weights is not Gaussian: kurtosis −6/5 Σx⁴/(Σx²)², an effect of order 1/n_0")
  func uniformWeights() throws {
    let network = ExperimentNetworks.network(
      .linear, widths: [], inputs: 4, weight: 1, distribution: .uniform)
    let ensemble = try InitializationExperiment(network, inputs: Matrix([[1, 1, 1, 1], [1, 0, 0, 0]])).run(
      networks: 40_000, seed: 2)
    for (sample, exact) in [(0, -0.3), (1, -1.2)] {
      let kurtosis = ensemble.outputExcessKurtosis(sample: sample)
      checkMonteCarloAgrees(
        predicted: exact, measured: kurtosis.value, standardError: kurtosis.standardError,
        systematic: kurtosis.systematicBound)
    }
  }

  @Test("Histogram: binomial errors, nothing lost, a Gaussian where the law is one")
  func histogram() throws {
    let network = ExperimentNetworks.network(.linear, widths: [], inputs: 1, weight: 1)
    let ensemble = try InitializationExperiment(network, inputs: Matrix([[1]])).run(networks: 20_000, seed: 9)
    let edges = [-Double.infinity, -1, 0, 1, .infinity]
    let bins = ensemble.outputHistogram(sample: 0, edges: edges)
    #expect(abs(bins.reduce(0) { $0 + $1.value } - 1) < 1e-12)
    checkMonteCarloAgrees(
      predicted: [0.158655253931457, 0.341344746068543, 0.341344746068543, 0.158655253931457],
      measured: bins.map(\.value), standardError: bins.map(\.error))
    let outside = ensemble.outputHistogram(sample: 0, edges: [100, 101])
    #expect(outside[0].value == 0 && outside[0].error > 0)
  }

  @Test("Everything is recorded")
  func recording() throws {
    let recorder = MemoryRecorder()
    let ensemble = try homogeneous(networks: 30)
    try ensemble.record(to: recorder)
    #expect(recorder.measurements.count == 3 * 7 + 4)
    #expect(Set(recorder.measurements.map(\.quantity)).count == recorder.measurements.count)
    #expect(recorder.measurements.allSatisfy { $0.value.isFinite && $0.standardError > 0 && !$0.estimator.isEmpty })
    #expect(recorder.arrays.map(\.name) == ["outputs"])
    #expect(recorder.arrays[0].values.shape == [30, 2, 12])
  }
}
