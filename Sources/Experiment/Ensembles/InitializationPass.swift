import OrreryNetworks
import OrreryTensors

/// The memory of one thread, and the pass of one drawn network at a time through its layers. Passes of one network, fast or plain, draw
/// the same weights.
protocol InitializationPass<Scalar> {
  associatedtype Scalar: ExperimentScalar

  /// What a pass shows of a layer: ℓ, the numbers, shape (samples, n), and n.
  typealias Observer = (_ layer: Int, _ values: UnsafePointer<Scalar>, _ width: Int) -> Void

  /// Draws network `member` and runs it on the inputs.
  ///
  /// - Parameters:
  ///   - entering: called with what enters the dense layer ℓ, for each ℓ that the network's ``SignalLayer/isDense`` says; σ(z^(ℓ−1)) of
  ///     a perceptron, for ℓ = 2 … L.
  ///   - leaving: called with what leaves layer ℓ = 1 … L, in their order; z^(ℓ) of a perceptron.
  func run(member: Int, entering: Observer, leaving: Observer)
}

/// A layer with weights: what leaves it is recorded at initialization.
struct SignalLayer: Hashable, Sendable {
  /// n: numbers that leave it for one sample.
  let width: Int
  /// Numbers that enter it for one sample.
  let inputs: Int
  /// Fan-ins of all weights up to here, of which rounding errors come.
  let terms: Int
  /// Of a dense layer behind others, on one axis of features, given whose inputs its outputs are independent: the numbers of its
  /// initialization.
  let dense: LayerInitialization?

  var isDense: Bool { dense != nil }
}

extension ResolvedNetwork {
  /// The layers whose signals an ensemble records: all with weights, ℓ = 1 … L.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  func signalLayers() throws -> [SignalLayer] {
    let weights = try parameters().filter(\.isDrawnWeight)
    var shape = inputShape
    var shapes = [shape]
    for layer in architecture.layers {
      shape = try layer.description.outputShape(for: shape)
      shapes.append(shape)
    }
    return try weightLayers().map { layer in
      let own = weights.filter { $0.layer == layer.leaving }
      let isVector = shapes[layer.leaving].count == 1 && architecture.layers[layer.leaving].description is Dense
      return SignalLayer(
        width: shapes[layer.leaving + 1].reduce(1, *), inputs: shapes[layer.leaving].reduce(1, *),
        terms: weights.filter { $0.layer <= layer.leaving }.map(\.description.fanIn).reduce(0, +),
        dense: isVector && layer.number > 1 ? own.first.map { initializations[$0.weightNumber - 1] } : nil)
    }
  }
}

extension PerceptronView {
  var signalLayers: [SignalLayer] {
    var terms = 0
    return zip(fanIns, architecture.layerWidths).enumerated().map { index, extents in
      terms += extents.0
      return SignalLayer(
        width: extents.1, inputs: extents.0, terms: terms, dense: index > 0 ? layers[index] : nil)
    }
  }
}
