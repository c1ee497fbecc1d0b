import Foundation
import OrreryAnalysis
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Two-slope pair functions")
struct TwoSlopePairFunctionsTests {
  static let pairs = [
    GaussianPair(k11: 1.3, k22: 0.8, oneMinusCorrelation: 0.5),
    GaussianPair(k11: 0.7, k22: 2, oneMinusCorrelation: 1.7),
    GaussianPair(k11: 1, k22: 1, oneMinusCorrelation: 1), GaussianPair(k11: 2, k22: 0.1, oneMinusCorrelation: 0.02),
  ]

  private func functions(_ activation: TwoSlope) throws -> TwoSlopePairFunctions {
    try TwoSlopePairFunctions(positive: activation.positive, negative: activation.negative)
  }

  @Test("Values are expectations over two variables, derivatives their weighted expectations", arguments: pairs)
  func values(_ pair: GaussianPair) throws {
    for activation in TwoSlope.all {
      let functions = try functions(activation)
      let determinant = pair.k11 * pair.k22 * pair.oneMinusCorrelation * pair.onePlusCorrelation
      let exact = GaussianExpectation.two(pair, components: 4, kinks: .init(both: [0])) { z1, z2, results in
        results[0] = activation.value(z1) * activation.value(z2)
        results[1] = activation.slope(z1) * activation.slope(z2)
        results[2] = activation.value(z1) * activation.slope(z2)
        // Stein: ⟨∂₂f⟩ = ⟨f (K⁻¹z)₂⟩.
        results[3] = results[2] * (pair.k11 * z2 - pair.k12 * z1) / determinant
      }
      let mixed = functions.mixed(pair)
      let found = [
        functions.activations(pair).value, functions.derivatives(pair).value, mixed.value, mixed.second,
      ]
      for (value, estimate) in zip(found, exact) {
        #expect(abs(value - estimate.value) <= 1e-12 + 2 * estimate.error)
      }
      #expect(mixed.first == functions.derivatives(pair).value)
      let dual = TwoSlopeDual(positive: activation.positive, negative: activation.negative).pair(pair)
      #expect(abs(dual.derivative - found[1]) <= 1e-15)
    }
  }

  @Test("Gradients and second derivatives are those of the values", arguments: pairs)
  func derivatives(_ pair: GaussianPair) throws {
    let functions = try functions(.leaky)
    let point = [pair.k11, pair.k12, pair.k22]
    let step = 0.2 * min(pair.oneMinusCorrelation, pair.onePlusCorrelation) * min(pair.k11, pair.k22)
    func at(_ k: [Double]) -> GaussianPair { GaussianPair(k11: k[0], k22: k[2], k12: k[1]) }
    for function in [functions.activations(_:), functions.derivatives(_:)] as [(GaussianPair) -> PairExpansion] {
      let here = function(pair)
      let (g, h) = (here.gradient, here.hessian)
      checkGradientMatchesFiniteDifference(at: point, gradient: [g.d11, g.d12, g.d22], step: step) {
        function(at($0)).value
      }
      checkGradientMatchesFiniteDifference(at: point, gradient: [h.d1111, h.d1112, h.d1122], step: step) {
        function(at($0)).gradient.d11
      }
      checkGradientMatchesFiniteDifference(at: point, gradient: [h.d1112, h.d1212, h.d1222], step: step) {
        function(at($0)).gradient.d12
      }
      checkGradientMatchesFiniteDifference(at: point, gradient: [h.d1122, h.d1222, h.d2222], step: step) {
        function(at($0)).gradient.d22
      }
    }
    // ⟨σ₁σ″₂⟩ = 2∂S/∂k₂₂, and ⟨σ″₁σ″₂⟩ = ∂²S/∂k₁₂² = 4∂²S/∂k₁₁∂k₂₂.
    let second = functions.activations(pair)
    #expect(relativeError(functions.mixed(pair).second, 2 * second.gradient.d22) < 1e-14)
    #expect(relativeError(second.hessian.d1212, 4 * second.hessian.d1122) < 1e-14)
  }

