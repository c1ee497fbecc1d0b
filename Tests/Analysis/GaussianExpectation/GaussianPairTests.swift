import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

/// Two variables: closed forms of the kernels of common activations, at all correlations and variances.
@Suite struct GaussianPairTests {
  private static let pairs: [GaussianPair] = [
    GaussianPair(k11: 1.3, k22: 0.8, oneMinusCorrelation: 0.5),
    GaussianPair(k11: 1.3, k22: 0.8, oneMinusCorrelation: 1),
    GaussianPair(k11: 0.7, k22: 2, oneMinusCorrelation: 1.7),
    GaussianPair(k11: 1, k22: 1, oneMinusCorrelation: 1e-3),
    GaussianPair(k11: 1, k22: 1, oneMinusCorrelation: 1e-9),
    GaussianPair(k11: 1, k22: 1.0001, oneMinusCorrelation: 1e-14),
    GaussianPair(k11: 2, k22: 3, onePlusCorrelation: 1e-7),
    GaussianPair(k11: 2, k22: 3, onePlusCorrelation: 1e-15),
    GaussianPair(k11: 1e-8, k22: 1e-6, oneMinusCorrelation: 0.3),
    GaussianPair(k11: 50, k22: 40, oneMinusCorrelation: 0.3),
    GaussianPair(k11: 1e4, k22: 2e4, oneMinusCorrelation: 0.2),
    GaussianPair(k11: 1e6, k22: 1e6, oneMinusCorrelation: 1e-6),
    GaussianPair(k11: 1, k22: 1e4, oneMinusCorrelation: 0.4),
    GaussianPair(k11: 4, k22: 3, oneMinusCorrelation: 0),
    GaussianPair(k11: 4, k22: 3, onePlusCorrelation: 0),
  ]

  /// The angle θ = arccos c and π − θ, each accurate where it is small.
  private func angles(_ pair: GaussianPair) -> (angle: Double, supplement: Double) {
    let minus = pair.oneMinusCorrelation.squareRoot()
    let plus = pair.onePlusCorrelation.squareRoot()
    return (2 * atan2(minus, plus), 2 * atan2(plus, minus))
  }

  @Test(arguments: pairs)
  func erfArcsine(_ pair: GaussianPair) {
    let estimate = GaussianExpectation.two(pair) { erf($0) * erf($1) }
    // asin x = 2 atan2(x, 1 + √(1 − x²)), and 1 − x² from (1 + 2k₁₁)(1 + 2k₂₂) − 4k₁₂² without cancellation.
    let product = (1 + 2 * pair.k11) * (1 + 2 * pair.k22)
    let rest =
      1 + 2 * pair.k11 + 2 * pair.k22 + 4 * pair.k11 * pair.k22 * pair.oneMinusCorrelation * pair.onePlusCorrelation
    let exact = 4 / Double.pi * atan2(2 * pair.k12, product.squareRoot() + rest.squareRoot())
    #expect(relativeError(estimate.value, exact) < 1e-12)
    #expect(abs(estimate.value - exact) <= 2 * estimate.error + 4e-15 * abs(exact))
  }

  @Test(arguments: pairs)
  func reluArcCosine(_ pair: GaussianPair) {
    let scale = (pair.k11 * pair.k22).squareRoot() / (2 * .pi)
    let (angle, supplement) = angles(pair)
    let relu = GaussianExpectation.two(pair, kinks: .init(both: [0])) { max($0, 0) * max($1, 0) }
    // sin θ + (π − θ) cos θ; near θ = π it is (π − θ)³/3 to leading orders.
    let bracket =
      supplement < 0.01
      ? pow(supplement, 3) / 3 * (1 - supplement * supplement / 10)
      : sin(angle) + supplement * pair.correlation
    #expect(abs(relu.value - scale * bracket) <= 2 * relu.error + 1e-14 * scale * bracket)
    #expect(relu.error <= 1e-12 * scale * bracket)
    let step = GaussianExpectation.two(pair, kinks: .init(both: [0])) { $0 > 0 && $1 > 0 ? 1 : 0 }
    #expect(abs(step.value - supplement / (2 * .pi)) <= 2 * step.error + 1e-15 * supplement)
    let absolute = GaussianExpectation.two(pair, kinks: .init(both: [0])) { abs($0) * abs($1) }
    // |c| asin|c| + sin θ with asin c = π/2 − θ.
    let arcsine = angle < supplement ? .pi / 2 - angle : supplement - .pi / 2
    #expect(relativeError(absolute.value, 4 * scale * (sin(angle) + arcsine * pair.correlation)) < 1e-12)
  }

