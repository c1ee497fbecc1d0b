import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// What theory says of the quantities that an ensemble at initialization measures, with the smallest difference that
/// would matter, all fixed before anything is measured.
struct PredictionList {
  /// A prediction and its smallest effect of interest.
  struct Entry {
    var prediction: Prediction
    var smallestEffect: Double
  }

  private(set) var entries: [Entry] = []

  /// Relative to K: a network whose kernel is off by a tenth starts differently.
  static let kernelEffect = 0.1
  /// Relative to V/n: whether fluctuations are of the predicted size, not their third digit.
  static let varianceEffect = 0.5
  /// Absolute, of a correlation.
  static let correlationEffect = 0.05
  /// Absolute, of an excess kurtosis.
  static let kurtosisEffect = 0.5

  /// - Parameters:
  ///   - probes: the inputs that are followed, shape (N_D, n_0).
  ///   - chain: the exact law, sampled.
  init(_ network: ResolvedNetwork, probes: Matrix<Double>, chain: GramChainEnsemble) throws {
    let kernels = try LayerKernels(network, inputs: probes)
    let flows = (0..<probes.rows).map { index in
      SingleInputFlow(network, meanSquaredInput: probes.row(index).reduce(0) { $0 + $1 * $1 } / Double(probes.columns))
    }
    let width = Set(network.architecture.widths).count == 1 ? network.architecture.widths.first : nil
    let pair = probes.rows > 1 ? [(0, 0), (0, 1)] : [(0, 0)]
    for layer in 1...network.architecture.layerCount {
      for (first, second) in pair {
        let kernel = kernels.kernels[layer - 1]
        let scale = (kernel[first, first] * kernel[second, second]).squareRoot()
        let quantity = Quantity(.kernel, layer: layer, samples: [first, second], width: width)
        let own = flows[first].layers[layer - 1]
        // For two inputs the 1/n tensors are not computed: √(K₁₁K₂₂) V/(nK²) is their natural size.
        let truncation = first == second ? own.kernelTruncation : scale * own.relativeVariance
        let effect = Self.kernelEffect * scale
        add(quantity, kernel[first, second], truncation: truncation, .kernelRecursion, effect)
        let mean = chain.mean(KernelEntry(layer: layer, first, second))
        add(quantity, mean.value, sampling: mean.error, .gramChain, effect)
      }
      let single = flows[0].layers[layer - 1]
      if layer > 1 {
        let quantity = Quantity(.kernelVariance, layer: layer, samples: [0, 0], width: width)
        let effect = Self.varianceEffect * single.variance
        add(quantity, single.variance, truncation: single.varianceTruncation, .fourPointVertex, effect)
        let variance = chain.variance(KernelEntry(layer: layer, 0, 0))
        add(quantity, variance.value, sampling: variance.error, .gramChain, effect)
      }
      if probes.rows > 1 {
        let quantity = Quantity(.correlation, layer: layer, samples: [0, 1], width: width)
        let decorrelation = kernels.oneMinusCorrelations[layer - 1][0, 1]
        add(
          quantity, 1 - decorrelation, truncation: abs(decorrelation) * single.relativeVariance, .correlationMap,
          Self.correlationEffect)
        if let correlation = chain.correlation(layer: layer, 0, 1) {
          add(quantity, correlation.value, sampling: correlation.error, .gramChain, Self.correlationEffect)
        }
      }
    }
    addOutput(flows[0], chain, layer: network.architecture.layerCount, width: width)
  }

  /// Given Ĝ an output is Gaussian: E z² = E Ĝ, and its excess kurtosis is 3 Var Ĝ/(E Ĝ)².
  private mutating func addOutput(_ flow: SingleInputFlow, _ chain: GramChainEnsemble, layer: Int, width: Int?) {
    guard let last = flow.layers.last, layer > 1, last.kernel > 0 else { return }
    let entry = KernelEntry(layer: layer, 0, 0)
    let (mean, variance) = (chain.mean(entry), chain.variance(entry))
    let second = Quantity(.outputVariance, layer: layer, samples: [0], width: width)
    let effect = Self.kernelEffect * last.kernel
    add(second, last.kernel, truncation: last.kernelTruncation, .kernelRecursion, effect)
    add(second, mean.value, sampling: mean.error, .gramChain, effect)
    let kurtosis = Quantity(.outputExcessKurtosis, layer: layer, samples: [0], width: width)
    let square = last.kernel * last.kernel
    add(
      kurtosis, 3 * last.variance / square,
      // Var's own next order, and what the shift of the mean does to the ratio.
      truncation: 3
        * (last.varianceTruncation / square + 2 * last.relativeVariance * last.kernelTruncation / last.kernel),
      .fourPointVertex, Self.kurtosisEffect)
    add(
      kurtosis, 3 * variance.value / (mean.value * mean.value),
      sampling: 3 * variance.error / (mean.value * mean.value),
      .gramChain, Self.kurtosisEffect)
  }

  private mutating func add(
    _ quantity: Quantity, _ value: Double, sampling: Double = 0, truncation: Double = 0, _ source: Source,
    _ effect: Double
  ) {
    entries.append(
      Entry(
        prediction: Prediction(
          quantity, value: value, samplingError: sampling, truncationError: truncation, source: source),
        smallestEffect: effect))
  }
}
