import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

@Suite struct DistributionsTests {
  @Test func normal() {
    #expect(Distributions.normalCumulative(0) == 0.5)
    #expect(relativeError(Distributions.normalSurvival(1.959963984540054), 0.025) < 1e-13)
    // By mpmath.
    for (p, x) in [
      (0.3, -0.524400512708040784), (0.01, -2.3263478740408411), (1e-6, -4.75342430882289895),
      (1e-15, -7.94134532617099678),
    ] {
      #expect(relativeError(Distributions.normalQuantile(p), x) < 1e-14)
    }
    #expect(Distributions.normalQuantile(0.5) == 0)
    #expect(Distributions.normalQuantile(0) == -.infinity)
    #expect(Distributions.normalQuantile(1) == .infinity)
    #expect(Distributions.normalQuantile(2).isNaN)
    for p in stride(from: 0.001, to: 1, by: 0.013) {
      #expect(relativeError(Distributions.normalCumulative(Distributions.normalQuantile(p)), p) < 1e-14)
    }
  }

  @Test func incompleteGamma() {
    // By mpmath.
    for (a, x, q) in [
      (0.5, 3.0, 0.0143058784354296395), (50, 30, 0.999481108537451966), (50, 90, 1.64949850171782483e-6),
      (500, 620, 2.8152332289542097e-7), (0.5, 400, 5.39586561160790093e-176),
    ] {
      #expect(relativeError(Distributions.regularizedGammaQ(a, x), q) < 1e-12)
    }
    for (a, x, p) in [
      (3, 0.001, 1.66541716652780753e-10), (2000, 1900, 0.0116958203811501134), (0.5, 0.01, 0.112462916018284892),
    ] {
      #expect(relativeError(Distributions.regularizedGammaP(a, x), p) < 1e-12)
    }
    for a in [0.3, 1, 7.5, 29.9, 30.1, 400] {
      for x in [0.1, 1, 8, 30, 390, 410] {
        #expect(abs(Distributions.regularizedGammaP(a, x) + Distributions.regularizedGammaQ(a, x) - 1) < 1e-13)
        // P(a, x) − P(a + 1, x) = x^a e^(−x)/Γ(a + 1).
        let difference = Distributions.regularizedGammaP(a, x) - Distributions.regularizedGammaP(a + 1, x)
        #expect(abs(difference - exp(a * log(x) - x - lgamma(a + 1))) < 1e-12)
      }
    }
    #expect(Distributions.regularizedGammaP(1, 0) == 0)
    #expect(Distributions.regularizedGammaQ(1, .infinity) == 0)
    #expect(Distributions.regularizedGammaQ(-1, 2).isNaN)
  }