  @Test(arguments: pairs)
  func differencesKeepTheirDigits(_ pair: GaussianPair) {
    let estimate = GaussianExpectation.two(pair, withDifference: { _, _, difference in difference * difference })
    let deviations = (pair.k11 - pair.k22) / (pair.k11.squareRoot() + pair.k22.squareRoot())
    let exact = deviations * deviations + 2 * pair.oneMinusCorrelation * (pair.k11 * pair.k22).squareRoot()
    #expect(abs(estimate.value - exact) <= 2 * estimate.error + 1e-14 * exact)
    // Kinked integrands take the same nodes by other ways: polar or iterated.
    for kinks in [[0.0], [0.5]] {
      let other = GaussianExpectation.two(
        pair, kinks: .init(both: kinks), withDifference: { _, _, difference in difference * difference })
      #expect(abs(other.value - exact) <= 2 * other.error + 1e-14 * exact)
    }
  }

  /// P(z₁ > a, z₂ > b) at unit variances, by mpmath.
  private static let orthants: [(a: Double, b: Double, oneMinusCorrelation: Double, probability: Double)] = [
    (0.5, 0.5, 0.4, 0.17956033303097938231), (0.5, -0.3, 1.2, 0.16325670379583983274),
    (1, 1, 1e-8, 0.15864160219522733098), (1, 1.001, 1e-6, 0.15836512101327757034),
    (-0.4, 0.2, 1.9999, 0.076162032171221143694),
  ]

  @Test(arguments: orthants)
  func kinksAnywhere(_ reference: (a: Double, b: Double, oneMinusCorrelation: Double, probability: Double)) {
    let pair = GaussianPair(k11: 1, k22: 1, oneMinusCorrelation: reference.oneMinusCorrelation)
    let estimate = GaussianExpectation.two(pair, kinks: .init(first: [reference.a], second: [reference.b])) {
      $0 > reference.a && $1 > reference.b ? 1 : 0
    }
    #expect(relativeError(estimate.value, reference.probability) < 1e-13)
    #expect(abs(estimate.value - reference.probability) <= 2 * estimate.error)
  }

  @Test func tanhAgainstFortyDigits() {
    for (k11, k22, minus, expected) in [
      (0.5, 0.8, 0.4, 0.180789974459127215), (1, 1, 1.7, -0.265126730089020436),
    ] {
      let pair = GaussianPair(k11: k11, k22: k22, oneMinusCorrelation: minus)
      let estimate = GaussianExpectation.two(pair) { tanh($0) * tanh($1) }
      #expect(relativeError(estimate.value, expected) < 1e-13)
    }
    // ⟨(tanh z₁ − tanh z₂)²⟩ of nearly equal variables, from tanh a − tanh b = sinh(a − b)/(cosh a cosh b).
    for (k22, minus, expected) in [(0.5, 1e-8, 5.92425792561001415e-9), (0.5000001, 1e-12, 5.9351767965937447e-13)] {
      let pair = GaussianPair(k11: 0.5, k22: k22, oneMinusCorrelation: minus)
      let estimate = GaussianExpectation.two(pair) { (z1: Double, z2: Double, difference: Double) in
        pow(sinh(difference) / (cosh(z1) * cosh(z2)), 2)
      }
      // The variances' own difference is known to 10⁻⁹ in the second case.
      #expect(relativeError(estimate.value, expected) < (k22 == 0.5 ? 1e-13 : 1e-8))
    }
  }

