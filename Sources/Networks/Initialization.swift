/// The law that each weight is drawn from, given its variance. All have mean 0.
public enum WeightDistribution: String, Codable, Sendable, CaseIterable {
  case gaussian
  /// Uniform on ±√(3 Var): excess kurtosis −6/5.
  case uniform
  /// Gaussian cut at two of its own standard deviations before the cut, rescaled to the stated variance (Keras, Flax).
  case truncatedGaussian = "truncated-gaussian"
}

/// The numbers of one dense layer's initialization: Var W = C_W / fan-in, Var b = C_b.
public struct LayerInitialization: Hashable, Codable, Sendable {
  /// C_W: the variance of a weight times the layer's fan-in.
  public var weightVariance: Double
  /// C_b: the variance of a bias.
  public var biasVariance: Double
  public var weightDistribution: WeightDistribution
  public var biasDistribution: WeightDistribution

  public init(
    weightVariance: Double, biasVariance: Double, weightDistribution: WeightDistribution = .gaussian,
    biasDistribution: WeightDistribution = .gaussian
  ) {
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.weightDistribution = weightDistribution
    self.biasDistribution = biasDistribution
  }
}

/// An initialization that is known by the name of the framework or paper that made it common.
public enum NamedInitialization: String, Codable, Sendable, CaseIterable {
  /// PyTorch's `nn.Linear` default: weights and biases uniform on ±1/√fan-in, so Var W = Var b = 1/(3 fan-in).
  case pytorchLinear = "pytorch-linear"
  /// Keras' `Dense` default: Glorot uniform weights, Var W = 2/(fan-in + fan-out), zero biases.
  case kerasDense = "keras-dense"
  /// Flax's `Dense` default: LeCun truncated normal weights, Var W = 1/fan-in, zero biases.
  case flaxDense = "flax-dense"
  /// He et al. 2015 (arXiv:1502.01852): Gaussian, Var W = 2/fan-in, zero biases.
  case he
  /// Glorot and Bengio 2010: Gaussian, Var W = 2/(fan-in + fan-out), zero biases.
  case glorot
  /// LeCun et al. 1998: Gaussian, Var W = 1/fan-in, zero biases.
  case lecun
}

/// How a description says which variances the parameters have at initialization.
public enum Initialization: Hashable, Codable, Sendable {
  /// Every layer at criticality, as Theory finds it for the activation (resolved to numbers by Studies).
  case critical
  /// The same C_W and C_b in every layer.
  case uniform(LayerInitialization)
  /// One entry for each of the L = depth + 1 dense layers.
  case perLayer([LayerInitialization])
  case named(NamedInitialization)
}
