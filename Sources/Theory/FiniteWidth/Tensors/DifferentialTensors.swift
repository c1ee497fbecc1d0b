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

  /// The differentials of the NTK on M inputs.
  ///
  /// - Throws: ``FiniteWidthError`` when they are not of the same inputs.
  public init(
    p: FourPointTensor, q: FourPointTensor, r: FourPointTensor, s: FourPointTensor, t: FourPointTensor,
    u: FourPointTensor
  ) throws {
    for (name, tensor) in [("Q", q), ("R", r), ("S", s), ("T", t), ("U", u)] where tensor.inputs != p.inputs {
      throw FiniteWidthError.badTensor(name: name, expected: [p.inputs], found: [tensor.inputs])
    }
    self.init(checkedP: p, q: q, r: r, s: s, t: t, u: u)
  }

  init(
    checkedP p: FourPointTensor, q: FourPointTensor, r: FourPointTensor, s: FourPointTensor, t: FourPointTensor,
    u: FourPointTensor
  ) {
    self.p = p
    self.q = q
    self.r = r
    self.s = s
    self.t = t
    self.u = u
  }
}
