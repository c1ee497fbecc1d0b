import Foundation
import OrreryAnalysis
import Testing

@Suite struct EstimateTests {
  @Test func tolerances() {
    let estimate = Estimate(value: -2, error: 1e-6)
    #expect(estimate.relativeError == 5e-7)
    #expect(estimate.meets(Tolerance(relative: 1e-6)))
    #expect(!estimate.meets(.standard))
    #expect(estimate.meets(Tolerance(relative: 0, absolute: 2e-6)))
    #expect(Estimate(value: 0, error: 0).relativeError == 0)
    #expect(Estimate(value: 0, error: 1).relativeError == .infinity)
    #expect(estimate.scaled(by: -3) == Estimate(value: 6, error: 3e-6))
  }

  @Test func coding() throws {
    let estimate = Estimate(value: 0.1, error: 1e-17)
    let data = try JSONEncoder().encode(estimate)
    #expect(try JSONDecoder().decode(Estimate.self, from: data) == estimate)
  }
}
