import OrreryFindings

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

extension NamedInitialization {
  /// The variances and distributions of one dense layer, whatever its place in the network.
  ///
  /// - Parameters:
  ///   - fanIn: n_(ℓ−1) ≥ 1.
  ///   - fanOut: n_ℓ ≥ 1; only the two Glorot rules use it.
  public func layer(fanIn: Int, fanOut: Int) -> LayerInitialization {
    precondition(fanIn >= 1 && fanOut >= 1, "A dense layer has at least one input and one output.")
    let (inputs, outputs) = (Double(fanIn), Double(fanOut))
    let glorot = 2 * inputs / (inputs + outputs)
    return switch self {
    case .pytorchLinear:
      LayerInitialization(
        weightVariance: 1 / 3.0, biasVariance: 1 / (3 * inputs), weightDistribution: .uniform,
        biasDistribution: .uniform)
    case .kerasDense: LayerInitialization(weightVariance: glorot, biasVariance: 0, weightDistribution: .uniform)
    case .flaxDense: LayerInitialization(weightVariance: 1, biasVariance: 0, weightDistribution: .truncatedGaussian)
    case .he: LayerInitialization(weightVariance: 2, biasVariance: 0)
    case .glorot: LayerInitialization(weightVariance: glorot, biasVariance: 0)
    case .lecun: LayerInitialization(weightVariance: 1, biasVariance: 0)
    }
  }

  /// The name for reports.
  public var displayName: String {
    switch self {
    case .pytorchLinear: "PyTorch nn.Linear default"
    case .kerasDense: "Keras Dense default"
    case .flaxDense: "Flax Dense default"
    case .he: "He"
    case .glorot: "Glorot"
    case .lecun: "LeCun"
    }
  }

  /// Where the rule comes from.
  public var publications: [Publication] {
    switch self {
    case .pytorchLinear: [.paszke2019pytorch.at("torch.nn.Linear: kaiming_uniform_ with a = √5")]
    case .kerasDense: [.chollet2015keras.at("Dense: glorot_uniform"), .glorot2010understanding]
    case .flaxDense: [.heek2020flax.at("Dense: lecun_normal"), .lecun1998efficient]
    case .he: [.he2015delving]
    case .glorot: [.glorot2010understanding]
    case .lecun: [.lecun1998efficient]
    }
  }
}
