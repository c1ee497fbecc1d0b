import Foundation
import OrreryFindings
import OrreryNetworks

/// Whether a network will train from a given initialization, as far as theory at initialization can say.
public enum TrainabilityVerdict: Hashable, Sendable {
  /// Nothing in the way was found. It says nothing of accuracy.
  case trains
  case willNotTrain(Obstacle)
  /// Infinite-width values would let it train, but single networks are far from them.
  case cannotSay(Doubt)

  /// What is in the way.
  public enum Obstacle: Hashable, Sendable {
    /// The last hidden layer no longer tells inputs apart: the ordered phase shrinks their difference below rounding.
    case indistinguishableInputs(horizon: Int, depth: Int)
    /// Rounding errors grow to the size of the signal: the chaotic phase.
    case roundingGrows(horizon: Int, depth: Int)
    /// Every layer's gradient, readout included, is far below the optimizer's ε or the precision's smallest number.
    case frozenGradients(largest: Double, floor: Double)
    /// Every step η g is lost in rounding the weights.
    case lostSteps(largest: Double)
    /// A preactivation or gradient leaves the range of the precision.
    case overflow(layer: Int)
    /// σ jumps and is flat elsewhere, so that backpropagation ends at the readout.
    case noSlope(activation: String)
  }

  /// Why nothing can be said.
  public enum Doubt: Hashable, Sendable {
    /// Strong coupling: half of all networks have gradients below `factor` times the root mean square, with which
    /// `frozen` of `layers` layers hardly move.
    case stronglyCoupled(factor: Double, frozen: Int, layers: Int)
    /// The last hidden layer does not tell inputs apart, but steps that do not know a gradient's scale move the layer behind
    /// the horizon, and all above it, by as much as its own weights: signals may come to pass.
    case liftedBySteps(method: String, horizon: Int, depth: Int)
  }

  public var trains: Bool { self == .trains }

  /// The law that decides.
  public var law: Source? {
    switch self {
    case .trains: nil
    case .willNotTrain(.indistinguishableInputs), .willNotTrain(.roundingGrows): .floatHorizon
    case .willNotTrain(.frozenGradients): .adamEpsilon
    case .willNotTrain(.lostSteps), .willNotTrain(.overflow): .floatingPointRange
    case .willNotTrain(.noSlope): .backwardRecursion
    case .cannotSay(.stronglyCoupled): .gramChain
    case .cannotSay(.liftedBySteps): .floatHorizon
    }
  }

  /// The key of ``law``.
  public var lawKey: String? { law?.key }
}

extension TrainabilityVerdict: CustomStringConvertible {
  public var description: String {
    switch self {
    case .trains: return "trains"
    case .cannotSay(.stronglyCoupled(let factor, let frozen, let layers)):
      let consequence = frozen == 0 ? "" : ", with which \(frozen) of \(layers) layers hardly move"
      return
        "cannot say: strongly coupled, half of all networks have gradients below \(factor > 0 ? short(factor) : "1e-19") "
        + "times those of infinite width\(consequence)"
    case .cannotSay(.liftedBySteps(let method, let horizon, let depth)):
      return
        "cannot say: below layer \(horizon) of \(depth) hidden ones two inputs differ by less than rounding, but \(method)'s steps, "
        + "which do not know a gradient's scale, move layer \(horizon + 1) and those above it by as much as their own weights, and "
        + "may lift some networks out"
    case .willNotTrain(let obstacle): return "will not train: \(obstacle)"
    }
  }
}

extension TrainabilityVerdict.Obstacle: CustomStringConvertible {
  public var description: String {
    switch self {
    case .indistinguishableInputs(let horizon, let depth):
      "below layer \(horizon) of \(depth) hidden ones two inputs differ by less than rounding"
    case .roundingGrows(let horizon, let depth):
      "beyond layer \(horizon) of \(depth) hidden ones rounding errors are as large as the signal"
    case .frozenGradients(let largest, let floor):
      "every gradient (at most \(short(largest))) is below \(short(floor)), so that no parameter moves"
    case .lostSteps(let largest):
      "every step is lost in rounding the weights (gradients are at most \(short(largest)))"
    case .overflow(let layer): "values leave the range of the precision in layer \(layer)"
    case .noSlope(let activation):
      "\(activation) has derivative 0 almost everywhere: no layer below the readout gets a gradient"
    }
  }
}

/// Two digits, powers of ten without zeros before them: "7.7e-7".
private func short(_ value: Double) -> String {
  String(format: "%.2g", value).replacing(/e([-+])0+/) { "e" + ($0.output.1 == "-" ? "-" : "") }
}
