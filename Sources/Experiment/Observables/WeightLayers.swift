import OrreryNetworks

/// The layers of a network that have weights: what enters them are its features, what leaves them its preactivations.
struct WeightLayer: Sendable {
  /// From 1; for a perceptron ℓ.
  let number: Int
  /// Places of what enters and leaves among a lowered network's layers; −1 is the input.
  let entering: Int
  let leaving: Int
}

extension ResolvedNetwork {
  /// Layers with a parameter of two or more axes, in order.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  func weightLayers() throws -> [WeightLayer] {
    let places = Set(try parameters().filter { $0.description.shape.count >= 2 }.map(\.layer)).sorted()
    return places.enumerated().map { WeightLayer(number: $0 + 1, entering: $1 - 1, leaving: $1) }
  }
}

extension LoweredNetwork {
  func entering(_ layer: WeightLayer) -> Value { layer.entering < 0 ? input : layerOutputs[layer.entering] }
  func leaving(_ layer: WeightLayer) -> Value { layerOutputs[layer.leaving] }
}
