import Foundation

/// How the learning rate changes from step to step: η_k = η · factor(k).
///
/// Steps are numbered k = 0 … T − 1. In the first w of them (the warm-up) a factor (k + 1)/w rises linearly to 1; what
/// follows depends on the progress p = (k − w)/(T − w), which is 0 in the first step after the warm-up and would be 1
/// in the step after the last.
public struct LearningRateSchedule: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    /// 1.
    case constant
    /// 1 − (1 − final) p.
    case linear(final: Double)
    /// final + (1 − final)(1 + cos πp)/2: Loshchilov and Hutter 2017 (arXiv:1608.03983), without restarts.
    case cosine(final: Double)
    /// 1, and over the last `decay` of all steps (a fraction, rounded to whole steps) linearly to `final`: Hu et al. 2024
    /// (arXiv:2404.06395).
    case warmUpStableDecay(decay: Double, final: Double)
    /// (1 + (k − w)/timeScale)^(−exponent): Robbins and Monro's steps for exponents above ½.
    case power(exponent: Double, timeScale: Double)
    /// The factor that stands beside the last listed step ≤ k; 1 before the first. The warm-up multiplies it.
    case table([Int: Double])
  }

  public var shape: Shape
  /// w.
  public var warmUp: Int

  public init(_ shape: Shape = .constant, warmUp: Int = 0) {
    self.shape = shape
    self.warmUp = warmUp
  }

  /// The fraction of all steps in which a warmup–stable–decay schedule decays, where none is given.
  public static let usualDecay = 0.2

  /// The factor of step `step` of `steps`; from the end on, that of p = 1.
  ///
  /// - Parameters:
  ///   - step: k ≥ 0.
  ///   - steps: T.
  public func factor(at step: Int, of steps: Int) -> Double {
    let isWarmingUp = step < warmUp
    let rise = isWarmingUp ? Double(step + 1) / Double(warmUp) : 1
    if case .table(let table) = shape {
      // Not by way of sorted keys, which would be a new array in every step.
      var (last, factor) = (Int.min, 1.0)
      for (listed, value) in table where listed <= step && listed > last { (last, factor) = (listed, value) }
      return rise * factor
    }
    guard !isWarmingUp else { return rise }
    let progress = steps > warmUp ? min(1, Double(step - warmUp) / Double(steps - warmUp)) : 1
    switch shape {
    case .constant, .table: return 1
    case .linear(let final): return 1 - (1 - final) * progress
    case .cosine(let final): return final + (1 - final) * (1 + cos(.pi * progress)) / 2
    case .warmUpStableDecay(let decay, let final):
      let length = Self.decaySteps(decay, of: steps)
      let start = steps - length
      guard step >= start, length > 0 else { return step >= steps ? final : 1 }
      return 1 - (1 - final) * min(1, Double(step - start) / Double(length))
    case .power(let exponent, let timeScale): return pow(1 + Double(step - warmUp) / timeScale, -exponent)
    }
  }

  static func decaySteps(_ fraction: Double, of steps: Int) -> Int { Int((fraction * Double(steps)).rounded()) }

  /// The key in a description.
  public var key: String {
    switch shape {
    case .constant: "constant"
    case .linear: "linear"
    case .cosine: "cosine"
    case .warmUpStableDecay: "warmup-stable-decay"
    case .power: "power"
    case .table: "table"
    }
  }

  /// The keys of all shapes.
  public static let keys = ["constant", "linear", "cosine", "warmup-stable-decay", "power", "table"]
}
