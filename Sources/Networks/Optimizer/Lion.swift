extension OptimizerMethod {
  /// Lion: Chen et al. 2023 (arXiv:2302.06675), program 1, with the paper's defaults.
  ///
  ///   w ← w − η sign(β₁ m + (1 − β₁) g),   m ← β₂ m + (1 − β₂) g,   sign 0 = 0.
  ///
  /// Every step has the same size; the paper's learning rates are 3 to 10 times smaller than AdamW's.
  public struct Lion: Hashable, Sendable {
    public var beta1: Double
    public var beta2: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.99) {
      self.beta1 = beta1
      self.beta2 = beta2
    }
  }
}
