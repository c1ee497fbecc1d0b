import OrreryNetworks
import OrreryTensors

/// NNGP and neural tangent kernels of an infinitely wide multilayer perceptron, on data.
///
/// ```swift
/// let kernels = try InfiniteWidthKernels(network).prepare(images)        // (samples, features), Float or Double
/// let (nngp, ntk) = try kernels.matrices()                                // (samples, samples)
/// ```
///
/// K^(1) = C_b + C_W x·x′/d, K′ = C_b + C_W⟨σσ⟩_K, Θ′ = λ_b + λ_W⟨σσ⟩_K + C_W⟨σ′σ′⟩_K Θ (J. Lee et al.,
/// arXiv:1711.00165; A. Jacot et al., arXiv:1806.07572). Kernels are those of one output neuron.
///
/// **How.** Only half of a symmetric kernel is computed. A tile of pairs is made by one matrix product and passes through
/// *all* layers while it is in cache; what belongs to single samples is computed beforehand, in Double. 1 − c is carried
/// instead of k₁₂, and for close inputs comes from x − x′, so that near-duplicates lose no digits. Tiles are fixed by the
/// problem: results do not depend on the number of threads.
///
/// **Errors**, relative to √(K_ii K_jj): 1e-5 in Float and 1e-11 in Double for closed forms; Hermite series add their
/// certified tail, 1e-7 and 1e-12 per layer.
public struct InfiniteWidthKernels: Sendable {
  public let network: PerceptronView
  /// The numbers of each dense layer, ℓ = 1 … L.
  public let scales: [DenseScales]
  /// Whether to compute the tangent kernel too.
  public let tangents: Bool
  let plan: KernelPlan

  /// - Parameters:
  ///   - network: what `Studies` resolved; its widths matter only to λ_W in the standard parametrization.
  ///   - scales: other numbers than the network's own, one for each dense layer (say, learning rates per layer).
  ///   - tangents: false leaves out the neural tangent kernel.
  /// - Throws: ``InfiniteWidthError`` for scales that do not fit, and for the tangent kernel of an activation that jumps.
  public init(_ network: PerceptronView, scales: [DenseScales]? = nil, tangents: Bool = true) throws {
    try self.init(network, scales: scales, tangents: tangents, isPlain: false)
  }

  /// With `isPlain`, pairs go one by one through ``DualActivation``: the slow twin that tests compare with.
  package init(_ network: PerceptronView, scales: [DenseScales]? = nil, tangents: Bool = true, isPlain: Bool) throws {
    self.network = network
    let own = scales ?? network.denseScales
    let count = network.architecture.layerCount
    guard own.count == count else { throw InfiniteWidthError.wrongScaleCount(expected: count, found: own.count) }
    for (layer, scale) in own.enumerated() {
      let named = [
        ("C_W", scale.weightVariance), ("C_b", scale.biasVariance), ("λ_W", scale.weightRate), ("λ_b", scale.biasRate),
      ]
      for (name, value) in named where !(value >= 0 && value.isFinite) {
        throw InfiniteWidthError.badScale(layer: layer + 1, name: name, value: value)
      }
    }
    if tangents, count > 1, network.architecture.activation.isDiscontinuous {
      throw InfiniteWidthError.discontinuousActivation(layer: 2)
    }
    self.scales = own
    self.tangents = tangents
    plan = KernelPlan(scales: own, activation: network.architecture.activation, isPlain: isPlain)
  }

  /// Kernels of data, prepared: everything that belongs to single samples. Tiles and whole matrices then follow.
  ///
  /// - Parameters:
  ///   - x: (samples, features), the rows of the kernels.
  ///   - x2: (samples, features), the columns; `x` when nil, and kernels are symmetric.
  /// - Throws: ``InfiniteWidthError`` for data that do not fit or are not finite, and when a kernel overflows.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func prepare<Scalar: DualKernelScalar>(
    _ x: Matrix<Scalar>, _ x2: Matrix<Scalar>? = nil
  ) throws -> PreparedKernels<Scalar> {
    try PreparedKernels(self, x, x2)
  }

  /// The NNGP and, if asked for, neural tangent kernels of data, shape (samples, samples).
  public func matrices(
    _ x: Matrix<Float>, _ x2: Matrix<Float>? = nil
  ) throws -> (nngp: Matrix<Float>, ntk: Matrix<Float>?) {
    try prepare(x, x2).matrices()
  }

  /// The NNGP and, if asked for, neural tangent kernels of data, shape (samples, samples).
  public func matrices(
    _ x: Matrix<Double>, _ x2: Matrix<Double>? = nil
  ) throws -> (nngp: Matrix<Double>, ntk: Matrix<Double>?) {
    try prepare(x, x2).matrices()
  }
}
