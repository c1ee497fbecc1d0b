import OrreryNetworks

extension NamedInitialization {
  /// The numbers of every dense layer, ℓ = 1 … L, as the framework or paper sets them.
  ///
  /// | name | Var W | Var b | law |
  /// |---|---|---|---|
  /// | PyTorch `nn.Linear` | 1/(3 fan-in) | 1/(3 fan-in) | uniform |
  /// | Keras `Dense` | 2/(fan-in + fan-out) | 0 | uniform |
  /// | Flax `Dense`, LeCun | 1/fan-in | 0 | truncated Gaussian, Gaussian |
  /// | He | 2/fan-in | 0 | Gaussian |
  /// | Glorot | 2/(fan-in + fan-out) | 0 | Gaussian |
  ///
  /// - Parameter inputs: n₀.
  public func layers(for architecture: MultilayerPerceptron, inputs: Int) -> [LayerInitialization] {
    let fanIns = [inputs] + architecture.widths
    return zip(fanIns, architecture.layerWidths).map { fanIn, fanOut in
      let (n, m) = (Double(fanIn), Double(fanOut))
      switch self {
      case .pytorchLinear:
        return LayerInitialization(
          weightVariance: 1.0 / 3, biasVariance: 1 / (3 * n), weightDistribution: .uniform,
          biasDistribution: .uniform)
      case .kerasDense:
        return LayerInitialization(weightVariance: 2 * n / (n + m), biasVariance: 0, weightDistribution: .uniform)
      case .flaxDense:
        return LayerInitialization(weightVariance: 1, biasVariance: 0, weightDistribution: .truncatedGaussian)
      case .he: return LayerInitialization(weightVariance: 2, biasVariance: 0)
      case .glorot: return LayerInitialization(weightVariance: 2 * n / (n + m), biasVariance: 0)
      case .lecun: return LayerInitialization(weightVariance: 1, biasVariance: 0)
      }
    }
  }
}
