import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The Gram-matrix chain against real networks: two programs that share no code but the random streams' generator, one law
/// without truncation error. So pulls must have mean 0 and variance 1; this is where error bars are calibrated.
///
/// Ensembles are independent by construction: disjoint members, and different purposes of the streams.
@Suite("Calibration: chain against networks", .tags(.statistical))
struct ChainCalibrationTests {
  /// The size of a run; the large one is for the nightly group.
  struct Size: Sendable, CustomTestStringConvertible {
    var widths: [Int]
    var ensembles: Int
    var networks: Int
    var chainNetworks: Int
    var testDescription: String { "\(ensembles) ensembles of \(networks) networks, widths \(widths)" }
  }

  static let sizes: [Size] = {
    let fast = Size(widths: [24, 16, 32], ensembles: 50, networks: 400, chainNetworks: 2000)
    let slow = Size(widths: [64, 64, 64, 64, 64], ensembles: 200, networks: 1000, chainNetworks: 10_000)
    return ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1" ? [fast, slow] : [fast]
  }()

  private func network(
    _ function: ActivationFunction, _ widths: [Int], weight: Double, bias: Double,
    distribution: WeightDistribution = .gaussian, inputs: Int = 6
  ) -> PerceptronView {
    let architecture = MultilayerPerceptron(widths: widths, activation: Activation(function), outputs: 1)
    let layer = LayerInitialization(
      weightVariance: weight, biasVariance: bias, weightDistribution: distribution, biasDistribution: .gaussian)
    return PerceptronView(
      architecture: architecture, inputs: inputs, layers: Array(repeating: layer, count: architecture.layerCount),
      parametrization: .ntk)
  }

  private func inputs(_ samples: Int, features: Int = 6) -> Matrix<Double> {
    var random = SplitMix(seed: 3)
    return Matrix(rows: samples, columns: features, elements: random.normals(samples * features))
  }

