extension OptimizerMethod {
  /// How gradients of past steps enter a step; v starts at 0.
  ///
  /// With the learning rate outside the velocity, as in PyTorch. Polyak's and Sutskever's forms, v ← β v − η g, w ← w + v,
  /// are the same steps as long as η is constant, and remember the old η when it changes.
  public enum Momentum: Hashable, Sendable {
    case none
    /// v ← β v + g, w ← w − η v: Polyak 1964, doi:10.1016/0041-5553(64)90137-5. Steady gradients give steps η g/(1 − β).
    case heavyBall(Double)
    /// v ← β v + (1 − β) g, w ← w − η v: heavy ball with η (1 − β), so that steady gradients give steps η g.
    case exponentialMovingAverage(Double)
    /// v ← β v + g, w ← w − η (g + β v): Nesterov 1983, in the form of Sutskever et al. 2013, whose parameters are the
    /// point of look-ahead, where g is taken.
    case nesterov(Double)

    /// β, 0 without momentum.
    public var coefficient: Double {
      switch self {
      case .none: 0
      case .heavyBall(let beta), .exponentialMovingAverage(let beta), .nesterov(let beta): beta
      }
    }

    /// The key in a description; nil without momentum.
    public var key: String? {
      switch self {
      case .none: nil
      case .heavyBall: "heavy-ball"
      case .exponentialMovingAverage: "exponential-moving-average"
      case .nesterov: "nesterov"
      }
    }

    /// The kind of this key, `heavy-ball`, `exponential-moving-average` or `nesterov`; nil for others.
    public init?(key: String, coefficient: Double) {
      switch key {
      case "heavy-ball": self = .heavyBall(coefficient)
      case "exponential-moving-average": self = .exponentialMovingAverage(coefficient)
      case "nesterov": self = .nesterov(coefficient)
      default: return nil
      }
    }

    /// The keys of all kinds.
    public static let keys = ["heavy-ball", "exponential-moving-average", "nesterov"]
  }
}