  @Test func referencePairs() throws {
    let functions: [String: @Sendable (Double) -> Double] = [
      "relu": { max($0, 0) }, "tanh": { tanh($0) }, "erf": { erf($0) },
      "gelu": { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }, "sin": { sin($0) },
    ]
    for reference in try Fixtures.json("effective_theory")["pair_kernels"].elements {
      let name = try reference["act"].string
      let function = try #require(functions[name])
      let k = try reference["K"].rows
      let pair = GaussianPair(k11: k[0][0], k22: k[1][1], k12: k[0][1])
      let estimates = GaussianExpectation.two(
        pair, components: 3, kinks: name == "relu" ? .init(both: [0]) : .init()
      ) { z1, z2, values in
        let (first, second) = (function(z1), function(z2))
        values[0] = first * second
        values[1] = first * first
        values[2] = second * second
      }
      for (estimate, key) in zip(estimates, ["ss", "s1s1", "s2s2"]) {
        #expect(relativeError(estimate.value, try reference[key].double) < 1e-12)
      }
    }
  }

  @Test func exponentialsReachFar() {
    for k in [1.0, 16, 60] {
      let pair = GaussianPair(k11: k, k22: k, oneMinusCorrelation: 0.25)
      let estimate = GaussianExpectation.two(pair) { exp($0 + $1) }
      #expect(relativeError(estimate.value, exp(1.75 * k)) < 1e-11)
      #expect(estimate.meets(Tolerance(relative: 1e-10)))
    }
  }

  @Test func errorsAreHonestBeforeConvergence() {
    var worst = 0.0
    for k in [0.3, 2, 20] {
      for relative in [1e-2, 1e-4, 1e-7] {
        let pair = GaussianPair(k11: k, k22: 1.5 * k, oneMinusCorrelation: 0.6)
        let tolerance = Tolerance(relative: relative)
        let smooth = GaussianExpectation.two(pair, tolerance: tolerance) { exp(-$0 * $0 - $1 * $1) }
        let determinant = (1 + 2 * k) * (1 + 3 * k) - 4 * pair.k12 * pair.k12
        worst = max(worst, abs(smooth.value - 1 / determinant.squareRoot()) / smooth.error)
        // A kink that was not declared.
        let relu = GaussianExpectation.two(pair, tolerance: tolerance) { max($0, 0) * max($1, 0) }
        let (angle, supplement) = angles(pair)
        let exact = (pair.k11 * pair.k22).squareRoot() / (2 * .pi) * (sin(angle) + supplement * pair.correlation)
        worst = max(worst, abs(relu.value - exact) / relu.error)
      }
    }
    #expect(worst < 3, "The largest error in units of its estimate is \(worst).")
  }

  @Test func covarianceForms() {
    let pair = GaussianPair(k11: 4, k22: 9, k12: -3)
    #expect(pair.correlation == -0.5)
    #expect(pair.k12 == -3)
    #expect(GaussianPair(k11: 0, k22: 9, k12: 0).correlation == 0)
    let close = GaussianPair(k11: 1, k22: 1, oneMinusCorrelation: 1e-300)
    #expect(relativeError(close.residualDeviation, 2.0.squareRoot() * 1e-150) < 1e-15)
    let constant = GaussianExpectation.two(GaussianPair(k11: 0, k22: 2, oneMinusCorrelation: 1)) { ($0 + 1) * $1 * $1 }
    #expect(relativeError(constant.value, 2) < 1e-14)
    let unbounded = GaussianExpectation.two(GaussianPair(k11: .infinity, k22: 2, oneMinusCorrelation: 1)) { $0 * $1 }
    #expect(unbounded.error == .infinity)
  }
}
