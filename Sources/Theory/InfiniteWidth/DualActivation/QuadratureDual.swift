import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// Any activation, by quadrature of its Gaussian integrals between its kinks: slow and plain.
///
/// v comes from ⟨(σ₁ − σ₂)²⟩, integrated in variables that keep z₁ − z₂, so that nearly equal inputs cost no digits.
/// Where σ itself jumps by J_i at t_i, σ′ is a function g and Σ_i J_i δ(z − t_i): ⟨σ′₁σ′₂⟩ is ⟨g₁g₂⟩, and J_iJ_j times the
/// density of the pair at (t_i, t_j), and J_i times the density at t_i times the mean of g given that the other is there.
public struct QuadratureDual: DualActivation {
  public let function: ActivationFunction
  /// The activation is z ↦ function(z + shift).
  public let shift: Double
  private let kinks: [Double]
  private let jumps: [Jump]
  private var isDiscontinuous: Bool { !jumps.isEmpty }

  /// A place t where σ jumps, and by how much.
  private struct Jump {
    var place: Double
    var size: Double
  }

  public init(_ function: ActivationFunction, shift: Double = 0) {
    self.function = function
    self.shift = shift
    let own = function.kinks
    kinks = own.map { -(shift - $0.location) }
    jumps = own.filter { $0.order == 0 }.map { kink in
      Jump(
        place: -(shift - kink.location),
        size: function.derivative(0, at: kink.location.nextUp) - function.derivative(0, at: kink.location.nextDown))
    }
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
      derivative: moments[1].value + jumpDerivative(pair), errorBound: bound)
  }

  /// What the jumps add: J_iJ_j exp(−(x² + y² − 2cxy)/2(1−c²)) / (2π√(k₁₁k₂₂(1−c²))) with x = t_i/√k₁₁, y = t_j/√k₂₂, and the
  /// means of g = σ′ between the jumps.
  private func jumpDerivative(_ pair: GaussianPair) -> Double {
    let sine = pair.residualDeviation
    var sum = 0.0
    for first in jumps {
      for second in jumps {
        let (x, y) = (first.place / pair.k11.squareRoot(), second.place / pair.k22.squareRoot())
        let square = (x - y) * (x - y) + 2 * x * y * pair.oneMinusCorrelation
        let density = exp(square == 0 ? 0 : -square / (2 * sine * sine)) / (2 * .pi * pair.scale * sine)
        sum += first.size * second.size * density
      }
    }
    if case .pieces(degree: 0) = function.description.polynomialForm { return sum }
    for jump in jumps {
      sum += jump.size * meanSlope(given: jump.place, variance: pair.k11, of: pair.k22, pair)
      sum += jump.size * meanSlope(given: jump.place, variance: pair.k22, of: pair.k11, pair)
    }
    return sum
  }

  /// The density of one variable at t, times the mean of g of the other, which is then N(c t √(k′/k), k′(1 − c²)).
  private func meanSlope(given t: Double, variance k: Double, of other: Double, _ pair: GaussianPair) -> Double {
    let mean = pair.correlation * t * (other / k).squareRoot()
    let rest = other * pair.residualDeviation * pair.residualDeviation
    let slope = GaussianExpectation.one(variance: rest, components: 1, kinks: kinks.map { $0 - mean }) { z, values in
      values[0] = function.derivative(1, at: z + mean + shift)
    }[0].value
    return slope * exp(-t * t / (2 * k)) / (2 * .pi * k).squareRoot()
  }
}
