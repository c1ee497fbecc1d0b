/// What keeps the mean kernel of a finite network where infinite width has it: each layer's C_W or C_b changed at order 1/n.
///
/// The fluctuation of one layer's kernel shifts the mean of the next by ½C_Wm″ Var Ĝ, and the fourth cumulant κ₄ of its preactivations, from
/// non-Gaussian weights, by ⅙C_Wm″κ₄ (m = ⟨σ²⟩). Either change cancels both in every layer, so that G1 = 0 (PDLT §5.4):
///
///     C_W → C_W(1 + w),  w = −m″ (½ Var Ĝ + ⅙κ₄)/m,      C_b → C_b + w C_W m.
///
/// Domain: as the expansion's, Var Ĝ ≪ K²; other inputs than this one are tuned as far as their kernels are alike. The first layer needs
/// none. Layers behind orthogonal weights are NaN.
extension SingleInputFlow {
  /// w of each layer ℓ = 1 … L, with C_b as it is.
  ///
  /// At criticality n w → 2/3 in the K* = 0 class, and w = 0 for scale-invariant activations, which need no tuning.
  public var weightTuning: [Double] {
    layers.indices.map { index in
      guard index > 0 else { return 0 }
      let before = layers[index - 1]
      guard before.moments.secondMoment > 0 else { return 0 }
      return -before.moments.curvatureOfSecondMoment * (before.variance / 2 + before.fourthCumulantOfWeights / 6)
        / before.moments.secondMoment
    }
  }

  /// The change of each layer's C_b, ℓ = 1 … L, with C_W as it is; where it is below −C_b no biases do it.
  public var biasTuning: [Double] {
    weightTuning.enumerated().map { index, change in
      index > 0 ? change * layers[index].weightVariance * layers[index - 1].moments.secondMoment : 0
    }
  }
}
