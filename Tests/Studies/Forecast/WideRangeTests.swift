import OrreryAnalysis
import OrreryNetworks
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// One network's range of kernels where networks are so wide that it is not sampled.
@Suite struct WideRangeTests {
  /// Against the chain itself, at a width that the forecast no longer samples.
  @Test(arguments: [ActivationFunction.tanh, .relu])
  func theLimitIsWhatTheChainSamples(function: ActivationFunction) throws {
    let width = 60_000
    let loaded = try LoadedStudy(SmallStudies.synthetic(function, depth: 1, width: width))
    let forecast = try loaded.forecast()
    let own = try #require(forecast.initializations.first { $0.isOwn })
    let range = try #require(own.outputKernelRange)
    let deviation = try #require(forecast.expansion).relativeVariance.squareRoot()
    #expect(deviation * deviation < 1e-4)
    #expect(relativeError(range.upper - 1, 1.959964 * deviation) < 1e-9)
    #expect(relativeError(1 - range.lower, 1.959964 * deviation) < 1e-9)

    let entry = KernelEntry(layer: 2, 0, 0)
    let networks = 1500
    let trace = try #require(
      try GramChain(loaded.perceptronStudy().network, inputs: loaded.probes.selectingRows([0])).sample(
        networks: networks, seed: 3, options: GramChainOptions(tracked: [entry], covariances: false)
      ).trace(entry))
    let ends = Statistics.quantiles([0.025, 0.975], of: trace).map { $0 / own.outputKernel }
    // A quantile's standard error is √(p(1 − p)/M) over the density there, 0.0584/deviation.
    let error = (0.025 * 0.975 / Double(networks)).squareRoot() / 0.0584 * deviation
    #expect(abs(ends[0] - range.lower) < 4.5 * error)
    #expect(abs(ends[1] - range.upper) < 4.5 * error)
  }

  /// What would take minutes to sample and is no narrow Gaussian has no range.
  @Test func deepAndNarrowIsLeftOut() throws {
    let study = SmallStudies.synthetic(.tanh, depth: 10_000, width: 100, optimizer: nil)
    let forecast = try LoadedStudy(study).forecast()
    #expect(forecast.initializations.first { $0.isOwn }?.outputKernelRange == nil)
  }
}
