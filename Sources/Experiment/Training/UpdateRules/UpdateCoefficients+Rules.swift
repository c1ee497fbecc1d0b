import Foundation
import OrreryNetworks
import OrreryTensors

/// The numbers of each rule in one step.
extension UpdateCoefficients {
  mutating func set(_ momentum: OptimizerMethod.Momentum) {
    memory1 = momentum.coefficient
    (fresh1, along, across) = (1, 0, 1)
    switch momentum {
    case .none, .heavyBall: break
    case .exponentialMovingAverage(let beta): fresh1 = 1 - beta
    case .nesterov(let beta): (along, across) = (1, beta)
    }
  }

  mutating func set(_ adam: OptimizerMethod.Adam, step: Int) {
    (memory1, fresh1) = (adam.beta1, 1 - adam.beta1)
    if adam.hasBiasCorrection { rate /= Self.biasCorrection(adam.beta1, step: step) }
    set(
      decay: adam.beta2, epsilon: adam.epsilon, adam.epsilonPlacement, hasBiasCorrection: adam.hasBiasCorrection,
      step: step)
  }

  mutating func set(_ rmsProp: OptimizerMethod.RMSProp, step: Int) {
    set(
      decay: rmsProp.decay, epsilon: rmsProp.epsilon, rmsProp.epsilonPlacement,
      hasBiasCorrection: rmsProp.hasBiasCorrection, step: step)
  }

  private mutating func set(
    decay: Double, epsilon: Double, _ placement: OptimizerMethod.EpsilonPlacement, hasBiasCorrection: Bool, step: Int
  ) {
    (memory2, fresh2) = (decay, 1 - decay)
    second = hasBiasCorrection ? 1 / Self.biasCorrection(decay, step: step) : 1
    switch placement {
    case .outsideRoot: outside = epsilon
    case .insideRoot: inside = epsilon
    }
  }

  /// 1 − βᵗ with t = step + 1, without cancellation for β near 1.
  private static func biasCorrection(_ beta: Double, step: Int) -> Double {
    beta > 0 ? -expm1(Double(step + 1) * log(beta)) : 1
  }
}

extension OptimizerMethod.Muon.Scale {
  /// s of a matrix.
  func factor(rows: Int, columns: Int) -> Double {
    switch self {
    case .spectral: max(1, Double(rows) / Double(columns)).squareRoot()
    case .rootMeanSquare: 0.2 * Double(max(rows, columns)).squareRoot()
    }
  }
}
