import OrreryNetworks

/// How two initializations compare under one optimizer.
public enum TrainabilityComparison: Hashable, Sendable {
  /// The same verdict, the same layers frozen, and what the optimizer does not take out agrees within a factor of ten:
  /// 1 − c^(L), how far apart the outputs of two inputs are (where it is above rounding), and, for an optimizer that is
  /// not scale-free, every layer's gradient.
  case noDifference
  /// The same verdict and, under an optimizer that is not scale-free, gradients alike within a factor of ten.
  case sameVerdict
  case different
}

extension Trainability {
  /// A factor that counts as the same size. A convention.
  static let likeFactor = 10.0

  private static func isAlike(_ first: Double, _ second: Double) -> Bool {
    first == second || (first < likeFactor * second && second < likeFactor * first)
  }

  /// The comparison with another initialization of the same network, under the same conditions.
  public func compared(to other: Trainability) -> TrainabilityComparison {
    guard verdict.trains == other.verdict.trains,
      zip(stepFractions, other.stepFractions).allSatisfy({
        ($0 < Self.frozenFraction) == ($1 < Self.frozenFraction)
      })
    else { return .different }
    if verdict.trains, !conditions.optimizer.method.isScaleFree {
      let alike = zip(gradients.layers, other.gradients.layers).allSatisfy { Self.isAlike($0.weight, $1.weight) }
      guard alike else { return .different }
    }
    let rounding = conditions.precision.unitRoundoff
    let (own, others) = (max(outputDecorrelation, rounding), max(other.outputDecorrelation, rounding))
    return Self.isAlike(own, others) ? .noDifference : .sameVerdict
  }

  /// 1 − c^(L) of two typical inputs.
  public var outputDecorrelation: Double { trajectory.entries.last?.pair?.oneMinusCorrelation ?? .nan }
}
