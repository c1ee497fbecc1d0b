/// The shapes of activation functions, before scales and shifts. All are functions f: ℝ → ℝ applied neuron by neuron.
public enum ActivationFunction: Hashable, Sendable {
  /// f(z) = z.
  case linear
  /// f(z) = max(z, 0).
  case relu
  /// f(z) = z for z > 0, `slope`·z otherwise.
  case leakyReLU(slope: Double)
  /// f(z) = `positive`·z for z > 0, `negative`·z otherwise: every positively homogeneous function of degree 1.
  case twoSlope(positive: Double, negative: Double)
  /// f(z) = |z|.
  case abs
  /// f(z) = 1 for z > 0, 0 otherwise.
  case step
  /// f(z) = sign(z).
  case sign
  /// f(z) = max(z, 0)².
  case reluSquared
  /// f(z) = erf(z), without a factor √½ in the argument.
  case erf
  /// f(z) = z Φ(z), Φ the normal distribution function (the exact GELU; PyTorch's default).
  case gelu
  /// f(z) = ½ z (1 + tanh(√(2/π)(z + 0.044715 z³))) (JAX's default). It differs from `gelu` by up to 5e-4.
  case geluTanh
  /// f(z) = z / (1 + e^−z), also called Swish.
  case silu
  /// f(z) = tanh z.
  case tanh
  /// f(z) = 1 / (1 + e^−z).
  case sigmoid
  /// f(z) = log(1 + e^z).
  case softplus
  case sin
  case cos
  case exp
  /// f(z) = e^(−z²).
  case gaussian
  /// f(z) = z^degree, degree ≥ 0.
  case monomial(degree: Int)
  /// The probabilists' Hermite polynomial He_degree(z), not normalised: ⟨He_p²⟩ = p! at unit variance.
  case hermite(degree: Int)
  /// f(z) = z for z > 0, `alpha`·(e^z − 1) otherwise. σ′ is continuous only for `alpha` = 1.
  case elu(alpha: Double)
  /// f(z) = Σ_p coefficients[p] z^p.
  case polynomial(coefficients: [Double])
}