  /// Mean and variance of pulls against 0 and 1, each with its own standard error.
  private func check(_ pulls: [Double], _ what: String, allowance: Double = 0) {
    let moments = StreamingMoments(pulls)
    let mean = moments.estimate
    let variance = moments.varianceEstimate
    print(
      "\(what): \(pulls.count) independent pulls, mean \(rounded(mean.value)) ± \(rounded(mean.error)), "
        + "variance \(rounded(variance.value)) ± \(rounded(variance.error))")
    // One in 10⁵, from the errors that pulls of mean 0 and variance 1 have.
    let limit = 4.42
    #expect(abs(mean.value) < allowance + limit / Double(pulls.count).squareRoot(), "\(what)")
    #expect(
      abs(variance.value - 1) < allowance + limit * max(variance.error, (2 / Double(pulls.count)).squareRoot()),
      "\(what)")
  }

  private func rounded(_ x: Double) -> String { String(format: "%.3f", x) }

  @Test(
    "Whitened means of every layer's kernel", arguments: [ActivationFunction.relu, .tanh, .gelu], sizes)
  func whitenedMeans(_ function: ActivationFunction, _ size: Size) throws {
    let network = network(function, size.widths, weight: 1.8, bias: 0.1)
    let x = inputs(2)
    let experiment = try InitializationExperiment(network, inputs: x)
    let chain = try GramChain(network, inputs: x)
    let layers = network.architecture.layerCount
    let entries = (2...layers).flatMap { layer in
      [KernelEntry(layer: layer, 0, 0), KernelEntry(layer: layer, 1, 0), KernelEntry(layer: layer, 1, 1)]
    }
    // The covariance of one network's kernels, from all networks of all ensembles.
    var pooled = StreamingCovariance(variables: entries.count)
    var differences: [[Double]] = []
    for index in 0..<size.ensembles {
      let measured = try experiment.run(
        networks: size.networks, seed: 1, options: .init(firstMember: index * size.networks))
      let predicted = try chain.sample(
        networks: size.chainNetworks, seed: 1, options: GramChainOptions(firstMember: index * size.chainNetworks))
      let columns = entries.map { measured.conditionalKernels(layer: $0.layer, $0.row, $0.column) }
      for network in 0..<size.networks { pooled.add(columns.map { $0[network] }) }
      differences.append(
        zip(entries, columns).map { entry, column in Statistics.mean(column).value - predicted.mean(entry).value })
    }
    let covariance = pooled.covariance
    let scale = 1 / Double(size.networks) + 1 / Double(size.chainNetworks)
    // Whitening by the Cholesky factor: every mode of every ensemble is an independent pull.
    var pulls: [Double] = []
    for difference in differences {
      var factor = Array(repeating: Array(repeating: 0.0, count: entries.count), count: entries.count)
      var modes: [Double] = []
      for i in entries.indices {
        for j in 0...i {
          let rest = covariance[i, j] * scale - (0..<j).reduce(0) { $0 + factor[i][$1] * factor[j][$1] }
          factor[i][j] = i == j ? rest.squareRoot() : rest / factor[j][j]
        }
        let rest = difference[i] - (0..<i).reduce(0) { $0 + factor[i][$1] * modes[$1] }
        modes.append(rest / factor[i][i])
      }
      pulls += modes
    }
    check(pulls, "\(function), \(size.testDescription), whitened means")
  }

  @Test("Confrontations of one quantity over independent ensembles", arguments: sizes)
  func confrontations(_ size: Size) throws {
    let network = network(.tanh, size.widths, weight: 1.8, bias: 0.1)
    let x = inputs(2)
    let experiment = try InitializationExperiment(network, inputs: x)
    let chain = try GramChain(network, inputs: x)
    let last = network.architecture.layerCount
    let entry = KernelEntry(layer: last, 0, 0)
    var pulls: [String: [Double]] = [:]
    for index in 0..<size.ensembles {
      let measured = try experiment.run(
        networks: size.networks, seed: 2, options: .init(firstMember: index * size.networks))
      let predicted = try chain.sample(
        networks: size.chainNetworks, seed: 2, options: GramChainOptions(firstMember: index * size.chainNetworks))
      let variance = try #require(measured.kernelVariance(layer: last, 0, 0))
      let outerVariance = try #require(measured.kernelVariance(layer: 3, 0, 1, estimator: .outputsOnly))
      let correlation = try #require(predicted.correlationPrediction(layer: last, 0, 1))
      let confrontations = [
        Confrontation(predicted.kernelPrediction(entry), measured.kernel(layer: last, 0, 0)),
        Confrontation(
          predicted.kernelPrediction(entry), measured.kernel(layer: last, 0, 0, estimator: .outputsOnly)),
        Confrontation(predicted.variancePrediction(entry), variance),
        Confrontation(predicted.variancePrediction(KernelEntry(layer: 3, 1, 0)), outerVariance),
        Confrontation(correlation, measured.correlation(layer: last, 0, 1)),
        Confrontation(predicted.outputVariancePrediction(sample: 1), measured.outputVariance(sample: 1)),
      ]
      for confrontation in confrontations {
        let name = "\(confrontation.prediction.quantity.kind.rawValue) by \(confrontation.measurement.estimator)"
        pulls[name, default: []].append(confrontation.pull)
      }
    }
    #expect(pulls.count == 6)
    // Skewed statistics divided by their own error: the pulls' mean is off by −skewness/(2√M), their variance by
    // the kurtosis over M; 0.1 covers both at the smaller size.
    for (name, sample) in pulls.sorted(by: { $0.key < $1.key }) { check(sample, name, allowance: 0.1) }
  }

  @Test("The output's histogram, its variance and kurtosis")
  func outputs() throws {
    let network = network(.relu, [10, 10], weight: 2, bias: 0.05)
    let x = inputs(1)
    let edges = [-Double.infinity] + stride(from: -3.0, through: 3.0, by: 0.5) + [.infinity]
    let output = KernelEntry(layer: 3, 0, 0)
    let predicted = try GramChain(network, inputs: x).sample(
      networks: 200_000, seed: 4, options: GramChainOptions(tracked: [output]))
    let measured = try InitializationExperiment(network, inputs: x).run(networks: 40_000, seed: 4)
    let p = try #require(predicted.outputHistogram(sample: 0, edges: edges))
    let m = measured.outputHistogram(sample: 0, edges: edges)
    // Pearson's χ², bins of one histogram are multinomial: degrees of freedom are bins − 1.
    let chiSquared = zip(p, m).reduce(0) { sum, pair in
      let difference = pair.1.value - pair.0.value
      return sum + difference * difference / pair.0.value * 40_000
    }
    let probability = Distributions.chiSquaredSurvival(chiSquared, degreesOfFreedom: edges.count - 2)
    print("output histogram: χ² = \(rounded(chiSquared)) for \(edges.count - 2) degrees of freedom")
    #expect(probability > 1e-5)
    let kurtosis = Confrontation(
      predicted.outputKurtosisPrediction(sample: 0), measured.outputExcessKurtosis(sample: 0))
    #expect(abs(kurtosis.pull) < 4.42)
  }

  /// Uniform weights have the variances of Gaussian ones but κ = −6/5. What lives on different neurons, the kernel's mean and
  /// variance, is theirs to leading order; the mean's shift, of order κ/n_0, is left out and said.
  @Test("Uniform weights agree in the kernels, to leading order")
  func uniformWeights() throws {
    let features = 64
    let x = inputs(2, features: features)
    let network = network(.tanh, [64, 64], weight: 1.8, bias: 0.1, distribution: .uniform, inputs: features)
    let chain = try GramChain(network, inputs: x)
    #expect(chain.neglected != nil)
    let shift = SingleInputFlow(network, input: x.row(0))
    let predicted = try chain.sample(networks: 100_000, seed: 5)
    let measured = try InitializationExperiment(network, inputs: x).run(networks: 20_000, seed: 5)
    for layer in 2...3 {
      let entry = KernelEntry(layer: layer, 1, 0)
      var prediction = predicted.kernelPrediction(entry)
      let own = shift.layers[layer - 1]
      prediction.truncationError = abs(own.nonGaussianShift)
      let mean = Confrontation(prediction, measured.kernel(layer: layer, 0, 1))
      let variance = Confrontation(
        predicted.variancePrediction(entry), try #require(measured.kernelVariance(layer: layer, 0, 1)))
      #expect(abs(mean.pull) < 4.42 && abs(variance.pull) < 4.42, "layer \(layer)")
    }
  }

  /// PyTorch's `nn.Linear`: uniform weights and biases. The chain draws the biases as they are; the weights' own kurtosis is
  /// O(1/n), and enters the output's kurtosis.
  @Test("nn.Linear's uniform biases agree in kernels and outputs")
  func uniformBiases() throws {
    let x = inputs(2, features: 64)
    var network = network(.tanh, [32, 32, 32], weight: 1 / 3.0, bias: 1 / 96.0, distribution: .uniform, inputs: 64)
    for index in network.layers.indices { network.layers[index].biasDistribution = .uniform }
    let predicted = try GramChain(network, inputs: x).sample(networks: 100_000, seed: 6)
    let measured = try InitializationExperiment(network, inputs: x).run(networks: 4000, seed: 6)
    for layer in 2...4 {
      let entry = KernelEntry(layer: layer, 0, 0)
      let mean = Confrontation(predicted.kernelPrediction(entry), measured.kernel(layer: layer, 0, 0))
      let variance = Confrontation(
        predicted.variancePrediction(entry), try #require(measured.kernelVariance(layer: layer, 0, 0)))
      #expect(abs(mean.pull) < 4.42 && abs(variance.pull) < 4.42, "layer \(layer)")
    }
    var kurtosis = predicted.outputKurtosisPrediction(sample: 0)
    // κ_W C_W²⟨σ⁴⟩/n ≤ 1.2 C_W² 3K²/n of the output's own weights.
    kurtosis.truncationError = 3.6 / 9 / 32
    #expect(abs(Confrontation(kurtosis, measured.outputExcessKurtosis(sample: 0)).pull) < 4.42)
  }
}
