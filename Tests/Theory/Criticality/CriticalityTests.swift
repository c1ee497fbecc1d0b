import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Criticality")
struct CriticalityTests {
  @Test("GELU's critical point to 1e-12, with K* = (3 + √17)/2")
  func gelu() throws {
    let reference = try Fixtures.json("effective_theory")["criticality"]["gelu"]
    let point = try Criticality.points(of: Activation(.gelu)).choice()
    #expect(abs(point.weightVariance - (try reference["C_W"].double)) < 1e-12)
    #expect(abs(point.biasVariance - (try reference["C_b"].double)) < 1e-12)
    #expect(relativeError(point.kernel!, (3 + 17.0.squareRoot()) / 2) < 1e-12)
    #expect(point.criticalityClass == .halfStable)
    #expect(point.stability == .attractsFromAbove)
    #expect(abs(point.exponents.a2! + 1.4363e-4) < 5e-9)
    #expect(abs(point.exponents.slopeOfPerpendicular! - 9.3335e-3) < 5e-8)
    #expect(abs(point.exponents.nu - 4.9042) < 5e-5)
  }

  @Test("SiLU's critical point to 1e-12")
  func silu() throws {
    let point = try Criticality.points(of: Activation(.silu)).choice()
    #expect(abs(point.biasVariance - 0.555143170721530396) < 1e-12)
    #expect(abs(point.weightVariance - 1.98800467826949201) < 1e-12)
    #expect(abs(point.kernel! - 14.3201736180258) < 1e-9)
    #expect(point.stability == .attractsFromBelow)
    #expect(abs(point.exponents.a2! - 2.850e-6) < 5e-10)
    #expect(abs(point.exponents.slopeOfPerpendicular! - 1.7330e-3) < 5e-8)
    #expect(abs(point.exponents.nu - 4.9232) < 5e-5)
  }

  /// (activation, C_W, a₁, p_⊥) of the K* = 0 class; a₁ and b₁ from the Taylor coefficients by hand.
  static let powerLaws: [(ActivationFunction, Double, Double, Double)] = [
    (.tanh, 1, -2, 1), (.sin, 1, -1, 1), (.erf, .pi / 4, -2, 1), (.hermite(degree: 3), 1.0 / 9, -2, 1),
    // σ = z + z²/4 − z³: s₂ = 1/2, s₃ = −6.
    (.polynomial(coefficients: [0, 1, 0.25, -1]), 1, -6 + 0.1875, (-6 + 0.25) / (-6 + 0.1875)),
  ]

  @Test("The power-law class", arguments: powerLaws)
  func powerLaw(_ row: (ActivationFunction, Double, Double, Double)) throws {
    let point = try #require(Criticality.points(of: Activation(row.0)).points.first { $0.kernel == 0 })
    #expect(abs(point.weightVariance - row.1) < 1e-13)
    #expect(point.biasVariance == 0)
    #expect(point.criticalityClass == .powerLaw)
    #expect(abs(point.exponents.a1! - row.2) < 1e-12)
    #expect(abs(point.exponents.perpendicular - row.3) < 1e-12)
    #expect(abs(point.exponents.nu - 2.0 / 3) < 1e-13)
    #expect(point.stability == .stable)
  }

  @Test("Input scale a and output scale b: C_W = 1/(ab)², a₁ ∝ a²")
  func scaledPowerLaw() throws {
    for function in [ActivationFunction.tanh, .sin, .erf] {
      let plain = try Criticality.points(of: Activation(function)).choice()
      let scaled = try Criticality.points(of: Activation(function, inputScale: 0.7, outputScale: 1.6)).choice()
      #expect(relativeError(scaled.weightVariance, plain.weightVariance / (0.49 * 2.56)) < 1e-13)
      #expect(relativeError(scaled.exponents.a1!, plain.exponents.a1! * 0.49) < 1e-13)
    }
  }

  @Test("Scales carry GELU's critical point along: K* → K*/a², C_W → C_W/(ab)², C_b → C_b/a²")
  func scaledGelu() throws {
    let plain = try Criticality.points(of: Activation(.gelu)).choice()
    let scaled = try Criticality.points(of: Activation(.gelu, inputScale: 1.7, outputScale: -0.6)).choice()
    #expect(relativeError(scaled.kernel!, plain.kernel! / 2.89) < 1e-11)
    #expect(relativeError(scaled.weightVariance, plain.weightVariance / (2.89 * 0.36)) < 1e-12)
    #expect(relativeError(scaled.biasVariance, plain.biasVariance / 2.89) < 1e-11)
  }

