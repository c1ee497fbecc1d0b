import OrreryNetworks

/// The four numbers by which one dense layer enters the kernel recursions.
///
/// K′ = C_b + C_W⟨σσ⟩ and Θ′ = λ_b + λ_W⟨σσ⟩ + C_W⟨σ′σ′⟩Θ. Learning-rate tensor: λ_b for biases, λ_W/fan-in for weights
/// (*The Principles of Deep Learning Theory*, chapter 9).
public struct DenseScales: Hashable, Codable, Sendable {
  /// C_W: Var W times fan-in.
  public var weightVariance: Double
  /// C_b: Var b.
  public var biasVariance: Double
  /// λ_W: the weights' relative learning rate times fan-in.
  public var weightRate: Double
  /// λ_b: the biases' relative learning rate.
  public var biasRate: Double

  public init(weightVariance: Double, biasVariance: Double, weightRate: Double, biasRate: Double) {
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.weightRate = weightRate
    self.biasRate = biasRate
  }

  /// A layer under a parametrization: NTK has λ_W = C_W and λ_b = C_b; standard has λ_W = fan-in and λ_b = 1.
  public init(_ layer: LayerInitialization, fanIn: Int, parametrization: Parametrization) {
    switch parametrization {
    case .ntk:
      self.init(
        weightVariance: layer.weightVariance, biasVariance: layer.biasVariance, weightRate: layer.weightVariance,
        biasRate: layer.biasVariance)
    case .standard:
      self.init(
        weightVariance: layer.weightVariance, biasVariance: layer.biasVariance, weightRate: Double(fanIn), biasRate: 1)
    }
  }
}

extension PerceptronView {
  /// The scales of the dense layers ℓ = 1 … L.
  public var denseScales: [DenseScales] {
    zip(layers, fanIns).map { DenseScales($0, fanIn: $1, parametrization: parametrization) }
  }
}
