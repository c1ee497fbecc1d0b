import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Gram-matrix chain: predictions, outputs and errors", .tags(.statistical))
struct GramChainPredictionTests {
  private func ensemble(
    _ function: ActivationFunction = .relu, widths: [Int] = [16, 16, 16], weight: Double = 2, networks: Int = 20_000,
    samples: Int = 2, options: GramChainOptions = GramChainOptions(tracked: [KernelEntry(layer: 4, 0, 0)])
  ) throws -> GramChainEnsemble {
    let chain = try GramChain(
      ChainNetworks.network(function, widths: widths, weight: weight), inputs: ChainNetworks.inputs(samples))
    return try chain.sample(networks: networks, seed: 12, options: options)
  }

  @Test("Predictions name their law, carry a sampling error and no truncation error")
  func predictions() throws {
    let ensemble = try ensemble()
    let predictions = ensemble.predictions
    // Per layer: three means, three variances, one correlation; then two numbers for each output.
    #expect(predictions.count == 4 * 7 + 4)
    #expect(Set(predictions.map(\.quantity)).count == predictions.count)
    for prediction in predictions {
      #expect(prediction.source.key == "gram-chain")
      #expect(prediction.truncationError == 0)
      #expect(prediction.quantity.width == 16)
      let exact = prediction.quantity.layer == 1
      #expect(exact ? prediction.samplingError == 0 : prediction.samplingError > 0)
    }
    let kernel = ensemble.chain.firstKernel[0, 0]
    let deviation = ensemble.meanDeviationPrediction(KernelEntry(layer: 4, 0, 0), infiniteWidth: kernel)
    #expect(abs(deviation.value) < 5 * deviation.samplingError)
  }

  @Test("Output moments follow from the kernel's: kurtosis of a homogeneous network")
  func outputMoments() throws {
    let ensemble = try ensemble(networks: 200_000)
    let moments = ensemble.outputMoments(sample: 0)
    let kernel = ensemble.chain.firstKernel[0, 0]
    let second = pow(1 + 5.0 / 16.0, 3.0)
    checkMonteCarloAgrees(
      predicted: [kernel, 3 * kernel * kernel * second, 3 * (second - 1)],
      measured: [moments.second.value, moments.fourth.value, moments.excessKurtosis.value],
      standardError: [moments.second.error, moments.fourth.error, moments.excessKurtosis.error])
  }

  @Test("Errors are calibrated: over independent ensembles pulls have mean 0 and variance 1")
  func calibration() throws {
    let chain = try GramChain(
      ChainNetworks.network(.relu, widths: [32, 32], weight: 2), firstKernel: ChainNetworks.single(1))
    let entry = KernelEntry(layer: 3, 0, 0)
    let exact = pow(1 + 5.0 / 32.0, 2.0)
    var pulls: [[Double]] = [[], [], []]
    let ensembles = 200
    for index in 0..<ensembles {
      let ensemble = try chain.sample(
        networks: 4000, seed: 77, options: GramChainOptions(firstMember: 4000 * index))
      let mean = ensemble.mean(entry)
      let variance = ensemble.variance(entry)
      let kurtosis = ensemble.outputMoments(sample: 0).excessKurtosis
      pulls[0].append((mean.value - 1) / mean.error)
      pulls[1].append((variance.value - (exact - 1)) / variance.error)
      pulls[2].append((kurtosis.value - 3 * (exact - 1)) / kurtosis.error)
    }
    for sample in pulls {
      let moments = StreamingMoments(sample)
      // A studentised variance is skewed: its pulls' mean is off by about −skewness/(2√M), here up to 0.1.
      #expect(abs(moments.mean) < 0.1 + 4.5 / Double(ensembles).squareRoot())
      #expect(abs(moments.variance - 1) < 0.1 + 4.5 * (2 / Double(ensembles)).squareRoot())
    }
  }

  @Test("The output histogram mixes Gaussians exactly: it sums to 1 and knows one width")
  func histogram() throws {
    let ensemble = try ensemble()
    let edges = [-Double.infinity, -2, -0.5, 0, 0.5, 2, .infinity]
    let bins = try #require(ensemble.outputHistogram(sample: 0, edges: edges))
    #expect(abs(bins.reduce(0) { $0 + $1.value } - 1) < 1e-12)
    #expect(abs(bins[0].value - bins[5].value) < 1e-12 && abs(bins[2].value - bins[3].value) < 1e-12)
    #expect(bins.allSatisfy { $0.error > 0 && $0.error < 0.01 })
    #expect(ensemble.outputHistogram(sample: 1, edges: edges) == nil)

    // A single network's law is Gaussian: without hidden layers every bin is Φ's.
    let plain = try GramChain(
      ChainNetworks.network(.relu, widths: [], weight: 1), firstKernel: ChainNetworks.single(4))
    let gaussian = try plain.sample(
      networks: 3, seed: 1, options: GramChainOptions(tracked: [KernelEntry(layer: 1, 0, 0)]))
    let bin = try #require(gaussian.outputHistogram(sample: 0, edges: [-2, 2]))
    #expect(abs(bin[0].value - 0.682689492137086) < 1e-13)
  }

