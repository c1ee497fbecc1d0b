/// The law that each weight is drawn from, given its variance. All have mean 0.
public enum WeightDistribution: String, Codable, Sendable, CaseIterable {
  case gaussian
  /// Uniform on ±√(3 Var): excess kurtosis −6/5.
  case uniform
  /// Gaussian cut at two of its own standard deviations before the cut, rescaled to the stated variance (Keras, Flax).
  case truncatedGaussian = "truncated-gaussian"
  /// The whole matrix (units, fan-in) drawn at once, uniformly among those with orthogonal rows or columns, whichever are fewer (A.
  /// Saxe, J. McClelland, S. Ganguli, arXiv:1312.6120), scaled to the same Var W = C_W/fan-in as the others: W Wᵀ = C_W 1 for units ≤
  /// fan-in, WᵀW = C_W (units/fan-in) 1 for more. Other axes than the first count as one. For weights only.
  case orthogonal
}

/// The numbers of one dense layer's initialization: Var W = C_W / fan-in, Var b = C_b.
public struct LayerInitialization: Hashable, Sendable {
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

/// How a description says which variances the parameters have at initialization.
public enum Initialization: Hashable, Sendable {
  /// Every layer at criticality, as Theory finds it for the activation (resolved to numbers by Studies).
  case critical
  /// The same C_W and C_b in every layer.
  case uniform(LayerInitialization)
  /// One entry for each of the L = depth + 1 dense layers.
  case perLayer([LayerInitialization])
  case named(NamedInitialization)
}
