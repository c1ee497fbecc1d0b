import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

/// Closed forms, series and quadrature beside each other, and the identities that hold for every dual.
@Suite struct DualActivationTests {
  static let pairs: [GaussianPair] = [
    GaussianPair(k11: 1.3, k22: 0.8, k12: 0.55), GaussianPair(k11: 0.3, k22: 2.1, k12: -0.4),
    GaussianPair(k11: 1.1, k22: 1.1, oneMinusCorrelation: 1e-4), GaussianPair(k11: 0.7, k22: 0.9, k12: 0),
  ]

  /// Every activation, shifted and scaled, beside two-dimensional quadrature of its own values.
  @Test(arguments: ActivationCases.all) func agreesWithQuadrature(activation: Activation) {
    let kinks = activation.kinks.map(\.location)
    for pair in Self.pairs {
      let moments = activation.dual.pair(pair)
      let expected = GaussianExpectation.two(pair, components: 2, kinks: .init(both: kinks)) { z1, z2, values in
        values[0] = activation(z1) * activation(z2)
        values[1] = activation.derivative(1, at: z1) * activation.derivative(1, at: z2)
      }
      let scale = (moments.second1 * moments.second2).squareRoot()
      #expect((moments.product - expected[0].value).magnitude < 1e-11 * scale + 2 * expected[0].error)
      if !activation.isDiscontinuous {
        let slope = activation.dual.single(variance: max(pair.k11, pair.k22)).derivativeSecond
        #expect((moments.derivative - expected[1].value).magnitude < 1e-11 * slope + 2 * expected[1].error)
      }
    }
  }

  /// ⟨σ′₁σ′₂⟩ of a function with a slope and a jump is the slope of ⟨σ₁σ₂⟩ in k₁₂ (Price's theorem), by differences.
  @Test func jumpsBesideSlopes() {
    checkActivation(Activation(.clippedLine()))
    checkActivation(Activation(.clippedLine(jump: 0.4), inputScale: 1.3, inputShift: 0.2, outputScale: -2))
    let dual = Activation(.clippedLine(jump: 0.4), inputShift: 0.1).dual
    for pair in Self.pairs where pair.oneMinusCorrelation > 0.1 {
      let k12 = pair.scale * pair.correlation
      let slope = finiteDifference(at: k12, step: 0.05) {
        dual.pair(GaussianPair(k11: pair.k11, k22: pair.k22, k12: $0)).product
      }
      #expect(abs(dual.pair(pair).derivative - slope.value) < 1e-7 + 10 * slope.error)
    }
  }

  /// At a large kernel GELU is ReLU: all but a layer of |z| ~ 1, which is a share K^(−3/2) of ⟨σ²⟩. Nothing cancels there.
  @Test(arguments: [1e4, 1e8, 1e14, 1e26, 1e60, 1e120]) func largeGELUKernelsAreThoseOfReLU(kernel: Double) {
    let (gelu, relu) = (Activation(.gelu).dual, Activation(.relu).dual)
    let tolerance = 2 * pow(kernel, -1.5) + 1e-14
    #expect(relativeError(gelu.single(variance: kernel).second, kernel / 2) < tolerance)
    for u in [0, 1e-6, 0.3, 1, 1.7] {
      let pair = GaussianPair(k11: kernel, k22: 3 * kernel, oneMinusCorrelation: u)
      let (smooth, sharp) = (gelu.pair(pair), relu.pair(pair))
      // The angle between inputs counts against the layer's width, 1/√K.
      #expect(abs(smooth.oneMinusCorrelation - sharp.oneMinusCorrelation) < 3 / kernel + 1e-13, "u = \(u)")
      #expect(abs(smooth.derivative - sharp.derivative) < 2 / kernel.squareRoot() + 1e-13)
    }
  }

