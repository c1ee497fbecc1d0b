import OrreryNetworks

/// How infinite-width kernels pass through a layer: the signal's second moments, and Θ as source + response∘Θ.
///
/// A layer without parameters has no source; its response is the kernel of its Jacobian. A layer that mixes features
/// with random weights adds its own parameters' tangent kernel as source. To let a new layer have kernels, extend its
/// description by this protocol in Theory; `checkKernelIsPositiveSemidefinite` and the ensembles then test it.
public protocol KernelPropagating: LayerDescription {
  /// The state after this layer.
  ///
  /// - Parameters:
  ///   - scales: the numbers of a layer with weights and biases; nil for layers without.
  func propagate(_ state: KernelState, scales: DenseScales?) throws -> KernelState
  /// Whether the layer takes a set of `DenseScales`.
  var hasScales: Bool { get }
}

extension KernelPropagating {
  public var hasScales: Bool { false }
}

extension KernelState {
  /// The state after a list of layers: the plain path, pair by pair and layer by layer in Double.
  ///
  /// - Parameters:
  ///   - layers: the network, in order.
  ///   - scales: one for each layer that has weights and biases.
  /// - Throws: ``InfiniteWidthError`` naming the layer that has no kernel, or whose kernel is not finite.
  public func propagated(through layers: [Layer], scales: [DenseScales]) throws -> KernelState {
    var state = self
    var remaining = scales[...]
    let total = layers.count { ($0.description as? any KernelPropagating)?.hasScales ?? false }
    guard total == scales.count else { throw InfiniteWidthError.wrongScaleCount(expected: total, found: scales.count) }
    for (index, layer) in layers.enumerated() {
      guard let propagating = layer.description as? any KernelPropagating else {
        throw InfiniteWidthError.noKernel(layer: type(of: layer.description).key, index: index + 1)
      }
      if state.tangents != nil, let nonlinearity = layer.description as? Nonlinearity,
        nonlinearity.activation.isDiscontinuous
      {
        throw InfiniteWidthError.discontinuousActivation(layer: total - remaining.count + 1)
      }
      let own = propagating.hasScales ? remaining.popFirst() : nil
      state = try propagating.propagate(state, scales: own)
      let reached = propagating.hasScales ? total - remaining.count : total - remaining.count + 1
      guard state.rowVariances.allSatisfy(\.isFinite), state.columnVariances.allSatisfy(\.isFinite) else {
        throw InfiniteWidthError.overflow(layer: reached, layers: total, quantity: "NNGP kernel", precision: "float64")
      }
      guard state.tangents?.allSatisfy(\.isFinite) ?? true else {
        throw InfiniteWidthError.overflow(
          layer: reached, layers: total, quantity: "neural tangent kernel", precision: "float64")
      }
    }
    return state
  }
}