  @Test(
    "Scale-invariant activations",
    arguments: [(1.0, 0.0, 2.0, 5.0), (1, 1, 1, 2), (1, -1, 1, 2), (1, 0.2, 2 / 1.04, 0)])
  func scaleInvariant(_ row: (Double, Double, Double, Double)) throws {
    let activation = Activation(.twoSlope(positive: row.0, negative: row.1))
    let point = try Criticality.points(of: activation).choice()
    #expect(point.criticalityClass == .scaleInvariant)
    #expect(relativeError(point.weightVariance, row.2) < 1e-14)
    #expect(point.biasVariance == 0 && point.kernel == nil)
    if row.3 > 0 { #expect(relativeError(point.exponents.nu, row.3) < 1e-14) }
  }

  @Test("ELU is a class of its own: K → 2π/ℓ², χ_⊥ → 1 − 2/ℓ, χ_∥ → 1 − 3/ℓ")
  func elu() throws {
    let point = try Criticality.points(of: Activation(.elu(alpha: 1))).choice()
    #expect(point.criticalityClass == .kinkedCurvature)
    #expect(point.weightVariance == 1 && point.biasVariance == 0)
    #expect(relativeError(4 / pow(point.exponents.beta!, 2), 2 * .pi) < 1e-14)
    var kernel = 1e-3
    // The map is autonomous, so that ℓ is fixed up to a shift: compare 2π/K under one step, d√(2π/K)/dℓ = 1.
    for _ in 0..<2000 { kernel = point.map(kernel) }
    let l = (2 * Double.pi / kernel).squareRoot()
    let advance = (2 * Double.pi / point.map(kernel)).squareRoot() - l
    #expect(abs(advance - 1) < 5e-3)
    let susceptibility = Susceptibility(ActivationMoments(point.activation, kernel: kernel), weightVariance: 1)
    #expect(abs((1 - susceptibility.perpendicular) * l - 2) < 1e-2)
    #expect(abs((1 - susceptibility.parallel) * l - 3) < 2e-2)
  }

  @Test("He₂ has K* = 1, C_W = 1/4, C_b = 1/2, repelling from above")
  func hermite2() throws {
    let analysis = Criticality.points(of: Activation(.hermite(degree: 2)))
    let point = try analysis.choice()
    #expect(analysis.points.count == 1)
    #expect(abs(point.kernel! - 1) < 1e-12)
    #expect(abs(point.weightVariance - 0.25) < 1e-13)
    #expect(abs(point.biasVariance - 0.5) < 1e-13)
    #expect(point.stability == .attractsFromBelow)
  }

  @Test("He₃ has two critical points; the one that attracts from both sides is taken")
  func hermite3() throws {
    let analysis = Criticality.points(of: Activation(.hermite(degree: 3)))
    try #require(analysis.points.count == 2)
    #expect(analysis.points[0].kernel == 0)
    let other = analysis.points[1]
    #expect(abs(other.kernel! - 1) < 1e-12)
    #expect(abs(other.weightVariance - 1.0 / 18) < 1e-13)
    #expect(abs(other.biasVariance - 2.0 / 3) < 1e-12)
    #expect(try analysis.choice().kernel == 0)
  }

  /// Activations without a critical point, and a word of the reason.
  static let without: [(Activation, String)] = [
    (Activation(.softplus), "positive"), (Activation(.sigmoid), "negative"), (Activation(.cos), "negative"),
    (Activation(.exp), "positive"), (Activation(.gaussian), "negative"), (Activation(.monomial(degree: 2)), "positive"),
    (Activation(.monomial(degree: 3)), "positive"), (Activation(.reluSquared), "positive"),
    (Activation(.step), "jumps"), (Activation(.sign), "jumps"), (Activation(.monomial(degree: 0)), "constant"),
    (Activation(.softplus, outputShift: -log(2)), "repels"),
    (Activation(.polynomial(coefficients: [0, 1, 0.25])), "repels"),
  ]

  @Test("No critical point, and why", arguments: without)
  func none(_ row: (Activation, String)) {
    let analysis = Criticality.points(of: row.0)
    #expect(analysis.obstruction?.description.contains(row.1) == true, "\(row.0.function): \(analysis)")
    #expect(throws: NoCriticalPoint.self) { try analysis.choice() }
  }

  @Test("log(1 + e^z) − log 2 has C_W = 4 and a₁ = 3/16 at K* = 0, and repels")
  func shiftedSoftplus() throws {
    let analysis = Criticality.points(of: Activation(.softplus, outputShift: -log(2)))
    let point = try #require(analysis.points.first)
    #expect(abs(point.weightVariance - 4) < 1e-12)
    #expect(abs(point.exponents.a1! - 3.0 / 16) < 1e-12)
    #expect(!point.isUsable)
  }

  @Test("The first layer makes K^(1) = K* for an isolated critical point, else keeps C_W")
  func firstLayer() throws {
    let gelu = try Criticality.points(of: Activation(.gelu)).choice()
    for q in [0.01, 0.2044, 1, 30] {
      let layers = gelu.layers(count: 5, meanSquaredInput: q)
      #expect(relativeError(layers[0].biasVariance + layers[0].weightVariance * q, gelu.kernel!) < 1e-14)
      #expect(layers[0].biasVariance == gelu.biasVariance)
      #expect(layers[1...].allSatisfy { $0.weightVariance == gelu.weightVariance })
    }
    #expect(gelu.layers(count: 2, meanSquaredInput: 0)[0].biasVariance == gelu.kernel!)
    let tanh = try Criticality.points(of: Activation(.tanh)).choice()
    #expect(tanh.layers(count: 3, meanSquaredInput: 0.2).allSatisfy { $0.weightVariance == 1 })
  }

  @Test("Learning rates with depth: 1/L in the scale-invariant class, λ_b/ℓ and λ_W for odd σ")
  func learningRates() throws {
    let relu = LearningRateScaling(try Criticality.points(of: Activation(.relu)).choice())
    let tanh = LearningRateScaling(try Criticality.points(of: Activation(.tanh)).choice())
    for layer in 1...20 {
      let (bias, weight) = relu.factors(layer: layer, of: 20)
      #expect(abs(bias - 0.05) < 1e-15 && abs(weight - 0.05) < 1e-15)
      let odd = tanh.factors(layer: layer, of: 20)
      #expect(abs(odd.bias - 1 / Double(layer)) < 1e-14 && abs(odd.weight - 1) < 1e-14)
    }
  }
}