  @Test(
    "Close pairs: Euler's relations of homogeneous functions hold to rounding", arguments: [1e-3, 1e-6, 1e-9, 1e-12])
  func closePairs(_ gap: Double) throws {
    let functions = try functions(.relu)
    for pair in [
      GaussianPair(k11: 1.1, k22: 0.9, oneMinusCorrelation: gap),
      GaussianPair(k11: 1.1, k22: 0.9, onePlusCorrelation: gap),
    ] {
      let (s, d) = (functions.activations(pair), functions.derivatives(pair))
      let k = (pair.k11, pair.k12, pair.k22)
      let euler = k.0 * s.gradient.d11 + k.1 * s.gradient.d12 + k.2 * s.gradient.d22
      #expect(abs(euler - s.value) <= 1e-15)
      // S′ is homogeneous of degree 0; its terms are of the order 1/√(1 − |c|).
      let zero = k.0 * d.gradient.d11 + k.1 * d.gradient.d12 + k.2 * d.gradient.d22
      #expect(abs(zero) <= 1e-15 * abs(k.1 * d.gradient.d12))
      // 1 − 2φ/π = (2/π)√(2(1 − c)) (1 + (1 − c)/12 + …).
      let expected = (2 * gap).squareRoot() / (2 * .pi) * (1 + gap / 12)
      let difference = pair.oneMinusCorrelation < 1 ? 0.5 - d.value : d.value
      #expect(abs(difference - expected) <= 1e-15 + gap * gap)
    }
  }

  @Test("Perfect correlations, one input with itself, and inputs of variance 0")
  func degenerate() throws {
    let functions = try functions(.leaky)
    let square = 0.5 * (1 + 0.04)
    let double = GaussianPair(k11: 1.5, k22: 6, oneMinusCorrelation: 0)
    let s = functions.activations(double)
    #expect(relativeError(s.value, square * 3) < 1e-15)
    #expect(relativeError(s.gradient.d12, square) < 1e-15)
    #expect(s.gradient.d11 == 0 && s.gradient.d22 == 0)
    #expect(s.hessian.d1111 == 0 && s.hessian.d1212 == 0 && s.hessian.d1122 == 0)
    #expect(functions.derivatives(double).gradient == (0, 0, 0))
    #expect(functions.mixed(double).second == 0)
    let opposite = functions.activations(GaussianPair(k11: 1.5, k22: 6, onePlusCorrelation: 0))
    // ⟨σ(z)σ(−2z)⟩ = −2·1.5·a₊a₋.
    #expect(abs(opposite.value + 3 * 0.2) < 1e-15)
    #expect(relativeError(opposite.gradient.d12, 0.2) < 1e-14)

    #expect(relativeError(functions.activations(variance: 1.5).value, square * 1.5) < 1e-15)
    #expect(functions.activations(variance: 1.5).gradient.d11 == functions.meanSquareSlope)
    #expect(functions.derivatives(variance: 1.5).gradient.d11 == 0)
    let mixed = GaussianExpectation.one(variance: 1.5, kinks: [0]) {
      TwoSlope.leaky.value($0) * TwoSlope.leaky.slope($0)
    }
    #expect(abs(functions.mixed(variance: 1.5).value - mixed.value) <= 1e-13)
    #expect(functions.mixed(variance: 1.5).derivative == functions.meanSquareSlope)

    let zero = functions.activations(GaussianPair(k11: 0, k22: 2, oneMinusCorrelation: 1))
    #expect(zero.value == 0)
    #expect(zero.gradient.d11 == 0 && zero.gradient.d12.isFinite && zero.gradient.d22 == 0)
    #expect(functions.mixed(GaussianPair(k11: 2, k22: 0, oneMinusCorrelation: 1)).second == 0)
  }
}
