import CElementwise
import Foundation
import OrreryNetworks

/// How an activation's dual is evaluated for many pairs at once.
enum FusedActivation: Sendable {
  /// One of the closed forms in C.
  case closedForm(ClosedForm)
  /// A Hermite series; an odd activation that is no polynomial has every other coefficient only.
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
    let isUnshifted = activation.inputShift == 0 && activation.outputShift == 0
    let dual = function.dual(shift: activation.inputShift)
    if activation.outputShift == 0, let known = dual as? any FusedDual {
      self = .closedForm(known.fusedForm)
    } else if isUnshifted, let slopes = function.twoSlopes {
      // A line is a polynomial and a two-slope function too, and stays exact as the latter.
      self = .closedForm(TwoSlopeDual(positive: slopes.positive, negative: slopes.negative).fusedForm)
    } else if function.kinks.isEmpty {
      let isOdd = isUnshifted && function.description.symmetry == .odd(about: 0)
      self = .series(isOdd: isOdd && !(dual is PolynomialDual))
    } else {
      self = .plain
    }
  }
}

/// A dual that one of the C kernels evaluates for many pairs at once.
protocol FusedDual: DualActivation {
  var fusedForm: FusedActivation.ClosedForm { get }
}

extension FusedActivation.ClosedForm {
  /// A smooth closed form without parameters.
  fileprivate static func smooth(
    _ function: orrery_dual, parameter: Double = 0, _ features: @escaping @Sendable (Double) -> [Double]
  ) -> Self {
    Self(function: Int(function.rawValue), parameter: parameter, slope: 1, isRelative: false, features: features)
  }
}

extension TwoSlopeDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm {
    .init(
      function: Int(ORRERY_DUAL_TWO_SLOPE.rawValue), parameter: kinkStrength, slope: meanSquareSlope,
      isRelative: true, features: { _ in [] })
  }
}

extension StepDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm {
    .init(
      function: Int(ORRERY_DUAL_STEP.rawValue), parameter: (isSign ? 2 : 1) / .pi, slope: 0, isRelative: true,
      features: { _ in [] })
  }
}

extension ReLUSquaredDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm {
    .init(
      function: Int(ORRERY_DUAL_RELU_SQUARED.rawValue), parameter: 0, slope: 1, isRelative: true,
      features: { [$0.squareRoot()] })
  }
}

extension SineDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm {
    .smooth(ORRERY_DUAL_SINE, parameter: doubled) { [$0.squareRoot(), $0] }
  }
}

extension ExponentialDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm { .smooth(ORRERY_DUAL_EXPONENTIAL) { [$0.squareRoot(), $0] } }
}

extension GaussianDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm { .smooth(ORRERY_DUAL_GAUSSIAN) { [$0.squareRoot(), $0] } }
}

extension ErfDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm {
    .smooth(ORRERY_DUAL_ERF) { q in
      let p = 1 / (1 + 2 * q)
      return [(2 * q * p).squareRoot(), p, p.squareRoot()]
    }
  }
}

extension GELUDual: FusedDual {
  var fusedForm: FusedActivation.ClosedForm {
    .smooth(ORRERY_DUAL_GELU) { q in
      let p = 1 / (1 + q)
      return [(q * p).squareRoot(), p, (1 + q).squareRoot()]
    }
  }
}
