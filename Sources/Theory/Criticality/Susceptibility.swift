import OrreryNetworks

/// How one layer's kernel answers to a small change of the layer before, for one input at kernel K.
///
/// Source: PDLT §5.1; Poole et al. 2016 (χ_⊥ is their χ₁). Domain: infinite width.
public struct Susceptibility: Hashable, Sendable {
  /// χ_∥ = C_W d⟨σ²⟩/dK = C_W⟨σ′² + σσ″⟩: of the kernel's size.
  public var parallel: Double
  /// χ_⊥ = C_W⟨σ′²⟩: of the difference of two close inputs of the same norm, and of gradients backwards.
  public var perpendicular: Double
  /// h = ½ dχ_⊥/dK: K_[2]′ = χ_⊥K_[2] + h K_[1]², with K_[1] = ½(K₊₊ − K₋₋), K_[2] = ¼(K₊₊ + K₋₋ − 2K₊₋).
  public var mixed: Double

  /// - Parameter weightVariance: C_W.
  public init(_ moments: ActivationMoments, weightVariance: Double) {
    parallel = weightVariance * moments.slopeOfSecondMoment
    perpendicular = weightVariance * moments.squaredSlope
    mixed = weightVariance * moments.slopeOfSquaredSlope / 2
  }
}

/// The kernel recursion of one layer, K′ = C_b + C_W⟨σ²⟩_K.
public struct KernelMap: Hashable, Sendable {
  public var activation: Activation
  public var weightVariance: Double
  public var biasVariance: Double

  /// - Parameters:
  ///   - weightVariance: C_W ≥ 0.
  ///   - biasVariance: C_b ≥ 0.
  public init(_ activation: Activation, weightVariance: Double, biasVariance: Double) {
    self.activation = activation
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
  }

  public init(_ activation: Activation, _ layer: LayerInitialization) {
    self.init(activation, weightVariance: layer.weightVariance, biasVariance: layer.biasVariance)
  }

  /// The next layer's kernel.
  public func next(_ moments: ActivationMoments) -> Double { biasVariance + weightVariance * moments.secondMoment }

  /// The next layer's kernel from this layer's.
  public func callAsFunction(_ kernel: Double) -> Double { next(ActivationMoments(activation, kernel: kernel)) }
}
