import OrreryNetworks

/// The kernel of one input, and of two, through the layers of a network at infinite width.
///
/// Layer ℓ's kernel is that of its preactivations; its susceptibilities drive ℓ → ℓ + 1, with that layer's C_W (the last
/// layer's own, at ℓ = L). Source: PDLT chapter 4, Poole et al. 2016.
public struct KernelTrajectory: Sendable {
  /// What is known of one layer of preactivations.
  public struct Entry: Hashable, Sendable {
    /// ℓ = 1 … L.
    public var layer: Int
    /// K^(ℓ).
    public var kernel: Double
    public var moments: ActivationMoments
    public var susceptibility: Susceptibility
    /// The kernel of two inputs of the same norm, if asked for.
    public var pair: PairKernel?
    /// C_W⟨σ′₁σ′₂⟩ of that pair, with the next layer's C_W.
    public var pairSlopes: Double?
  }

  public var activation: Activation
  /// ℓ = 1 … L; fewer where the kernel overflows.
  public var entries: [Entry]

  /// - Parameters:
  ///   - layers: C_W and C_b of each dense layer, ℓ = 1 … L.
  ///   - meanSquaredInput: q = |x|²/n₀.
  ///   - oneMinusCorrelation: 1 − x·x′/|x|² of a second input of the same norm; nil for one input only.
  ///   - integrator: expectations over pairs; the activation's dual if not given.
  public init(
    _ activation: Activation, layers: [LayerInitialization], meanSquaredInput: Double,
    oneMinusCorrelation: Double? = nil, integrator: (any PairIntegrator)? = nil
  ) {
    self.activation = activation
    entries = []
    let integrator = integrator ?? activation.pairIntegrator
    var kernel = meanSquaredInput
    var pair = oneMinusCorrelation.map {
      PairKernel(first: kernel, second: kernel, oneMinusCorrelation: $0)
    }
    // The first layer is linear in the input.
    var expectation = pair.map {
      PairExpectation(
        first: $0.first, second: $0.second, halfSquaredDifference: $0.first * $0.oneMinusCorrelation, slopes: 1)
    }
    var second = kernel
    for (index, layer) in layers.enumerated() {
      kernel = layer.biasVariance + layer.weightVariance * second
      // A kernel that overflowed has no expectations; the entries end before it.
      guard kernel.isFinite else { break }
      // At a fixed point nothing changes from layer to layer but the last digits.
      let before = entries.last
      let isStill = before.map { abs($0.kernel - kernel) <= Self.stillness * kernel } ?? false
      let moments = isStill ? before!.moments : ActivationMoments(activation, kernel: kernel)
      let following = layers[min(index + 1, layers.count - 1)].weightVariance
      pair = expectation?.next(weightVariance: layer.weightVariance, biasVariance: layer.biasVariance)
      if let pair {
        if isStill, let last = before?.pair, Self.isSame(last, pair) {
          // The expectation of the layer before stands.
        } else if isStill, pair.first == pair.second, pair.oneMinusCorrelation < Self.linearGap,
          moments.squaredSlope.isFinite
        {
          // The linear response, whose relative error is of order √(1 − c) at most.
          expectation = PairExpectation(
            first: moments.secondMoment, second: moments.secondMoment,
            halfSquaredDifference: pair.oneMinusCorrelation * pair.first * moments.squaredSlope,
            slopes: moments.squaredSlope)
        } else {
          expectation = integrator.expectation(at: pair)
        }
      }
      entries.append(
        Entry(
          layer: index + 1, kernel: kernel, moments: moments,
          susceptibility: Susceptibility(moments, weightVariance: following), pair: pair,
          pairSlopes: expectation.map { following * $0.slopes }))
      second = moments.secondMoment
    }
  }

  /// The relative change below which a layer's kernel is the same as the one before.
  private static let stillness = 1e-15
  /// The 1 − c below which two inputs differ infinitesimally, for kinks too.
  private static let linearGap = 1e-30

  private static func isSame(_ first: PairKernel, _ second: PairKernel) -> Bool {
    func isSame(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= stillness * abs(y) }
    return isSame(first.first, second.first) && isSame(first.second, second.second)
      && isSame(first.oneMinusCorrelation, second.oneMinusCorrelation)
  }

  public init(
    _ network: PerceptronView, meanSquaredInput: Double, oneMinusCorrelation: Double? = nil,
    integrator: (any PairIntegrator)? = nil
  ) {
    self.init(
      network.architecture.activation, layers: network.layers, meanSquaredInput: meanSquaredInput,
      oneMinusCorrelation: oneMinusCorrelation, integrator: integrator)
  }

  /// K^(1) … K^(L).
  public var kernels: [Double] { entries.map(\.kernel) }
  /// c^(1) … c^(L), if a second input was given.
  public var correlations: [Double] { entries.compactMap { $0.pair?.correlation } }
}
