import OrreryNetworks

/// An activation function whose Gaussian integrals are known in closed form.
///
/// Optional knowledge: polynomials and functions of two slopes are found by these properties, and without a closed form the
/// integrals of a smooth function are a Hermite series, those of one with kinks quadrature.
public protocol ClosedFormDual: ActivationDescription {
  /// The dual of z ↦ f(z + shift); nil where the closed form does not reach.
  func dual(shift: Double) -> (any DualActivation)?
}

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
  package var isDiscontinuous: Bool { inputScale != 0 && outputScale != 0 && function.kinks.contains { $0.order == 0 } }
}

extension ActivationFunction {
  /// The dual of z ↦ f(z + shift).
  package func dual(shift: Double) -> any DualActivation {
    if let known = description as? any ClosedFormDual, let dual = known.dual(shift: shift) { return dual }
    if let coefficients = polynomialCoefficients {
      return PolynomialDual(
        coefficients: shift == 0 ? coefficients : PolynomialDual.shifted(coefficients, by: shift))
    }
    if shift == 0, let slopes = twoSlopes {
      return TwoSlopeDual(positive: slopes.positive, negative: slopes.negative)
    }
    return kinks.isEmpty ? HermiteDual(self, shift: shift) : QuadratureDual(self, shift: shift)
  }
}
