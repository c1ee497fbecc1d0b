import OrreryTensors

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

  /// The NTK and its statistics on M inputs.
  ///
  /// - Throws: ``FiniteWidthError`` when shapes differ or a number is not finite.
  public init(
    mean: Matrix<Double>, correction: Matrix<Double>, a: PairTensor, b: FourPointTensor, d: PairTensor,
    f: FourPointTensor
  ) throws {
    let count = mean.rows
    try FiniteWidthError.check(mean, name: "Θ", inputs: count)
    try FiniteWidthError.check(correction, name: "H1", inputs: count)
    for (name, inputs) in [("A", a.inputs), ("B", b.inputs), ("D", d.inputs), ("F", f.inputs)] where inputs != count {
      throw FiniteWidthError.badTensor(name: name, expected: [count], found: [inputs])
    }
    self.init(checkedMean: mean, correction: correction, a: a, b: b, d: d, f: f)
  }

  init(
    checkedMean mean: Matrix<Double>, correction: Matrix<Double>, a: PairTensor, b: FourPointTensor, d: PairTensor,
    f: FourPointTensor
  ) {
    self.mean = mean
    self.correction = correction
    self.a = a
    self.b = b
    self.d = d
    self.f = f
  }
}