  /// Hermite series of functions that have a closed form.
  @Test func seriesAgreesWithClosedForm() {
    for function in [ActivationFunction.erf, .gelu, .gaussian] {
      for pair in Self.pairs + [GaussianPair(k11: 2, k22: 2.001, oneMinusCorrelation: 1e-9)] {
        let (series, closed) = (HermiteDual(function).pair(pair), Activation(function).dual.pair(pair))
        #expect(relativeError(series.product, closed.product) < 1e-12)
        #expect(relativeError(series.derivative, closed.derivative) < 1e-12)
        // Norms that differ by more than 3e-4 leave 1 − ⟨σ₁σ₂⟩/√(⟨σ₁²⟩⟨σ₂²⟩) to subtraction: two roundings of 1, 1e-7 of it.
        let difference = abs(series.oneMinusCorrelation - closed.oneMinusCorrelation)
        #expect(difference < 1e-7 * closed.oneMinusCorrelation + 2 * .ulpOfOne)
      }
    }
  }

  /// ⟨σ′₁σ′₂⟩ = ∂⟨σ₁σ₂⟩/∂k₁₂ (Price), by central differences of fourth order.
  @Test(arguments: ActivationCases.all) func derivativeKernelIsDerivative(activation: Activation) {
    let dual = activation.dual
    let (k11, k22, k12, h) = (1.2, 0.9, 0.3, 2e-3)
    func product(_ x: Double) -> Double { dual.pair(GaussianPair(k11: k11, k22: k22, k12: x)).product }
    let difference =
      (8 * (product(k12 + h) - product(k12 - h)) - (product(k12 + 2 * h) - product(k12 - 2 * h))) / (12 * h)
    let moments = dual.pair(GaussianPair(k11: k11, k22: k22, k12: k12))
    let scale = (moments.second1 * moments.second2).squareRoot()
    // Truncation h⁴/30 S⁗ and the values' own errors over h.
    let exponential = activation.function == .exp ? 1.0 : 0
    #expect((moments.derivative - difference).magnitude < (1e-9 + 1e-8 * exponential) * max(1, scale))
  }

  /// At c = 1 a pair is a single input, and c → 1 approaches it.
  @Test(arguments: ActivationCases.all) func coincidentPairIsSingle(activation: Activation) {
    let dual = activation.dual
    for variance in [0.2, 1.5] {
      let single = dual.single(variance: variance)
      let pair = dual.pair(GaussianPair(k11: variance, k22: variance, oneMinusCorrelation: 0))
      #expect(pair.oneMinusCorrelation < 1e-15)
      #expect(relativeError(pair.product, single.second) < 1e-11)
      if !activation.isDiscontinuous { #expect(relativeError(pair.derivative, single.derivativeSecond) < 1e-10) }
    }
  }

  /// ½⟨(σ₁ − σ₂)²⟩ of close inputs keeps its relative accuracy: beside the integral of the square itself.
  @Test(arguments: ActivationCases.functions) func closePairsKeepDigits(function: ActivationFunction) {
    let activation = Activation(function)
    let kinks = activation.kinks.map(\.location)
    for (k22, u) in [(1.0, 1e-6), (1.0 + 1e-7, 1e-13), (1.001, 1e-8)] {
      let pair = GaussianPair(k11: 1, k22: k22, oneMinusCorrelation: u)
      let moments = activation.dual.pair(pair)
      let squared = GaussianExpectation.two(pair, kinks: .init(both: kinks)) { z1, z2 in
        let difference = activation(z1) - activation(z2)
        return difference * difference
      }
      let norms = moments.second1.squareRoot() - moments.second2.squareRoot()
      let found = norms * norms + 2 * (moments.second1 * moments.second2).squareRoot() * moments.oneMinusCorrelation
      // σ(z₁) − σ(z₂) is itself a rounded difference: 2⁻⁵² against √(2u).
      let rounding = 1e-15 / (2 * u).squareRoot()
      #expect(
        relativeError(found, squared.value) < 1e-7 + 10 * rounding + 2 * squared.relativeError, "\(function) \(u)")
    }
  }

  @Test func isSymmetric() {
    for activation in ActivationCases.all {
      let (a, b) = (
        activation.dual.pair(GaussianPair(k11: 1.3, k22: 0.6, oneMinusCorrelation: 0.3)),
        activation.dual.pair(GaussianPair(k11: 0.6, k22: 1.3, oneMinusCorrelation: 0.3))
      )
      #expect((a.product - b.product).magnitude < 1e-12 * (a.second1 * a.second2).squareRoot())
      #expect(relativeError(a.derivative, b.derivative) < 1e-9)
    }
  }
}
