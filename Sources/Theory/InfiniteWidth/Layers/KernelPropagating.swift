import OrreryNetworks
import OrreryTensors

/// How infinite-width kernels pass through a layer.
///
/// A layer maps the state of what enters to that of what leaves: K, 1 − c and means of sites, and Θ as the kernel of its own parameters
/// plus what it makes of the Θ that enters. To let a new layer have kernels, extend its description by this protocol;
/// `checkKernelIsPositiveSemidefinite` and the ensembles then test it. A layer that takes pairs of sites by themselves needs
/// ``propagate(_:scales:)`` alone, and `KernelState.mappingPairs(isGaussian:site:pair:)` does the rest.
///
/// The article *How kernels pass through layers* goes through the kinds of layers that the protocol has to carry.
public protocol KernelPropagating: LayerDescription {
  /// The pairs of positions that must enter for those of a reach to leave.
  ///
  /// - Parameters:
  ///   - reach: the largest offset along each axis of positions of what leaves.
  ///   - inputShape: of one sample, channels last.
  /// - Returns: the largest offset along each axis of positions of what enters; what is beyond an axis is cut off.
  func reach(for reach: [Int], inputShape: [Int]) -> [Int]
  /// Whether what leaves for one pair of samples depends on all others too, as with batch normalization in training: tiles of fewer samples
  /// are refused.
  var mixesSamples: Bool { get }
  /// The state after this layer.
  ///
  /// - Parameters:
  ///   - state: with the pairs asked for, or more.
  ///   - scales: of the layer's parameter tensors, in their order.
  /// - Throws: ``InfiniteWidthError`` where the layer does not take such a signal.
  func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState
}

extension KernelPropagating {
  public func reach(for reach: [Int], inputShape: [Int]) -> [Int] { reach }
  public var mixesSamples: Bool { false }
}

extension [Layer] {
  /// The pairs of positions that must enter a list of layers for those of a reach to leave it.
  ///
  /// - Throws: ``InfiniteWidthError`` naming the layer that has no kernel; `NetworkError` where layers do not fit.
  public func pairs(for reach: [Int]? = nil, inputShape: [Int]) throws -> PositionPairs {
    var shapes = [inputShape]
    // Forwards first, so that the first layer without a kernel is the one that is named.
    let layers = try enumerated().map { index, layer in
      shapes.append(try layer.description.outputShape(for: shapes[index]))
      return try layer.propagating(index)
    }
    var asked = reach ?? shapes[count].dropLast().map { _ in 0 }
    for index in indices.reversed() { asked = layers[index].reach(for: asked, inputShape: shapes[index]) }
    return PositionPairs(extents: [Int](inputShape.dropLast()), reach: asked)
  }
}

extension Layer {
  /// - Parameter index: in the network, from 0.
  fileprivate func propagating(_ index: Int) throws(InfiniteWidthError) -> any KernelPropagating {
    guard let propagating = description as? any KernelPropagating else {
      throw .noKernel(layer: type(of: description).key, index: index + 1)
    }
    return propagating
  }
}

extension KernelState {
  /// The kernels of a network's outputs on data: the plain path, pair by pair and layer by layer in Double.
  ///
  /// - Parameters:
  ///   - x: (samples, features), as the network takes them.
  ///   - y: the columns, likewise; `x` when nil.
  ///   - tangents: whether to carry the tangent kernel.
  ///   - reach: the offsets between positions of the output that are wanted; equal ones when nil.
  /// - Throws: ``InfiniteWidthError`` naming the layer that has no kernel, or whose kernel is not finite.
  public init(
    _ network: ResolvedNetwork, rows x: Matrix<Double>, columns y: Matrix<Double>? = nil, tangents: Bool,
    reach: [Int]? = nil
  ) throws {
    for (matrix, name) in [(x, y == nil ? "the data" : "the first data"), (y ?? x, "the second data")]
    where matrix.columns != network.inputs {
      throw InfiniteWidthError.wrongFeatureCount(expected: network.inputs, found: matrix.columns, matrix: name)
    }
    let pairs = try network.architecture.layers.pairs(for: reach, inputShape: network.inputShape)
    self = try KernelState(rows: x, columns: y, pairs: pairs, tangents: tangents)
      .propagated(through: network.architecture.layers, scales: network.parameterScales())
  }

  /// The state after a list of layers.
  ///
  /// - Parameters:
  ///   - layers: the network, in order.
  ///   - scales: of the parameter tensors of each layer.
  /// - Throws: ``InfiniteWidthError`` naming the layer that has no kernel, or whose kernel is not finite.
  public func propagated(through layers: [Layer], scales: [[ParameterScales]]) throws -> KernelState {
    guard layers.count == scales.count else {
      throw InfiniteWidthError.wrongScaleCount(expected: layers.count, found: scales.count)
    }
    var state = self
    let total = scales.count { !$0.isEmpty }
    var reached = 0
    for (index, layer) in layers.enumerated() {
      let propagating = try layer.propagating(index)
      if !scales[index].isEmpty { reached += 1 }
      // Errors name the layer of weights that a kernel belongs to, or is about to enter.
      let number = scales[index].isEmpty ? reached + 1 : reached
      if let nonlinearity = layer.description as? Nonlinearity {
        if state.tangents != nil, nonlinearity.activation.isDiscontinuous {
          throw InfiniteWidthError.discontinuousActivation(layer: number)
        }
        guard state.isGaussian || nonlinearity.factor != nil else {
          throw InfiniteWidthError.notGaussian(layer: layer.key, index: index + 1)
        }
      }
      guard !propagating.mixesSamples || state.isSymmetric else {
        throw InfiniteWidthError.needsWholeBatch(layer: layer.key, index: index + 1)
      }
      state = try propagating.propagate(state, scales: scales[index])
      guard state.rows.variances.allSatisfy(\.isFinite), state.columns.variances.allSatisfy(\.isFinite) else {
        throw InfiniteWidthError.overflow(layer: number, layers: total, quantity: "NNGP kernel", precision: "float64")
      }
      guard state.tangents?.allSatisfy(\.isFinite) ?? true else {
        throw InfiniteWidthError.overflow(
          layer: number, layers: total, quantity: "neural tangent kernel", precision: "float64")
      }
    }
    return state
  }
}
