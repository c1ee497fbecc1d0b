/// Whether a network will train from a given initialization, as far as theory at initialization can say.
public enum TrainabilityVerdict: Hashable, Sendable {
  /// Nothing in the way was found. It says nothing of accuracy.
  case trains
  case willNotTrain(Obstacle)

  /// What is in the way.
  public enum Obstacle: Hashable, Sendable {
    /// The last hidden layer no longer tells inputs apart: the ordered phase shrinks their difference below rounding.
    case indistinguishableInputs(horizon: Int, depth: Int)
    /// Rounding errors grow to the size of the signal: the chaotic phase.
    case roundingGrows(horizon: Int, depth: Int)
    /// Every layer's gradient, readout included, is far below the optimizer's ε or the precision's smallest number.
    case frozenGradients(largest: Double, floor: Double)
    /// A preactivation or gradient leaves the range of the precision.
    case overflow(layer: Int)
  }

  public var trains: Bool { self == .trains }

  /// The obstacle's law, by the key of its ``Source``.
  public var lawKey: String? {
    switch self {
    case .trains: nil
    case .willNotTrain(.indistinguishableInputs), .willNotTrain(.roundingGrows): "float-horizon"
    case .willNotTrain(.frozenGradients): "adam-epsilon"
    case .willNotTrain(.overflow): "kernel-recursion"
    }
  }
}

extension TrainabilityVerdict: CustomStringConvertible {
  public var description: String {
    switch self {
    case .trains: return "trains"
    case .willNotTrain(.indistinguishableInputs(let horizon, let depth)):
      return "will not train: below layer \(horizon) of \(depth) hidden ones two inputs differ by less than rounding"
    case .willNotTrain(.roundingGrows(let horizon, let depth)):
      return
        "will not train: beyond layer \(horizon) of \(depth) hidden ones rounding errors are as large as the signal"
    case .willNotTrain(.frozenGradients(let largest, let floor)):
      return "will not train: every gradient (at most \(largest)) is below \(floor), so that no parameter moves"
    case .willNotTrain(.overflow(let layer)):
      return "will not train: values leave the range of the precision in layer \(layer)"
    }
  }
}
