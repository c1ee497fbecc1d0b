import OrreryNetworks

extension OptimizerMethod.Adam {
  /// The fraction of a full first step that a parameter takes, given the root mean square of its gradient: g/(g + ε), with ε
  /// seen from g's side: ε/√(1 − β₂) where the second moment is not corrected, √ε inside the root.
  func stepFraction(_ gradient: Double) -> Double {
    OptimizerMethod.stepFraction(
      gradient, epsilon: epsilon, epsilonPlacement, secondMoment: hasBiasCorrection ? 1 : 1 - beta2)
  }
}

extension OptimizerMethod.RMSProp {
  /// As for Adam, with 1 − ρ in place of 1 − β₂.
  func stepFraction(_ gradient: Double) -> Double {
    OptimizerMethod.stepFraction(
      gradient, epsilon: epsilon, epsilonPlacement, secondMoment: hasBiasCorrection ? 1 : 1 - decay)
  }
}

extension OptimizerMethod {
  /// - Parameter secondMoment: v/g² in the first step.
  fileprivate static func stepFraction(
    _ gradient: Double, epsilon: Double, _ placement: EpsilonPlacement, secondMoment: Double
  ) -> Double {
    let root = secondMoment.squareRoot() * gradient
    return switch placement {
    case .outsideRoot: root / (root + epsilon)
    case .insideRoot: root / (root * root + epsilon).squareRoot()
    }
  }
}