  @Test("Quantiles: the central 95 % of a linear network is that of χ²_n/n")
  func quantiles() throws {
    let entry = KernelEntry(layer: 2, 0, 0)
    let chain = try GramChain(
      ChainNetworks.network(.linear, widths: [10], weight: 1), firstKernel: ChainNetworks.single(1))
    let ensemble = try chain.sample(networks: 100_000, seed: 5, options: GramChainOptions(tracked: [entry]))
    let found = try #require(ensemble.quantiles([0.025, 0.5, 0.975], of: entry))
    // Quantiles of χ²₁₀ from tables: 3.24697, 9.34182, 20.48318.
    checkMonteCarloAgrees(
      predicted: [0.324697, 0.934182, 2.048318], measured: found.map(\.value), standardError: found.map(\.error))
    #expect(ensemble.quantiles([0.5], of: KernelEntry(layer: 1, 0, 0)) == nil)
  }

  @Test("Correlations stay in range and agree with the traces")
  func correlation() throws {
    let entries = [(0, 1), (0, 0), (1, 1)].map { KernelEntry(layer: 4, $0.0, $0.1) }
    let ensemble = try ensemble(.tanh, weight: 1.5, options: GramChainOptions(tracked: entries))
    let means = try entries.map { Statistics.mean(try #require(ensemble.trace($0))).value }
    let correlation = try #require(ensemble.correlation(layer: 4, 0, 1))
    #expect(relativeError(correlation.value, means[0] / (means[1] * means[2]).squareRoot()) < 1e-12)
    #expect(abs(correlation.value) < 1 && correlation.error > 0 && correlation.error < 0.02)
    #expect(ensemble.correlation(layer: 4, 1, 1) == Estimate(value: 1, error: 0))
    let without = try self.ensemble(options: GramChainOptions(covariances: false))
    #expect(without.correlation(layer: 4, 0, 1) == nil)
    #expect(without.covariance(layer: 4) == nil)
  }

  @Test("Heavy tails are said: the variance's error of a narrow deep network is itself uncertain")
  func heavyTails() throws {
    let deep = try ensemble(widths: Array(repeating: 8, count: 12), networks: 2000, options: GramChainOptions())
    #expect(deep.relativeErrorOfVarianceError(KernelEntry(layer: 13, 0, 0)) > 0.3)
    let wide = try ensemble(widths: [256], networks: 2000, options: GramChainOptions())
    // √(32/3M)/2 = 0.037 for a normal entry; a relative variance of 5/256 puts some half on top.
    #expect(wide.relativeErrorOfVarianceError(KernelEntry(layer: 2, 0, 0)) < 0.074)
  }

  @Test("What other weight distributions leave out is said")
  func neglected() throws {
    var network = ChainNetworks.network(.tanh, widths: [4], weight: 1)
    #expect(try GramChain(network, inputs: ChainNetworks.inputs(1)).neglected == nil)
    network.layers[1].weightDistribution = .uniform
    let sentence = try #require(try GramChain(network, inputs: ChainNetworks.inputs(1)).neglected)
    #expect(sentence.contains("layer 2") && sentence.contains("kurtosis"))
  }

  @Test("Bad input is one sentence")
  func errors() throws {
    let network = ChainNetworks.network(.tanh, widths: [4], weight: 1)
    #expect(throws: GramChainError.featureMismatch(expected: 3, found: 2)) {
      try GramChain(network, inputs: Matrix([[1, 2]]))
    }
    #expect(throws: GramChainError.nonFiniteInput(sample: 1, feature: 2)) {
      try GramChain(network, inputs: Matrix([[1, 2, 3], [1, 2, .nan]]))
    }
    #expect(throws: GramChainError.notPositiveSemidefinite(sample: 1)) {
      try GramChain(network, firstKernel: Matrix([[1, 2], [2, 1]]))
    }
    #expect(throws: GramChainError.notSymmetric(row: 1, column: 0)) {
      try GramChain(network, firstKernel: Matrix([[1, 0.5], [0.4, 1]]))
    }
    let chain = try GramChain(network, inputs: ChainNetworks.inputs(1))
    #expect(throws: GramChainError.tooFewNetworks(1)) { try chain.sample(networks: 1, seed: 0) }
    let entry = KernelEntry(layer: 3, 0, 0)
    #expect(throws: GramChainError.entryOutOfRange(entry, layers: 2, samples: 1)) {
      try chain.sample(networks: 2, seed: 0, options: GramChainOptions(tracked: [entry]))
    }
    let wild = try GramChain(
      ChainNetworks.network(.exp, widths: [4, 4, 4], weight: 1e6), firstKernel: ChainNetworks.single(1e4))
    #expect(throws: GramChainError.self) { try wild.sample(networks: 32, seed: 0) }
    for error: GramChainError in [
      .noInputs, .badWidth(layer: 2, width: 0), .overflow(layer: 3, networks: 2, precision: "float32"),
    ] {
      #expect(error.description.hasSuffix("."))
    }
  }
}