  @Test func chiSquared() {
    // Two degrees of freedom: e^(−x/2); one: erfc √(x/2).
    for x in [0.1, 1, 10, 300] {
      #expect(relativeError(Distributions.chiSquaredSurvival(x, degreesOfFreedom: 2), exp(-x / 2)) < 1e-13)
      #expect(
        relativeError(Distributions.chiSquaredSurvival(x, degreesOfFreedom: 1), erfc((x / 2).squareRoot())) < 1e-12)
    }
    #expect(Distributions.chiSquaredSurvival(0, degreesOfFreedom: 0) == 1)
  }

  /// Numbers of SciPy 1's ncf; and of one numerator and very many denominators, a shifted normal.
  @Test func noncentralFisher() {
    for (ratio, numerator, denominator, noncentrality, expected) in [
      (3.0, 1, 10, 4.0, 0.6150538781782534), (6.9, 3, 50, 20, 0.5616831007735662),
      (2.2, 12, 388, 35, 0.9598118042446165),
      (10.9, 1, 1_000_000, 20.9, 0.897981609476472),
    ] {
      let found = Distributions.noncentralFisherSurvival(
        ratio, numerator, denominator, noncentrality: noncentrality)
      #expect(abs(found - expected) < 1e-9, "\(found)")
    }
    #expect(
      abs(
        Distributions.noncentralFisherSurvival(1.5, 5, 7, noncentrality: 0) - Distributions.fisherSurvival(1.5, 5, 7))
        < 1e-13)
    for shift in [0.5, 3, 8] {
      // χ² to order 1/d.
      let found = Distributions.noncentralFisherSurvival(9, 1, 1_000_000, noncentrality: shift * shift)
      let exact = Distributions.normalSurvival(3 - shift) + Distributions.normalSurvival(3 + shift)
      #expect(abs(found - exact) < 1e-5)
    }
    for (numerator, denominator) in [(1, 40), (4, 400), (20, 380)] {
      let needed = Distributions.noncentrality(ofPower: 0.9, significance: 1e-3, numerator, denominator)
      // Monte Carlo: as often as it says.
      var random = SplitMix(seed: 3)
      let draws = 4000
      var refuted = 0
      for _ in 0..<draws {
        var (above, below) = (0.0, 0.0)
        for place in 0..<numerator {
          let z = random.normal() + (place == 0 ? needed.squareRoot() : 0)
          above += z * z
        }
        for _ in 0..<denominator {
          let z = random.normal()
          below += z * z
        }
        let ratio = above / below * Double(denominator) / Double(numerator)
        if Distributions.fisherSurvival(ratio, numerator, denominator) < 1e-3 { refuted += 1 }
      }
      #expect(abs(Double(refuted) / Double(draws) - 0.9) < 4 * (0.09 / Double(draws)).squareRoot())
    }
  }

  @Test func fisher() {
    for x in [0.01, 0.5, 1, 4, 30, 1000] {
      for d in [1, 3, 10, 280] {
        // Two and some: (1 + 2x/d)^(−d/2). The reciprocal of F has the degrees of freedom exchanged.
        let exact = exp(-0.5 * Double(d) * log1p(2 * x / Double(d)))
        #expect(relativeError(Distributions.fisherSurvival(x, 2, d), exact) < 1e-11)
        #expect(abs(Distributions.fisherSurvival(x, d, 7) + Distributions.fisherSurvival(1 / x, 7, d) - 1) < 1e-12)
      }
      // One and one: Cauchy's law squared.
      #expect(relativeError(Distributions.fisherSurvival(x, 1, 1), 1 - 2 / .pi * atan(x.squareRoot())) < 1e-11)
    }
    // Of very many networks it is χ²: to order 1/d.
    #expect(
      relativeError(
        Distributions.fisherSurvival(37.6 / 20, 20, 10_000_000),
        Distributions.chiSquaredSurvival(37.6, degreesOfFreedom: 20)) < 1e-4)
    #expect(Distributions.fisherSurvival(-1, 2, 3).isNaN)
    #expect(Distributions.regularizedBeta(2, 3, 0) == 0)
    #expect(Distributions.regularizedBeta(2, 3, 1) == 1)
  }

  @Test func kolmogorov() {
    // By mpmath.
    for (lambda, p) in [
      (0.5, 0.9639452436648751), (1, 0.2699996716773545), (1.18, 0.1234538094297657), (1.5, 0.02221796261652513),
      (2.5, 7.453306344157342e-6),
    ] {
      #expect(relativeError(KolmogorovSmirnov.limitingSurvival(lambda), p) < 1e-12)
    }
    #expect(KolmogorovSmirnov.limitingSurvival(0) == 1)
    let test = KolmogorovSmirnov([0.1, 0.4, 0.7]) { $0 }
    #expect(relativeError(test.statistic, 0.3) < 1e-14)
  }

  @Test func kolmogorovIsCalibrated() {
    var generator = SplitMix(seed: 77)
    let pValues = (0..<2000).map { _ in KolmogorovSmirnov(standardNormal: generator.normals(50)).pValue }
    for level in [0.05, 0.3, 0.7] {
      let share = Double(pValues.filter { $0 < level }.count) / 2000
      // Stephens' approximation is good to some 10⁻².
      checkMonteCarloAgrees(
        predicted: level, measured: share, standardError: (level * (1 - level) / 2000).squareRoot(), systematic: 0.01)
    }
    let shifted = KolmogorovSmirnov(standardNormal: generator.normals(2000).map { $0 + 0.2 })
    #expect(shifted.pValue < 1e-6)
  }
}
