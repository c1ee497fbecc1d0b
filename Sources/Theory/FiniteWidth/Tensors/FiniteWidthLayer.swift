import OrreryTensors

/// One layer of a network on M inputs, to order 1/n.
///
/// Tensors are normalised by the width of the layer before: what is observed is X/n_(ℓ−1). Those of the first layer are 0: its
/// preactivations are Gaussian and its NTK does not fluctuate.
public struct FiniteWidthLayer: Sendable {
  /// ℓ.
  public let layer: Int
  /// n_(ℓ−1).
  public let fanIn: Int
  /// K^(ℓ), shape (M, M).
  public internal(set) var kernel: Matrix<Double>
  /// V_(12)(34): Cov(Ĝ_12, Ĝ_34) = V/n_(ℓ−1), the four-point vertex.
  public internal(set) var fourPointVertex: PairTensor
  /// G1, shape (M, M): E Ĝ = K + G1/n_(ℓ−1).
  public internal(set) var kernelCorrection: Matrix<Double>
  /// The NTK and its statistics, where asked for.
  public internal(set) var tangentKernel: TangentKernelTensors?
  /// The NTK's first two differentials, where asked for.
  public internal(set) var differentials: DifferentialTensors?
  /// A bound on the error of any four-point expectation that entered this layer, relative to √(⟨f²⟩⟨g²⟩) of its factors.
  public internal(set) var expectationError = 0.0

  /// M.
  public var inputs: Int { kernel.rows }
}

/// The neural tangent kernel and what fluctuates of it at order 1/n, PDLT chapter 8. i, j are neurons, 1 … 4 inputs.
public struct TangentKernelTensors: Sendable {
  /// Θ, shape (M, M).
  public internal(set) var mean: Matrix<Double>
  /// H1, shape (M, M): E Ĥ_ii = Θ + H1/n.
  public internal(set) var correction: Matrix<Double>
  /// A_(12)(34): Cov(Ĥ_ii;12, Ĥ_jj;34) = A/n for i ≠ j.
  public internal(set) var a: PairTensor
  /// B_1324, in this order: E Ĥ_ij;12 Ĥ_ij;34 = B_1324/n for i ≠ j.
  public internal(set) var b: FourPointTensor
  /// D_1234: Cov(Ĝ_12, Ĥ_jj;34) = D/n for a j that is not one of z's neurons.
  public internal(set) var d: PairTensor
  /// F_1324, in this order: E z_i;1 z_j;2 Ĥ_ij;34 = F_1324/n for i ≠ j.
  public internal(set) var f: FourPointTensor
}

/// The differential of the NTK with the parameters (dNTK) and its differential (ddNTK) at order 1/n, PDLT chapters 11 and ∞.
///
/// dĤ_(i₀i₁i₂;012) = Σ λλ ∂²z_(i₀;0) ∂z_(i₁;1) ∂z_(i₂;2); ddĤ_I = Σ λλλ ∂³z_(i₀;0) ∂z_(i₁;1) ∂z_(i₂;2) ∂z_(i₃;3); and
/// ddĤ_II;1234 = Σ λλλ (∂²z_(i₁;1)/∂θ_μ∂θ_a)(∂²z_(i₂;2)/∂θ_μ∂θ_b) ∂_a z_(i₃;3) ∂_b z_(i₄;4).
public struct DifferentialTensors: Sendable {
  /// P_0123: E dĤ_(i₀i₁i₂) z_(i₃) ∋ δ_03 δ_12 P/n.
  public internal(set) var p: FourPointTensor
  /// Q_0123: E dĤ_(i₀i₁i₂) z_(i₃) ∋ (δ_01 δ_23 Q_0123 + δ_02 δ_13 Q_0213)/n.
  public internal(set) var q: FourPointTensor
  /// R_0123: E ddĤ_I = (δ_01 δ_23 R_0123 + δ_02 δ_13 R_0213 + δ_03 δ_12 R_0312)/n.
  public internal(set) var r: FourPointTensor
  /// S_1234: E ddĤ_II ∋ δ_12 δ_34 S/n.
  public internal(set) var s: FourPointTensor
  /// T_1324, in this order: E ddĤ_II ∋ δ_13 δ_24 T/n.
  public internal(set) var t: FourPointTensor
  /// U_1423, in this order: E ddĤ_II ∋ δ_14 δ_23 U/n.
  public internal(set) var u: FourPointTensor
}
