import OrreryNetworks

extension ActivationMoments {
  /// σ(z) = positive·z for z > 0, negative·z otherwise: with A_p = (positive^p + negative^p)/2, m = A₂K, ⟨σ⁴⟩ = 3A₄K²,
  /// ⟨σ⁶⟩ = 15A₆K³, exactly.
  init(positive: Double, negative: Double, kernel: Double) {
    self.init(unset: kernel)
    let (p, q) = (positive * positive, negative * negative)
    let (a2, a4, a6) = ((p + q) / 2, (p * p + q * q) / 2, (p * p * p + q * q * q) / 2)
    mean = (positive - negative) * (kernel / (2 * Double.pi)).squareRoot()
    secondMoment = a2 * kernel
    fourthMoment = 3 * a4 * kernel * kernel
    sixthMoment = 15 * a6 * kernel * kernel * kernel
    squaredSlope = a2
    fourthPowerOfSlope = a4
    slopeOfSecondMoment = a2
    let c = 3 * a4 - a2 * a2
    varianceOfSquare = c * kernel * kernel
    slopeOfVarianceOfSquare = 2 * c * kernel
    scaledCurvatureOfVarianceOfSquare = 2 * c * kernel * kernel
    thirdCumulantOfSquare = (15 * a6 - 9 * a4 * a2 + 2 * a2 * a2 * a2) * kernel * kernel * kernel
    relativeError = 4 * Double.ulpOfOne
  }

  /// The limit K → 0 of a general activation, from the Taylor coefficients on both sides of 0.
  ///
  /// A jump term [X] N(0; 0, K) diverges unless [X] = 0, and is then absent.
  init(atZeroOf activation: Activation) {
    self.init(unset: 0)
    let (left, right) = activation.sidesOfZero
    func average(_ f: (OneSidedValues) -> Double) -> Double { (f(left) + f(right)) / 2 }
    func density(_ f: (OneSidedValues) -> Double) -> Double {
      let jump = f(right) - f(left)
      return jump == 0 ? 0 : jump * .infinity
    }
    mean = average { $0.value }
    secondMoment = average { $0.value * $0.value }
    fourthMoment = average { $0.value * $0.value * $0.value * $0.value }
    sixthMoment = average { $0.value * $0.value * $0.value * $0.value * $0.value * $0.value }
    squaredSlope = left.value == right.value ? average { $0.d1 * $0.d1 } : .infinity
    fourthPowerOfSlope = left.value == right.value ? average { $0.d1 * $0.d1 * $0.d1 * $0.d1 } : .infinity
    slopeOfSecondMoment = average { $0.d1 * $0.d1 + $0.value * $0.d2 } + density { $0.value * $0.d1 }
    curvature = slopeOfSecondMoment - squaredSlope
    slopeOfSquaredSlope = average { $0.d2 * $0.d2 + $0.d1 * $0.d3 } + density { $0.d1 * $0.d2 }
    // ¼⟨∂⁴σ²⟩ = ½σσ⁗ + 2σ′σ‴ + 3/2 σ″²; the first term only where σ(0) ≠ 0.
    let fourth = activation.vanishesAtZero ? 0 : average { $0.value } * activation.fourthDerivativeAtZero / 2
    curvatureOfSecondMoment = fourth + average { 2 * $0.d1 * $0.d3 + 1.5 * $0.d2 * $0.d2 } + density { $0.d1 * $0.d2 }
    let slopeOfFourthMoment =
      average { 6 * $0.value * $0.value * $0.d1 * $0.d1 + 2 * $0.value * $0.value * $0.value * $0.d2 }
      + density { $0.value * $0.value * $0.value * $0.d1 }
    varianceOfSquare = fourthMoment - secondMoment * secondMoment
    slopeOfVarianceOfSquare = slopeOfFourthMoment - 2 * secondMoment * slopeOfSecondMoment
    thirdCumulantOfSquare = sixthMoment - secondMoment * (3 * fourthMoment - 2 * secondMoment * secondMoment)
    relativeError = 4 * Double.ulpOfOne
  }
}

extension Activation {
  /// σ⁗(0), by a central difference of σ‴ with error O(h⁴); for smooth activations.
  fileprivate var fourthDerivativeAtZero: Double {
    let h = 1e-3 / max(abs(inputScale), 1e-300)
    func odd(_ step: Double) -> Double { derivative(3, at: step) - derivative(3, at: -step) }
    return (8 * odd(h) - odd(2 * h)) / (12 * h)
  }
}
