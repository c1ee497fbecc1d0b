import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

@Suite struct HermiteSeriesTests {
  @Test func exponentialHasAllCoefficients() {
    // e^(√k u) = e^(k/2) Σ k^(j/2)/√(j!) · He_j/√(j!).
    for k in [0.3, 2.0, 9] {
      let series = HermiteSeries(variance: k, order: 60, exp)
      let exact = (0...60).map { exp(k / 2 + Double($0) / 2 * log(k) - lgamma(Double($0) + 1) / 2) }
      #expect(relativeError(series.coefficients, exact) < 1e-13)
      #expect(
        zip(series.coefficients, exact).allSatisfy { abs($0 - $1) <= 3 * series.coefficientError + 1e-14 * exp(k) })
    }
  }

  @Test func aHermitePolynomialHasOne() {
    let series = HermiteSeries(variance: 1, order: 10) { $0 * $0 * $0 - 3 * $0 }
    #expect(abs(series.coefficients[3] - 6.0.squareRoot()) < 1e-13)
    #expect(series.coefficients.enumerated().allSatisfy { $0.offset == 3 || abs($0.element) < 1e-13 })
    #expect(series.tail < 1e-12)
  }

  @Test func tanhToHighOrder() {
    // At k = 2, by mpmath.
    let series = HermiteSeries(variance: 2, order: 1200, tanh)
    for (j, expected) in [
      (1, 0.678856810750075835), (3, -0.20432745778835892), (21, 0.00570946010507364121),
      (101, 9.31564432542125559e-6), (301, 2.1686996161968559e-9),
    ] {
      #expect(abs(series.coefficients[j] - expected) <= 3 * series.coefficientError)
    }
    #expect(series.coefficientError < 1e-14)
    #expect(series.coefficients.allSatisfy { $0.isFinite })
    #expect(stride(from: 0, through: 1200, by: 2).allSatisfy { abs(series.coefficients[$0]) < 1e-15 })
    #expect(series.tail < 1e-13)
  }

  @Test func reluDecaysAsAPower() {
    // a_j = (−1)^(j/2+1) (j−3)!!/√(2π j!) for even j ≥ 2: a_j² ~ j^(−5/2), so the tail is never small.
    let series = HermiteSeries(variance: 1, order: 400, kinks: [0]) { max($0, 0) }
    var exact = [1 / (2 * Double.pi).squareRoot(), 0.5]
    var doubleFactorial = 0.0
    for j in 2...400 {
      if j >= 5, j.isMultiple(of: 2) { doubleFactorial += log(Double(j - 3)) }
      let magnitude = exp(doubleFactorial - 0.5 * lgamma(Double(j) + 1)) / (2 * .pi).squareRoot()
      exact.append(j.isMultiple(of: 2) ? ((j / 2).isMultiple(of: 2) ? -magnitude : magnitude) : 0)
    }
    #expect(zip(series.coefficients, exact).allSatisfy { abs($0 - $1) < 1e-13 })
    let tail = 0.5 - exact.reduce(0) { $0 + $1 * $1 }
    #expect(series.tail >= tail && series.tail < 1.01 * tail)
    // The pair expectation holds within its remainder, and the remainder is honest.
    for c in [-0.9, 0.2, 0.7, 0.99] {
      let estimate = series.pairExpectation(with: series, correlation: c)
      let theta = acos(c)
      let kernel = (sin(theta) + (.pi - theta) * c) / (2 * .pi)
      #expect(abs(estimate.value - kernel) <= estimate.error)
    }
  }

  @Test func pairsAgreeWithQuadrature() {
    let series = HermiteSeries.series(variances: [0.5, 0.8], order: 150, tanh)
    for minus in [0.4, 1.3, 0.02] {
      let pair = GaussianPair(k11: 0.5, k22: 0.8, oneMinusCorrelation: minus)
      let direct = GaussianExpectation.two(pair) { tanh($0) * tanh($1) }
      let sum = series[0].pairExpectation(with: series[1], correlation: 1 - minus)
      #expect(abs(sum.value - direct.value) <= 2 * (sum.error + direct.error))
      #expect(sum.error < 1e-11)
    }
  }

  @Test func deficitsKeepTheirDigits() {
    // Σ a_j² (1 − c^j) = ½⟨(tanh z₁ − tanh z₂)²⟩ at equal variances; by mpmath for 1 − c = 10⁻⁸.
    let series = HermiteSeries(variance: 0.5, order: 150, tanh)
    let deficit = series.pairDeficit(with: series, oneMinusCorrelation: 1e-8)
    #expect(relativeError(deficit.value, 0.5 * 5.92425792561001415e-9) < 1e-12)
  }

  @Test func severalVariancesAreTheSameAsOne() {
    let together = HermiteSeries.series(variances: [0.1, 4], order: 40) { 1 / (1 + exp(-$0)) }
    for series in together {
      let alone = HermiteSeries(variance: series.variance, order: 40) { 1 / (1 + exp(-$0)) }
      #expect(zip(series.coefficients, alone.coefficients).allSatisfy { abs($0 - $1) < 1e-14 })
    }
    let constant = HermiteSeries(variance: 0, order: 5) { $0 + 2 }
    #expect(abs(constant.coefficients[0] - 2) < 1e-14)
    #expect(constant.coefficients.dropFirst().allSatisfy { abs($0) < 1e-14 })
  }
}
