extension OptimizerMethod {
  /// Where ε stands relative to the root of the second moment.
  public enum EpsilonPlacement: String, Codable, Sendable, CaseIterable {
    /// √v + ε, as Kingma and Ba have it.
    case outsideRoot = "outside-root"
    /// √(v + ε): a floor of √ε.
    case insideRoot = "inside-root"
  }

  /// Adam: Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1. In step t = 1, 2, …,
  ///
  ///   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   w ← w − η m̂/(√v̂ + ε),
  ///
  /// where m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) with bias correction, else m and v. The defaults are the paper's.
  public struct Adam: Hashable, Sendable {
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var epsilonPlacement: EpsilonPlacement
    public var hasBiasCorrection: Bool

    public init(
      beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      epsilonPlacement: EpsilonPlacement = .outsideRoot, hasBiasCorrection: Bool = true
    ) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.epsilonPlacement = epsilonPlacement
      self.hasBiasCorrection = hasBiasCorrection
    }
  }

  /// RMSProp: Tieleman and Hinton 2012, *Neural networks for machine learning*, lecture 6.5.
  ///
  ///   v ← ρ v + (1 − ρ) g²,   w ← w − η g/(√v + ε),
  ///
  /// from v = 0, without bias correction unless asked for: the first step is η sign(g)/√(1 − ρ). The lecture's ρ is 0.9,
  /// PyTorch's 0.99.
  public struct RMSProp: Hashable, Sendable {
    /// ρ.
    public var decay: Double
    public var epsilon: Double
    public var epsilonPlacement: EpsilonPlacement
    public var hasBiasCorrection: Bool

    public init(
      decay: Double = 0.9, epsilon: Double = 1e-8, epsilonPlacement: EpsilonPlacement = .outsideRoot,
      hasBiasCorrection: Bool = false
    ) {
      self.decay = decay
      self.epsilon = epsilon
      self.epsilonPlacement = epsilonPlacement
      self.hasBiasCorrection = hasBiasCorrection
    }
  }
}
