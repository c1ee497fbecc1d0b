extension SingleInputFlow {
  /// The relative change of each layer's C_W that keeps E Ĝ on its infinite-width trajectory at order 1/n, for ℓ = 1 … L.
  ///
  /// The fluctuation of one layer's kernel shifts the mean of the next by ½C_Wm″ Var Ĝ; C_W(1 + w) with
  /// w = −½ m″ Var Ĝ/m cancels it, C_b as it is, so that G1 = 0 in every layer (PDLT §5.4). At criticality n w → 2/3 in the K* = 0 class,
  /// and w = 0 for scale-invariant activations, which need no tuning. The first layer needs none. Layers behind orthogonal weights are
  /// NaN. Domain: as the expansion's, Var Ĝ ≪ K².
  public var criticalTuning: [Double] {
    layers.indices.map { index in
      guard index > 0 else { return 0 }
      let before = layers[index - 1]
      guard before.moments.secondMoment > 0 else { return 0 }
      return -before.moments.curvatureOfSecondMoment * before.variance / (2 * before.moments.secondMoment)
    }
  }
}
