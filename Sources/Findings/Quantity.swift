/// What kind of number a prediction and a measurement speak of. Kernels are per neuron pair averages at initialization.
public enum QuantityKind: String, Codable, Sendable, CaseIterable {
  /// E[Ĝ^(ℓ)_αβ] over networks: the mean preactivation kernel.
  case kernel
  /// Var(Ĝ^(ℓ)_αβ) over networks.
  case kernelVariance = "kernel-variance"
  /// E[z_i z_j²] over networks for two neurons i ≠ j: T₃/n, which skip connections make.
  case threePointCorrelation = "three-point-correlation"
  /// E[Ĝ^(ℓ)] / K^(ℓ) − 1: the relative deviation of the mean kernel from its infinite-width value.
  case kernelMeanDeviation = "kernel-mean-deviation"
  /// E[Ĝ_αβ] / √(E[Ĝ_αα] E[Ĝ_ββ]).
  case correlation
  /// The mean neural tangent kernel.
  case neuralTangentKernel = "neural-tangent-kernel"
  /// Var(Ĥ^(ℓ)_ii;αβ) over networks: of the neural tangent kernel of one neuron or output.
  case tangentKernelVariance = "tangent-kernel-variance"
  /// Cov(Ĥ^(ℓ)_ii;αβ, Ĥ^(ℓ)_jj;αβ) over networks, i ≠ j: what two neurons' or outputs' neural tangent kernels share.
  case tangentKernelCovariance = "tangent-kernel-covariance"
  /// Cov(Ĝ^(ℓ)_αβ, Ĥ^(ℓ)_ii;αβ) over networks.
  case kernelTangentCovariance = "kernel-tangent-covariance"
  /// Excess kurtosis of one output over networks.
  case outputExcessKurtosis = "output-excess-kurtosis"
  /// The second moment of one output over networks.
  case outputVariance = "output-variance"
  /// The mean over networks of an output on a training sample, after so many steps.
  case meanTrainingOutput = "mean-training-output"
  /// The mean over networks of an output on a test sample, after so many steps.
  case meanTestOutput = "mean-test-output"
  /// The variance over networks of an output on a test sample, after so many steps.
  case testOutputVariance = "test-output-variance"
  /// The mean over networks of the loss on the training samples, in its own convention.
  case trainingLoss = "training-loss"
  /// The mean over networks of the loss on the test samples.
  case testLoss = "test-loss"
}

/// One number about one network on given data: what is predicted, what is measured, and what makes the two comparable.
public struct Quantity: Hashable, Codable, Sendable {
  public var kind: QuantityKind
  /// The preactivation layer ℓ, 1 … L.
  public var layer: Int?
  /// Which samples of the study's probe set, in the order of the kernel's indices.
  public var samples: [Int]
  /// Which output or neuron indices, if any.
  public var outputs: [Int]
  /// The training step; nil or 0 is initialization.
  public var step: Int?
  /// The hidden width, for quantities that are compared across widths.
  public var width: Int?

  public init(
    _ kind: QuantityKind, layer: Int? = nil, samples: [Int] = [], outputs: [Int] = [], step: Int? = nil,
    width: Int? = nil
  ) {
    self.kind = kind
    self.layer = layer
    self.samples = samples
    self.outputs = outputs
    self.step = step
    self.width = width
  }
}
