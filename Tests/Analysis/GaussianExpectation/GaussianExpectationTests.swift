import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

/// One variable: exact expectations, numbers from forty-digit arithmetic, and honesty of the errors.
@Suite struct GaussianExpectationTests {
  private static let variances = [1e-12, 1e-6, 1e-3, 0.1, 1, 3, 25, 1e4, 1e6]

  /// An expectation with a closed form as a function of the variance.
  struct ExactCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kinks: [Double] = []
    var largestVariance = Double.infinity
    var function: @Sendable (Double) -> Double
    var expectation: @Sendable (Double) -> Double
  }

  private static let exact: [ExactCase] = [
    ExactCase(testDescription: "1", function: { _ in 1 }, expectation: { _ in 1 }),
    ExactCase(testDescription: "z²", function: { $0 * $0 }, expectation: { $0 }),
    ExactCase(testDescription: "z⁸", function: { pow($0, 8) }, expectation: { 105 * pow($0, 4) }),
    ExactCase(
      testDescription: "z⁴⁰", function: { pow($0, 40) },
      expectation: { pow($0, 20) * stride(from: 1.0, through: 39, by: 2).reduce(1, *) }),
    ExactCase(testDescription: "e^z", largestVariance: 100, function: exp, expectation: { exp($0 / 2) }),
    ExactCase(
      testDescription: "e^(−z²)", function: { exp(-$0 * $0) }, expectation: { 1 / (1 + 2 * $0).squareRoot() }),
    ExactCase(
      testDescription: "erf²", function: { erf($0) * erf($0) },
      expectation: { 4 / Double.pi * atan2($0 * 2, (1 + 4 * $0).squareRoot() + 1 + 2 * $0) }),
    ExactCase(testDescription: "relu²", kinks: [0], function: { pow(max($0, 0), 2) }, expectation: { $0 / 2 }),
    ExactCase(testDescription: "|z|", kinks: [0], function: abs, expectation: { (2 * $0 / .pi).squareRoot() }),
    ExactCase(testDescription: "step", kinks: [0], function: { $0 > 0 ? 1 : 0 }, expectation: { _ in 0.5 }),
  ]

  @Test(arguments: exact, variances)
  func exactExpectations(_ example: ExactCase, variance: Double) {
    guard variance <= example.largestVariance else { return }
    let estimate = GaussianExpectation.one(variance: variance, kinks: example.kinks, example.function)
    let expected = example.expectation(variance)
    #expect(relativeError(estimate.value, expected) < 1e-12)
    #expect(estimate.meets(.standard), "The tolerance is met: \(estimate.relativeError)")
    // The closed form itself is known to a few units in the last place.
    #expect(abs(estimate.value - expected) <= 2 * estimate.error + 4e-15 * abs(expected))
  }

  /// ⟨tanh²⟩, ⟨tanh′²⟩, ⟨tanh tanh″⟩ by mpmath with 40 digits.
  private static let tanhMoments: [(variance: Double, second: Double, slope: Double, curvature: Double)] = [
    (1e-12, 9.99999999998e-13, 0.999999999998, -1.99999999999e-12),
    (1e-3, 0.00099800564609165084195, 0.99800696883297488694, -0.0019900510418669244418),
    (1, 0.39429449039784117442, 0.46440290244826824197, -0.28260521430778116722),
    (25, 0.84296175956254369233, 0.10570632805654645279, -0.10266382476181970978),
    (1e4, 0.9920214824805130433, 0.0053191446440146221396, -0.0053187457509446691127),
    (1e6, 0.99920211576731372516, 0.00053192295477144597219, -0.00053192255582965774536),
  ]

  @Test(arguments: tanhMoments)
  func tanhAtAnyVariance(_ reference: (variance: Double, second: Double, slope: Double, curvature: Double)) {
    var evaluations = 0
    let estimates = GaussianExpectation.one(variance: reference.variance, components: 3) { z, values in
      evaluations += 1
      let t = tanh(z)
      let slope = 1 / (cosh(z) * cosh(z))
      values[0] = t * t
      values[1] = slope * slope
      values[2] = -2 * t * t * slope
    }
    for (estimate, expected) in zip(estimates, [reference.second, reference.slope, reference.curvature]) {
      #expect(relativeError(estimate.value, expected) < 1e-12)
      #expect(abs(estimate.value - expected) <= 2 * estimate.error + 4e-15 * abs(expected))
    }
    #expect(evaluations < 500, "The map needs O(log K) nodes, not O(√K).")
  }

  @Test func kinksAwayFromTheOrigin() {
    for variance in [0.01, 0.3, 7, 1e5] {
      let threshold = 0.7
      let tail = 0.5 * erfc(threshold / (2 * variance).squareRoot())
      let density = exp(-threshold * threshold / (2 * variance)) / (2 * .pi * variance).squareRoot()
      let step = GaussianExpectation.one(variance: variance, kinks: [threshold]) { $0 > threshold ? 1 : 0 }
      #expect(relativeError(step.value, tail) < 1e-13)
      let ramp = GaussianExpectation.one(variance: variance, kinks: [threshold]) { max($0 - threshold, 0) }
      // The closed form is a difference of terms that are as wrong as e^(−x) with a rounded x.
      let exponent = threshold * threshold / (2 * variance)
      let noise = 4e-16 * (1 + exponent) * variance * density
      #expect(abs(ramp.value - (variance * density - threshold * tail)) <= 2 * ramp.error + noise)
    }
    // min(max(z, −1), 1)² by mpmath.
    for (variance, expected) in [
      (0.3, 0.26498011102035590735), (7, 0.80178071677070578311), (1e5, 0.99831791333407310575),
    ] {
      let hard = GaussianExpectation.one(variance: variance, kinks: [-1, 1]) { pow(min(max($0, -1), 1), 2) }
      #expect(relativeError(hard.value, expected) < 1e-13)
      #expect(abs(hard.value - expected) <= 2 * hard.error)
    }
    // ELU² by mpmath: a kink in the second derivative only.
    for (variance, expected) in [(2.0, 1.2001142619994458675), (400, 200.47017210389164725)] {
      let elu = GaussianExpectation.one(variance: variance, kinks: [0]) { pow($0 > 0 ? $0 : expm1($0), 2) }
      #expect(relativeError(elu.value, expected) < 1e-13)
    }
  }

  @Test func errorsAreHonestBeforeConvergence() {
    // Coarse tolerances stop early: the error must cover what is left.
    var worst = 0.0
    for variance in [0.05, 0.4, 1, 4, 30, 500, 1e5] {
      for relative in [1e-1, 1e-2, 1e-4, 1e-6, 1e-9] {
        let tolerance = Tolerance(relative: relative)
        let bump = GaussianExpectation.one(variance: variance, tolerance: tolerance) { exp(-$0 * $0) }
        worst = max(worst, abs(bump.value - 1 / (1 + 2 * variance).squareRoot()) / bump.error)
        let wave = GaussianExpectation.one(variance: variance, tolerance: tolerance) { cos($0 + 0.4) }
        worst = max(worst, abs(wave.value - exp(-variance / 2) * cos(0.4)) / wave.error)
      }
    }
    #expect(worst < 3, "The largest error in units of its estimate is \(worst).")
  }

  @Test func kinksThatWereNotDeclaredAreNoticed() {
    // A rule for smooth integrands converges erratically on |z − a|, and one difference in many is small by accident;
    // in all but a few stops in a thousand the error must cover the truth nevertheless.
    var generator = SplitMix(seed: 40)
    var dishonest = 0
    for _ in 0..<1000 {
      let variance = pow(10, 5 * generator.uniform() - 2)
      let a = 2 * generator.uniform() - 1
      let tolerance = Tolerance(relative: pow(10, -1 - 4 * generator.uniform()))
      let estimate = GaussianExpectation.one(variance: variance, tolerance: tolerance) { abs($0 - a) }
      let density = exp(-a * a / (2 * variance)) * (2 * variance / .pi).squareRoot()
      let exact = density + a * erf(a / (2 * variance).squareRoot())
      if abs(estimate.value - exact) > 3 * estimate.error { dishonest += 1 }
    }
    #expect(dishonest <= 10, "\(dishonest) of 1000 errors are understated more than threefold.")
  }

  @Test func aNarrowFeatureIsFoundAtLargeVariance() {
    // ⟨e^(−(z−5)²/2)⟩ = e^(−25/(2(1+K)))/√(1+K): a bump of width 1 in a Gaussian of width 1000.
    for variance in [1.0, 100, 1e6] {
      let bump = GaussianExpectation.one(variance: variance) { exp(-0.5 * ($0 - 5) * ($0 - 5)) }
      #expect(relativeError(bump.value, exp(-12.5 / (1 + variance)) / (1 + variance).squareRoot()) < 1e-11)
    }
  }

  @Test func oscillationsAreResolved() {
    for variance in [0.5, 4, 1e4] {
      let estimate = GaussianExpectation.one(variance: variance, cos)
      #expect(abs(estimate.value - exp(-variance / 2)) <= 3 * estimate.error)
      #expect(estimate.error < 1e-12)
    }
  }

  @Test func degenerateAndImpossibleArguments() {
    #expect(GaussianExpectation.one(variance: 0) { $0 + 3 }.value == 3)
    let unbounded = GaussianExpectation.one(variance: .infinity) { $0 }
    #expect(unbounded.value.isNaN && unbounded.error == .infinity)
    let divergent = GaussianExpectation.one(variance: 3) { exp($0 * $0 / 4) }
    #expect(divergent.error == .infinity)
    let overflowing = GaussianExpectation.one(variance: 1e6, exp)
    #expect(overflowing.error == .infinity)
    let undefined = GaussianExpectation.one(variance: 1) { $0 > 1 ? .nan : 1 }
    #expect(undefined.error == .infinity)
  }

  @Test func kinksOutsideTheWeightAreForgotten() {
    var evaluations = 0
    let estimate = GaussianExpectation.one(variance: 1e-4, kinks: [3]) { z in
      evaluations += 1
      return z * z
    }
    #expect(relativeError(estimate.value, 1e-4) < 1e-14)
    #expect(evaluations < 200)
  }
}
