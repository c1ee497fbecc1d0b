import Foundation
import OrreryTensors

/// An autonomous ordinary differential equation ẏ = f(y), integrated by the pair of fifth and fourth order of Dormand and Prince
/// with error control.
///
/// A step's error estimate e is accepted when √(mean of (e_i/(a + r |y_i|))²) ≤ 1, |y_i| the larger of both ends, and the next
/// step follows from this error and the one before (E. Hairer, S. P. Nørsett, G. Wanner, *Solving Ordinary Differential
/// Equations I*, sections II.4 and II.5; J. R. Dormand, P. J. Prince, J. Comp. Appl. Math. 6, 19, 1980). The last evaluation of a
/// step is the first of the next.
///
/// Stiff problems are integrated in steps of about 3.3 over the largest eigenvalue: correct, not fast.
package final class DormandPrince {
  /// Writes f(y); false where it is not finite.
  package typealias Derivative = (_ y: UnsafePointer<Double>, _ f: UnsafeMutablePointer<Double>) -> Bool

  package enum Outcome: Hashable, Sendable {
    case reached
    /// The derivative is not finite, there or within no time that can be told from 0.
    case diverged
    /// The solution is finite, but steps short enough for it cannot be told from 0: it blows up, or is stiff without measure.
    ///
    /// - Parameter component: the variable with the largest error.
    case underflow(component: Int)
    case stopped
  }

  package let count: Int
  private let relative: Double
  private let absolute: Double
  private let memory: AlignedStorage<Double>

  package private(set) var accepted = 0
  package private(set) var rejected = 0
  /// The next step to try; 0 before the first.
  private var step = 0.0
  private var lastError = 1e-4
  private var hasDerivative = false
  /// Whether the derivative was finite at all stages that were last tried.
  private var isFinite = true

  package init(count: Int, relativeTolerance: Double, absoluteTolerance: Double) {
    self.count = count
    relative = relativeTolerance
    absolute = absoluteTolerance
    memory = AlignedStorage(uninitializedCount: 9 * count)
  }

  /// Numbers that an integrator of so many variables takes.
  package static func memory(count: Int) -> Int { 9 * count }

  /// y; write it before the first step.
  package var state: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: memory.elements.baseAddress!, count: count)
  }

  /// What is needed to go on with the same bits, beside ``state``.
  package var numbers: [Double] {
    get { [step, lastError, Double(accepted), Double(rejected)] }
    set {
      precondition(newValue.count == 4, "An integrator keeps four numbers.")
      (step, lastError, accepted, rejected) = (newValue[0], newValue[1], Int(newValue[2]), Int(newValue[3]))
      hasDerivative = false
    }
  }

  private func part(_ index: Int) -> UnsafeMutablePointer<Double> { memory.elements.baseAddress! + index * count }
  private var y: UnsafeMutablePointer<Double> { part(0) }
  private var trial: UnsafeMutablePointer<Double> { part(8) }
  /// f at the stages, 1 … 7.
  private func k(_ stage: Int) -> UnsafeMutablePointer<Double> { part(stage) }

  private static let stages: [[Double]] = [
    [], [1.0 / 5], [3.0 / 40, 9.0 / 40], [44.0 / 45, -56.0 / 15, 32.0 / 9],
    [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
    [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
    [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
  ]
  private static let errors: [Double] = [
    71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
  ]

  /// Integrates over a time.
  ///
  /// - Parameters:
  ///   - isStopped: asked before each step.
  ///   - fixedStep: for tests of the order: every step this long, none rejected.
  package func advance(
    by duration: Double, fixedStep: Double? = nil, isStopped: () -> Bool = { false }, _ derivative: Derivative
  ) -> Outcome {
    var time = 0.0
    if !hasDerivative {
      guard derivative(UnsafePointer(y), k(1)) else { return .diverged }
      hasDerivative = true
    }
    if step == 0 { step = firstStep(duration, derivative) }
    while time < duration {
      if isStopped() { return .stopped }
      let left = duration - time
      var h = fixedStep ?? step
      // Neither a last step that is all rounding nor one far shorter than those before.
      let isLast = h >= left * (1 - 1e-12)
      if isLast { h = left } else if fixedStep == nil, 2 * h > left { h = left / 2 }
      guard h > 1e-14 * duration else { return isFinite ? .underflow(component: worst(h)) : .diverged }
      let error = attempt(h, derivative)
      if fixedStep == nil, !(error <= 1) {
        rejected += 1
        step = h * (error.isFinite ? max(0.2, 0.9 * pow(error, -0.2)) : 0.2)
        continue
      }
      accepted += 1
      time = isLast ? duration : time + h
      y.update(from: trial, count: count)
      k(1).update(from: k(7), count: count)
      let bounded = max(error, 1e-10)
      let factor = 0.9 * pow(bounded, -0.7 / 5) * pow(lastError, 0.4 / 5)
      // A step that was cut short says nothing against the one that was meant.
      let next = h * min(5, max(0.2, factor))
      step = isLast ? max(step, next) : next
      lastError = bounded
    }
    return .reached
  }

  /// Stages of a step from y; its scaled error, infinite where f is not finite. The result lies in `trial`, f there in k(7).
  private func attempt(_ h: Double, _ derivative: Derivative) -> Double {
    for stage in 1..<7 {
      let weights = Self.stages[stage]
      trial.update(from: y, count: count)
      for (place, weight) in weights.enumerated() where weight != 0 {
        let (a, slope) = (h * weight, k(place + 1))
        for i in 0..<count { trial[i] += a * slope[i] }
      }
      isFinite = derivative(UnsafePointer(trial), k(stage + 1))
      guard isFinite else { return .infinity }
    }
    var sum = 0.0
    forEachError(h) { _, error in sum += error * error }
    return (sum / Double(max(1, count))).squareRoot()
  }

  /// Every variable's scaled error of the step that was tried last.
  @inline(__always)
  private func forEachError(_ h: Double, _ body: (Int, Double) -> Void) {
    let e = Self.errors
    let (k1, k3, k4, k5, k6, k7) = (k(1), k(3), k(4), k(5), k(6), k(7))
    for i in 0..<count {
      let first = e[0] * k1[i] + e[2] * k3[i] + e[3] * k4[i]
      let error = h * (first + e[4] * k5[i] + e[5] * k6[i] + e[6] * k7[i])
      body(i, error / (absolute + relative * max(abs(y[i]), abs(trial[i]))))
    }
  }

  /// The variable for which steps are too long; before any step, the one that changes fastest.
  private func worst(_ h: Double) -> Int {
    var (place, largest) = (0, 0.0)
    func compare(_ i: Int, _ size: Double) {
      if !(abs(size) <= largest) { (place, largest) = (i, abs(size)) }
    }
    if accepted + rejected > 0 {
      forEachError(h, compare)
    } else {
      for i in 0..<count { compare(i, k(1)[i] / (absolute + relative * abs(y[i]))) }
    }
    return place
  }

  /// A first step that neither wastes evaluations nor has to be rejected often (Hairer et al., section II.4).
  private func firstStep(_ duration: Double, _ derivative: Derivative) -> Double {
    func size(_ x: UnsafePointer<Double>) -> Double {
      var sum = 0.0
      for i in 0..<count {
        let value = x[i] / (absolute + relative * abs(y[i]))
        sum += value * value
      }
      return (sum / Double(max(1, count))).squareRoot()
    }
    let (d0, d1) = (size(UnsafePointer(y)), size(UnsafePointer(k(1))))
    let h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 * duration : min(duration, 0.01 * d0 / d1)
    for i in 0..<count { trial[i] = y[i] + h0 * k(1)[i] }
    guard derivative(UnsafePointer(trial), k(2)) else { return 0.01 * h0 }
    for i in 0..<count { k(3)[i] = k(2)[i] - k(1)[i] }
    let d2 = size(UnsafePointer(k(3))) / h0
    let largest = max(d1, d2)
    let h1 = largest <= 1e-15 ? max(1e-6 * duration, 1e-3 * h0) : pow(0.01 / largest, 0.2)
    return min(duration, 100 * h0, h1)
  }
}
