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

  init() {}

  /// Relative to K: a network whose kernel is off by a tenth starts differently.
  static let kernelEffect = 0.1
  /// Relative to V/n: whether fluctuations are of the predicted size, not their third digit.
  static let varianceEffect = 0.5
  /// Absolute, of a correlation.
  static let correlationEffect = 0.05
  /// The relative error of a variance's error bar above which no verdict rests on it.
  static let largestErrorOfError = 0.3
  /// Absolute, of an excess kurtosis.
  static let kurtosisEffect = 0.5

  /// - Parameters:
  ///   - probes: the inputs that are followed, shape (N_D, n_0).
  ///   - chain: the exact law, sampled.
  ///   - networks: how many real networks will be measured. Where so few cannot know the error of a variance, since kernels of
  ///     narrow deep networks have heavy tails, no difference is small enough to be told.
  init(_ network: PerceptronView, probes: Matrix<Double>, chain: GramChainEnsemble, networks: Int) throws {
    let kernels = try LayerKernels(network, inputs: probes)
    let flows = (0..<probes.rows).map { SingleInputFlow(network, input: probes.row($0)) }
    let leftOut = ChainTruncation(network, probes: probes)
    let width = Set(network.architecture.widths).count == 1 ? network.architecture.widths.first : nil
    let pair = probes.rows > 1 ? [(0, 0), (0, 1)] : [(0, 0)]
    for layer in 1...network.architecture.layerCount {
      for (first, second) in pair {
        let kernel = kernels.kernels[layer - 1]
        let scale = (kernel[first, first] * kernel[second, second]).squareRoot()
        let own = flows[first].layers[layer - 1]
        var prediction = own.kernelPrediction([first, second], width: width)
        if first != second {
          // For two inputs the 1/n tensors are not computed: √(K₁₁K₂₂) V/(nK²) is their natural size.
          (prediction.value, prediction.truncationError) = (kernel[first, second], scale * own.relativeTruncation)
        }
        let effect = Self.kernelEffect * scale
        add(prediction, effect)
        add(
          chain.kernelPrediction(KernelEntry(layer: layer, first, second)),
          truncation: scale * leftOut.relativeKernel(layer: layer), effect)
      }
      let single = flows[0].layers[layer - 1]
      if layer > 1, let prediction = single.kernelVariancePrediction([0, 0], width: width) {
        let spread = chain.relativeErrorOfVarianceError(KernelEntry(layer: layer, 0, 0), networks: networks)
        let effect = spread > Self.largestErrorOfError ? 0 : Self.varianceEffect * single.variance
        add(prediction, effect)
        add(
          chain.variancePrediction(KernelEntry(layer: layer, 0, 0)), truncation: leftOut.variance(layer: layer), effect)
      }
      if probes.rows > 1 {
        let decorrelation = kernels.oneMinusCorrelations[layer - 1][0, 1]
        add(
          single.correlationPrediction(oneMinusCorrelation: decorrelation, [0, 1], width: width), Self.correlationEffect
        )
        if let prediction = chain.correlationPrediction(layer: layer, 0, 1) {
          // Inputs closer than this count as one in the chain.
          let resolution = layer > 1 ? chain.coincidence : 0
          add(
            prediction, truncation: abs(decorrelation) * leftOut.relativeKernel(layer: layer) + resolution,
            Self.correlationEffect)
        }
      }
    }
    addOutput(flows[0], chain, leftOut, layer: network.architecture.layerCount, width: width)
  }

  private mutating func addOutput(
    _ flow: SingleInputFlow, _ chain: GramChainEnsemble, _ leftOut: ChainTruncation, layer: Int, width: Int?
  ) {
    guard let last = flow.layers.last, layer > 1, last.kernel > 0 else { return }
    let effect = Self.kernelEffect * last.kernel
    add(last.outputVariancePrediction([0], width: width), effect)
    add(
      chain.outputVariancePrediction(sample: 0), truncation: last.kernel * leftOut.relativeKernel(layer: layer), effect)
    add(last.outputKurtosisPrediction([0], width: width), Self.kurtosisEffect)
    add(
      chain.outputKurtosisPrediction(sample: 0), truncation: leftOut.excessKurtosis(layer: layer), Self.kurtosisEffect)
  }

  /// A chain's prediction, with what the chain leaves out.
  mutating func add(_ prediction: Prediction, truncation: Double, _ effect: Double) {
    var prediction = prediction
    prediction.truncationError = truncation
    add(prediction, effect)
  }

  mutating func add(_ prediction: Prediction, _ effect: Double) {
    entries.append(Entry(prediction: prediction, smallestEffect: effect))
  }
}

/// What the Gram chain leaves out: the excess kurtosis of weights that are not Gaussian, at its first order (the biases are
/// drawn as they are). Nothing for Gaussian weights, whose chain is exact.
struct ChainTruncation {
  private let layers: [SingleInputLayer]

  init(_ network: PerceptronView, probes: Matrix<Double>) {
    var network = network
    for index in network.layers.indices { network.layers[index].biasDistribution = .gaussian }
    layers = SingleInputFlow(network, input: probes.row(0)).layers
  }

  /// Of E Ĝ, relative to K.
  func relativeKernel(layer: Int) -> Double { layers[layer - 1].relativeNonGaussianShift }

  func variance(layer: Int) -> Double { abs(layers[layer - 1].nonGaussianVariance) }

  /// Of an output's excess kurtosis: that of its own weights, and what the hidden ones change.
  func excessKurtosis(layer: Int) -> Double {
    let own = layers[layer - 1]
    guard own.kernel > 0 else { return 0 }
    let change = 3 * abs(own.nonGaussianVariance) + abs(own.fourthCumulantOfWeights)
    return change / (own.kernel * own.kernel) + 2 * abs(own.excessKurtosis) * relativeKernel(layer: layer)
  }
}
