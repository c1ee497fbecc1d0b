import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// Any activation, by quadrature of its Gaussian integrals between its kinks: slow and plain.
///
/// v comes from ⟨(σ₁ − σ₂)²⟩, integrated in variables that keep z₁ − z₂, so that nearly equal inputs cost no digits.
/// Where σ itself jumps by J at t, ⟨σ′₁σ′₂⟩ is J² times the density of the pair at (t, t).
public struct QuadratureDual: DualActivation {
  public let function: ActivationFunction
  /// The activation is z ↦ function(z + shift).
  public let shift: Double
  private let kinks: [Double]
  private let isDiscontinuous: Bool

  public init(_ function: ActivationFunction, shift: Double = 0) {
    self.function = function
    self.shift = shift
    kinks = function.kinkOrder == nil ? [] : [-shift]
    isDiscontinuous = function.kinkOrder == 0
  }

  public var source: Source { .gaussianQuadrature }

  public func single(variance: Double) -> SingleMoments {
    let moments = GaussianExpectation.one(variance: variance, components: 3, kinks: kinks) { z, values in
      let value = function.derivative(0, at: z + shift)
      let slope = function.derivative(1, at: z + shift)
      values[0] = value
      values[1] = value * value
      values[2] = slope * slope
    }
    let bound =
      isDiscontinuous ? moments[1].relativeError : Swift.max(moments[1].relativeError, moments[2].relativeError)
    return SingleMoments(
      mean: moments[0].value, second: moments[1].value,
      derivativeSecond: isDiscontinuous ? .infinity : moments[2].value, errorBound: bound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let (single1, single2) = (single(variance: pair.k11), single(variance: pair.k22))
    let moments = GaussianExpectation.two(pair, components: 2, kinks: .init(both: kinks)) { z1, z2, values in
      let difference = function.derivative(0, at: z1 + shift) - function.derivative(0, at: z2 + shift)
      values[0] = difference * difference
      values[1] = function.derivative(1, at: z1 + shift) * function.derivative(1, at: z2 + shift)
    }
    let norm = single1.second.squareRoot() * single2.second.squareRoot()
    let slopes = single1.derivativeSecond.squareRoot() * single2.derivativeSecond.squareRoot()
    let v = oneMinusCorrelation(
      squaredDistance: moments[0].value, second1: single1.second, second2: single2.second)
    var bound = single1.errorBound + single2.errorBound + (norm > 0 ? moments[0].error / norm : 0)
    if !isDiscontinuous, slopes > 0 { bound += moments[1].error / slopes }
    return PairMoments(
      second1: single1.second, second2: single2.second, oneMinusCorrelation: v,
      derivative: isDiscontinuous ? jumpDerivative(pair) : moments[1].value, errorBound: bound)
  }

  /// J² exp(−(t²/k₁₁ + t²/k₂₂ − 2ct²/√(k₁₁k₂₂))/2(1−c²)) / (2π√(k₁₁k₂₂(1−c²))).
  private func jumpDerivative(_ pair: GaussianPair) -> Double {
    let jump = function.derivative(0, at: 1) - function.derivative(0, at: -1)
    let (x, y) = (shift / pair.k11.squareRoot(), shift / pair.k22.squareRoot())
    let sine = pair.residualDeviation
    let exponent = ((x - y) * (x - y) + 2 * x * y * pair.oneMinusCorrelation) / (2 * sine * sine)
    return jump * jump * exp(shift == 0 ? 0 : -exponent) / (2 * .pi * pair.scale * sine)
  }
}
