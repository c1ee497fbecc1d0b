import CElementwise
import Foundation
import OrreryNetworks

/// How an activation's dual is evaluated for many pairs at once.
enum FusedActivation: Sendable {
  /// One of the closed forms in C.
  case closedForm(ClosedForm)
  /// A Hermite series; an odd activation has every other coefficient only.
  case series(isOdd: Bool)
  /// Pair by pair through ``DualActivation``.
  case plain

  struct ClosedForm: Sendable {
    /// The C kernel, `ORRERY_DUAL_…`.
    let function: Int
    /// κ, J/π, cos 2φ.
    let parameter: Double
    /// Multiplies ⟨f′f′⟩: A₂ of two slopes.
    let slope: Double
    /// Whether 1 − c keeps its relative accuracy from layer to layer: activations with a kink.
    let isRelative: Bool
    /// Features 4 … of a sample whose preactivation, input scale included, has variance q.
    let features: @Sendable (_ q: Double) -> [Double]
  }

  init(_ activation: Activation) {
    let function = activation.function
    guard activation.inputScale != 0, activation.outputScale != 0 else {
      self = .plain
      return
    }
    if function.polynomialCoefficients != nil {
      // Linear is a two-slope function too, and stays exact.
      if case .linear = function, activation.inputShift == 0, activation.outputShift == 0 {
        self = .closedForm(Self.twoSlope(1, 1))
      } else {
        self = .series(isOdd: false)
      }
      return
    }
    let shift = activation.inputShift
    let form = activation.outputShift == 0 ? Self.closedForm(function, shift) : nil
    if let form {
      self = .closedForm(form)
    } else if function.kinkOrder != nil {
      self = .plain
    } else {
      self = .series(isOdd: function == .tanh && shift == 0 && activation.outputShift == 0)
    }
  }

  private static func closedForm(_ function: ActivationFunction, _ shift: Double) -> ClosedForm? {
    switch function {
    case .sin: return sine(shift)
    case .cos: return sine(.pi / 2 + shift)
    case _ where shift != 0: return nil
    case .exp: return smooth(ORRERY_DUAL_EXPONENTIAL) { [$0.squareRoot(), $0] }
    case .gaussian: return smooth(ORRERY_DUAL_GAUSSIAN) { [$0.squareRoot(), $0] }
    case .erf:
      return smooth(ORRERY_DUAL_ERF) { q in
        let p = 1 / (1 + 2 * q)
        return [(2 * q * p).squareRoot(), p, p.squareRoot()]
      }
    case .gelu:
      return smooth(ORRERY_DUAL_GELU) { q in
        let p = 1 / (1 + q)
        return [(q * p).squareRoot(), p, (1 + q).squareRoot()]
      }
    case .step, .sign:
      return ClosedForm(
        function: Int(ORRERY_DUAL_STEP.rawValue), parameter: (function == .sign ? 2 : 1) / .pi, slope: 0,
        isRelative: true, features: { _ in [] })
    case .reluSquared:
      return ClosedForm(
        function: Int(ORRERY_DUAL_RELU_SQUARED.rawValue), parameter: 0, slope: 1, isRelative: true,
        features: { [$0.squareRoot()] })
    default:
      return function.twoSlopes.map { twoSlope($0.positive, $0.negative) }
    }
  }

  private static func twoSlope(_ positive: Double, _ negative: Double) -> ClosedForm {
    let dual = TwoSlopeDual(positive: positive, negative: negative)
    return ClosedForm(
      function: Int(ORRERY_DUAL_TWO_SLOPE.rawValue), parameter: dual.kinkStrength, slope: dual.meanSquareSlope,
      isRelative: true, features: { _ in [] })
  }

  private static func sine(_ phase: Double) -> ClosedForm {
    ClosedForm(
      function: Int(ORRERY_DUAL_SINE.rawValue), parameter: SineDual(phase: phase).doubled, slope: 1,
      isRelative: false, features: { [$0.squareRoot(), $0] })
  }

  private static func smooth(
    _ function: orrery_dual, _ features: @escaping @Sendable (Double) -> [Double]
  ) -> ClosedForm {
    ClosedForm(
      function: Int(function.rawValue), parameter: 0, slope: 1, isRelative: false, features: features)
  }
}
