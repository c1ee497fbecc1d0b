import Foundation
import OrreryNetworks

/// How an optimizer lowers one mode of a quadratic loss: gradient flow, or gradient descent on the whole training set with any
/// momentum and any schedule.
///
/// For a mode of curvature λ (of the loss in parameters), with the residual p and its integral q, λq = 1 − p:
///
/// | rule | in one step |
/// |---|---|
/// | gradient descent | q ← q + η p, so that p ← (1 − ηλ) p |
/// | heavy ball | u ← βu + p, q ← q + ηu |
/// | exponential moving average | u ← βu + (1 − β)p, q ← q + ηu |
/// | Nesterov | u ← βu + p, q ← q + η(p + βu) |
/// | gradient flow | p = e^(−λt) |
public struct DescentRule: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case gradientFlow
    case gradientDescent(OptimizerMethod.Momentum = .none)
  }

  public var kind: Kind
  /// η; 1 for gradient flow, whose time is then t.
  public var rate: Double
  public var schedule: LearningRateSchedule
  /// T, which schedules refer to.
  public var steps: Int

  /// - Throws: ``DynamicsError/badNumber(name:value:)``.
  public init(
    _ kind: Kind, rate: Double = 1, schedule: LearningRateSchedule = LearningRateSchedule(), steps: Int = 0
  ) throws {
    guard rate >= 0, rate.isFinite else { throw DynamicsError.badNumber(name: "learning rate", value: rate) }
    if case .gradientDescent(let momentum) = kind {
      let beta = momentum.coefficient
      guard beta >= 0, beta < 1 else { throw DynamicsError.badNumber(name: "momentum", value: beta) }
    }
    self.kind = kind
    self.rate = rate
    self.schedule = schedule
    self.steps = steps
  }

  /// The η above which some mode of curvature `curvature` grows: 2/λ for gradient descent, 2(1 + β)/λ for heavy ball,
  /// 2(1 + β)/((1 − β)λ) for the moving average, 2(1 + β)/((1 + 2β)λ) for Nesterov; infinite for gradient flow.
  ///
  /// A root of the rule's recursion crosses −1 there: J. Cohen et al. 2021, arXiv:2103.00065.
  public func largestStableRate(curvature: Double) -> Double {
    guard case .gradientDescent(let momentum) = kind, curvature > 0 else { return .infinity }
    let beta = momentum.coefficient
    switch momentum {
    case .none: return 2 / curvature
    case .heavyBall: return 2 * (1 + beta) / curvature
    case .exponentialMovingAverage: return 2 * (1 + beta) / ((1 - beta) * curvature)
    case .nesterov: return 2 * (1 + beta) / ((1 + 2 * beta) * curvature)
    }
  }

  /// p and q of each curvature after each number of steps, in ascending order; for gradient flow a step is the time η.
  ///
  /// - Parameter curvatures: those of the loss, h λ; q refers to them too.
  func residuals(_ curvatures: [Double], after steps: [Int]) -> [(residuals: [Double], transfers: [Double])] {
    switch kind {
    case .gradientFlow: return steps.map { flow(curvatures, time: rate * Double($0)) }
    case .gradientDescent(.none) where schedule == LearningRateSchedule():
      return steps.map { descent(curvatures, steps: $0) }
    case .gradientDescent(let momentum): return recursion(curvatures, after: steps, momentum)
    }
  }

  func flow(_ curvatures: [Double], time: Double) -> (residuals: [Double], transfers: [Double]) {
    let residuals = curvatures.map { $0 > 0 ? exp(-$0 * time) : 1 }
    return (residuals, curvatures.map { $0 > 0 ? -expm1(-$0 * time) / $0 : 0 })
  }

  /// (1 − x)^k, with 1 − (1 − x)^k from `expm1`, so that slow modes lose no digits.
  private func descent(_ curvatures: [Double], steps: Int) -> (residuals: [Double], transfers: [Double]) {
    var (residuals, transfers) = ([Double](), [Double]())
    for curvature in curvatures {
      let x = rate * curvature
      if curvature <= 0 {
        residuals.append(1)
        transfers.append(0)
      } else if x < 0.5 {
        let exponent = Double(steps) * log1p(-x)
        residuals.append(exp(exponent))
        transfers.append(-expm1(exponent) / curvature)
      } else {
        let residual = pow(1 - x, Double(steps))
        residuals.append(residual)
        transfers.append((1 - residual) / curvature)
      }
    }
    return (residuals, transfers)
  }

  /// Step by step, in q: exact for slow modes, and for those of curvature 0.
  private func recursion(
    _ curvatures: [Double], after wanted: [Int], _ momentum: OptimizerMethod.Momentum
  ) -> [(residuals: [Double], transfers: [Double])] {
    let beta = momentum.coefficient
    var residuals = [Double](repeating: 1, count: curvatures.count)
    var integrals = [Double](repeating: 0, count: curvatures.count)
    var velocities = integrals
    var found: [Int: (residuals: [Double], transfers: [Double])] = [:]
    let all = Set(wanted)
    for step in 0...max(0, wanted.max() ?? 0) {
      if all.contains(step) {
        found[step] = (residuals, zip(integrals, curvatures).map { $1 > 0 ? $0 : 0 })
      }
      let eta = rate * schedule.factor(at: step, of: steps)
      for mode in curvatures.indices where curvatures[mode] > 0 {
        let gradient = residuals[mode]
        switch momentum {
        case .none: integrals[mode] += eta * gradient
        case .heavyBall:
          velocities[mode] = beta * velocities[mode] + gradient
          integrals[mode] += eta * velocities[mode]
        case .exponentialMovingAverage:
          velocities[mode] = beta * velocities[mode] + (1 - beta) * gradient
          integrals[mode] += eta * velocities[mode]
        case .nesterov:
          velocities[mode] = beta * velocities[mode] + gradient
          integrals[mode] += eta * (gradient + beta * velocities[mode])
        }
        residuals[mode] = 1 - curvatures[mode] * integrals[mode]
      }
    }
    return wanted.map { found[$0]! }
  }
}
