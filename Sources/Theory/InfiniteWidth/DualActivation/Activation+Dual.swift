import Foundation
import OrreryNetworks

extension Activation {
  /// The dual of this activation: its closed form where there is one, otherwise a Hermite series or quadrature.
  public var dual: any DualActivation {
    let base: any DualActivation
    if inputScale == 0 {
      base = PolynomialDual(coefficients: [function.derivative(0, at: inputShift)])
    } else {
      base = function.dual(shift: inputShift)
    }
    if inputScale == 1, outputScale == 1, outputShift == 0 { return base }
    return ScaledDual(base, inputScale: inputScale, outputScale: outputScale, outputShift: outputShift)
  }

  /// True when σ jumps, so that ⟨σ′²⟩ and with it the diagonal of the NTK is infinite.
  package var isDiscontinuous: Bool { inputScale != 0 && outputScale != 0 && function.kinkOrder == 0 }
}

extension ActivationFunction {
  /// The dual of z ↦ f(z + shift).
  package func dual(shift: Double) -> any DualActivation {
    if let coefficients = polynomialCoefficients {
      return PolynomialDual(
        coefficients: shift == 0 ? coefficients : PolynomialDual.shifted(coefficients, by: shift))
    }
    switch self {
    case .sin: return SineDual(phase: shift)
    case .cos: return SineDual(phase: .pi / 2 + shift)
    case .exp: return shift == 0 ? ExponentialDual() : ScaledDual(ExponentialDual(), outputScale: Foundation.exp(shift))
    default: break
    }
    if shift == 0, let dual = closedForm { return dual }
    if kinkOrder != nil { return QuadratureDual(self, shift: shift) }
    return HermiteDual(self, shift: shift)
  }

  private var closedForm: (any DualActivation)? {
    if let slopes = twoSlopes { return TwoSlopeDual(positive: slopes.positive, negative: slopes.negative) }
    switch self {
    case .step: return StepDual(isSign: false)
    case .sign: return StepDual(isSign: true)
    case .reluSquared: return ReLUSquaredDual()
    case .erf: return ErfDual()
    case .gelu: return GELUDual()
    case .gaussian: return GaussianDual()
    default: return nil
    }
  }

  /// The coefficients c_p of Σ c_p z^p, for the functions that are polynomials and not homogeneous of degree 1.
  package var polynomialCoefficients: [Double]? {
    switch self {
    case .linear: [0, 1]
    case .monomial(let degree): [Double](repeating: 0, count: degree) + [1]
    case .hermite(let degree): PolynomialDual.hermitePolynomial(degree)
    case .polynomial(let coefficients): coefficients
    default: nil
    }
  }
}
