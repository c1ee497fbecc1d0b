import Foundation
import OrreryFindings
import Testing

@Suite struct ConfrontationTests {
  let quantity = Quantity(.kernel, layer: 3, samples: [0, 1])
  let source = Source(key: "test", title: "a test", statement: "K = 1", citation: "none")

  func confront(
    predicted: Double = 1, sampling: Double = 0, truncation: Double = 0, measured: Double, error: Double,
    bias: Double = 0, smallestEffect: Double? = nil
  ) -> Confrontation {
    Confrontation(
      Prediction(
        quantity, value: predicted, samplingError: sampling, truncationError: truncation, source: source),
      Measurement(
        quantity, value: measured, standardError: error, systematicBound: bias, networks: 100, estimator: "by hand"),
      smallestEffect: smallestEffect)
  }

  @Test func allFourErrorsEnterThePullInQuadrature() {
    let result = confront(sampling: 2, truncation: 4, measured: 11, error: 1, bias: 2)
    #expect(result.totalError == 5)
    #expect(result.pull == 2)
  }

  @Test(arguments: [
    (1.199, Verdict.agrees), (0.801, .agrees), (1.201, .inTension), (0.601, .inTension), (1.401, .refuted),
    (0.599, .refuted),
  ])
  func verdictsChangeAtPullsTwoAndFour(measured: Double, verdict: Verdict) {
    #expect(confront(measured: measured, error: 0.1).verdict == verdict)
  }

  @Test func anErrorAboveTheSmallestEffectDecidesNothing() {
    #expect(confront(measured: 1, error: 0.1, smallestEffect: 0.05).verdict == .cannotTell)
    #expect(confront(measured: 9, error: 0.1, smallestEffect: 0.05).verdict == .cannotTell)
    #expect(confront(measured: 9, error: 0.01, smallestEffect: 0.05).verdict == .refuted)
  }

  @Test func withoutAnyErrorOnlyEqualityAgrees() {
    #expect(confront(measured: 1, error: 0).verdict == .agrees)
    #expect(confront(measured: 1.0000001, error: 0).verdict == .refuted)
    #expect(confront(measured: 0.9999999, error: 0).pull == -.infinity)
  }

  @Test(arguments: [Double.nan, .infinity])
  func aMissingNumberDecidesNothing(value: Double) {
    #expect(confront(measured: value, error: 0.1).verdict == .cannotTell)
    #expect(confront(measured: 1, error: .nan).verdict == .cannotTell)
  }

  @Test func findingsSurviveJSON() throws {
    let result = confront(sampling: 0.1, truncation: 0.2, measured: 1.3, error: 0.1)
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(Confrontation.self, from: data) == result)
  }
}
