import OrreryNetworks
import OrreryTensors

/// What was recorded of an ensemble of real networks at initialization. The estimators are in Observables.
public struct InitializationEnsemble: Sendable {
  public let network: ResolvedNetwork
  let layers: [SignalLayer]
  /// M.
  public let networks: Int
  public let seed: UInt64
  /// What the networks were run in.
  public let precision: Precision
  let records: EnsembleRecords

  /// N_D.
  public var samples: Int { records.samples }
  /// L: the number of layers with weights, whose signals are recorded.
  public var layerCount: Int { records.layers }

  /// Whether layer ℓ's kernel given the layer before is known, as it is of dense layers behind others.
  public func hasConditionalKernel(layer: Int) -> Bool { layers[layer - 1].isDense }

  init(
    network: ResolvedNetwork, layers: [SignalLayer], networks: Int, seed: UInt64, precision: Precision,
    records: EnsembleRecords
  ) {
    self.network = network
    self.layers = layers
    self.networks = networks
    self.seed = seed
    self.precision = precision
    self.records = records
  }

  /// Ĝ^(ℓ)_αβ = C_b + (C_W/n) Σ_j σ_jα σ_jβ of every network, from the layer before: no noise of the last weights.
  ///
  /// - Precondition: ``hasConditionalKernel(layer:)``; in layer 1 the kernel is a constant.
  public func conditionalKernels(layer: Int, _ first: Int, _ second: Int) -> [Double] {
    precondition(
      (1...layerCount).contains(layer) && hasConditionalKernel(layer: layer),
      "Layer \(layer) of \(layerCount) has no conditional kernel: it is the first, or no dense layer.")
    return column(records.conditional, (layer - 2) * records.entries + entry(first, second))
  }

  /// S^(ℓ)_αβ = (1/n) Σ_i z_iα z_iβ of every network, from the layer's own preactivations.
  public func empiricalKernels(layer: Int, _ first: Int, _ second: Int) -> [Double] {
    column(records.empirical, place(layer, first, second))
  }

  /// The unbiased estimate of Ĝ_αβ² of every network, from the layer's own preactivations; NaN where n = 1.
  func squaredKernels(layer: Int, _ first: Int, _ second: Int) -> [Double] {
    column(records.squares, place(layer, first, second))
  }

  /// The unbiased estimate of E z_i z_j², i ≠ j, of every network on one sample, from the layer's own preactivations; NaN where n = 1.
  package func ties(layer: Int, sample: Int) -> [Double] {
    precondition((1...layerCount).contains(layer), "Layer \(layer) is outside 1...\(layerCount).")
    precondition((0..<samples).contains(sample), "Sample \(sample) is outside 0..<\(samples).")
    return column(records.ties, (layer - 1) * samples + sample)
  }

  /// One output on one sample, of every network.
  public func outputs(sample: Int, output: Int = 0) -> [Double] {
    precondition((0..<samples).contains(sample), "Sample \(sample) is outside 0..<\(samples).")
    precondition((0..<records.outputCount).contains(output), "Output \(output) is outside 0..<\(records.outputCount).")
    let stride = samples * records.outputCount
    let start = sample * records.outputCount + output
    return (0..<networks).map { records.outputs.elements[$0 * stride + start] }
  }

  /// z^(L), shape (networks, samples, outputs).
  public var outputTensor: Tensor<Double> {
    Tensor(shape: [networks, samples, records.outputCount], elements: Array(records.outputs.elements))
  }

  /// The hidden width, when all layers but the last have the same.
  package var width: Int? {
    let widths = layers.dropLast().map(\.width)
    return Set(widths).count == 1 ? widths.first : nil
  }

  private func entry(_ first: Int, _ second: Int) -> Int {
    let row = max(first, second)
    precondition(
      min(first, second) >= 0 && row < samples, "Samples (\(first), \(second)) are outside 0..<\(samples).")
    return row * (row + 1) / 2 + min(first, second)
  }

  private func place(_ layer: Int, _ first: Int, _ second: Int) -> Int {
    precondition((1...layerCount).contains(layer), "Layer \(layer) is outside 1...\(layerCount).")
    return (layer - 1) * records.entries + entry(first, second)
  }

  private func column(_ storage: AlignedStorage<Double>, _ index: Int) -> [Double] {
    Array(UnsafeBufferPointer(rebasing: storage.elements[(index * networks)..<((index + 1) * networks)]))
  }
}
