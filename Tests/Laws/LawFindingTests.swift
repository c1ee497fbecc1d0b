import OrreryFindings
import OrreryLaws
import OrreryReports
import OrreryTensors
import Testing

@Suite("Verdicts on laws")
struct LawFindingTests {
  /// A law whose measurements are given.
  struct Told: Law {
    static let statement = LawStatement(
      key: "told", chapter: .fluctuations, title: "Told", text: "text", formula: "x = 1", domain: "all",
      experiment: "none", truncationRule: "none", smallestEffect: "a half", sources: [])
    var claims: [LawClaim] = []
    var measurements: [LawMeasurement] = []
    var covariance: Matrix<Double>?
    let budget: LawBudget

    init(_ budget: LawBudget) { self.budget = budget }

    func forecast() -> LawForecast { LawForecast(budget, claims: claims) }

    func measure(_ forecast: LawForecast, in laboratory: Laboratory) -> LawEvidence {
      LawEvidence(measurements, covariance: covariance)
    }
  }

  func finding(
    difference: Double, error: Double = 1, truncation: Double = 0, networks: Int = 10_000, smallest: Double? = nil
  ) throws -> LawFinding {
    var law = Told(.quick)
    law.claims = [LawClaim("x", "x", value: 5, truncationError: truncation, smallestEffect: smallest)]
    law.measurements = [LawMeasurement("x", value: 5 + difference, standardError: error, networks: networks)]
    return try law.confront(in: Laboratory(seed: 1))
  }

  @Test("One number: χ² of one degree of freedom decides")
  func oneNumber() throws {
    let holds = try finding(difference: 1.5)
    #expect(holds.verdict == .agrees)
    // P(|z| > 1.5) = 0.1336; Fisher's law with 9999 degrees of freedom differs by 1e-4 of it.
    #expect(abs(holds.joint.pValue - 0.1336) < 1e-3)
    #expect(try finding(difference: -2.5).verdict == .inTension)
    #expect(try finding(difference: 3.5).verdict == .refuted)
    #expect(try finding(difference: 3.5, truncation: 3).verdict == .agrees)
    #expect(try finding(difference: 0.1, smallest: 0.5).verdict == .cannotTell)
    #expect(try finding(difference: 0.1, networks: 20).verdict == .cannotTell)
    // Within two errors, and not within what would matter.
    #expect(try finding(difference: 1.9, smallest: 1.1).verdict == .cannotTell)
  }

  /// Of one number known to σ by many networks, λ = x²: 0.1 % is at 3.2905 σ, and 90 % of what is shifted by x lies beyond it for
  /// x = 3.2905 + 1.2816. Of two that are independent, the one with the smaller effect is resolved least.
  @Test("Resolving power: of one number 4.572 standard errors")
  func resolvingPower() throws {
    let one = try finding(difference: 0.3, error: 2, networks: 1_000_000, smallest: 0.5).resolvingPower
    #expect(abs(try #require(one).effects - 4.5721 * 4) < 1e-2)
    #expect(try finding(difference: 0.3, networks: 1_000_000).resolvingPower == nil)
    var law = Told(.quick)
    law.claims = [LawClaim("x", "x", value: 0, smallestEffect: 2), LawClaim("y", "y", value: 0, smallestEffect: 0.5)]
    law.measurements = law.claims.map { LawMeasurement($0.key, value: 0.1, standardError: 1, networks: 10_000) }
    let two = try #require(try law.confront(in: Laboratory(seed: 1)).resolvingPower)
    #expect(two.claim.key == "y" && two.effects > 2 * 4.5721)
    #expect(try law.confront(in: Laboratory(seed: 1)).text.contains("Resolving power: of y"))
  }

  /// Two numbers of the same networks, correlated by 0.99: their difference is known ten times better than either.
  @Test("Correlated numbers are judged by their covariance")
  func correlated() throws {
    var law = Told(.quick)
    law.claims = [LawClaim("x", "x", value: 0), LawClaim("y", "y", value: 0)]
    law.measurements = [
      LawMeasurement("x", value: 1, standardError: 1, networks: 10_000),
      LawMeasurement("y", value: -1, standardError: 1, networks: 10_000),
    ]
    law.covariance = Matrix(rows: 2, columns: 2, elements: [1, 0.99, 0.99, 1])
    // dᵀC⁻¹d = 2/(1 − 0.99) = 200.
    let joined = try law.confront(in: Laboratory(seed: 1))
    #expect(joined.verdict == .refuted)
    #expect(abs(joined.joint.statistic - 200) < 1e-6)
    law.covariance = nil
    #expect(try law.confront(in: Laboratory(seed: 1)).verdict == .agrees)
  }

  /// A power that too few widths can tell carries an error that the networks' covariance knows nothing of.
  @Test("What cannot tell does not refute, whatever its covariance")
  func cannotTell() throws {
    var law = Told(.quick)
    law.claims = [LawClaim("x", "x", value: 0, smallestEffect: 0.5)]
    law.measurements = [LawMeasurement("x", value: 0.3, standardError: 1, networks: 10_000)]
    law.covariance = Matrix(rows: 1, columns: 1, elements: [1e-4])
    #expect(try law.confront(in: Laboratory(seed: 1)).verdict == .cannotTell)
  }

  /// One neglected term moves both numbers by +1 and −1: a departure along (1, −1) is allowed, along (1, 1) it is not.
  @Test("A truncation that is shared allows a departure in its own direction only")
  func shared() throws {
    func verdict(_ shared: String?, second: Double) throws -> Verdict {
      var law = Told(.quick)
      law.claims = [
        LawClaim("x", "x", value: 0, truncationError: 1, sharedTruncation: shared),
        LawClaim("y", "y", value: 0, truncationError: -1, sharedTruncation: shared),
      ]
      law.measurements = [
        LawMeasurement("x", value: 1, standardError: 0.1, networks: 10_000),
        LawMeasurement("y", value: second, standardError: 0.1, networks: 10_000),
      ]
      return try law.confront(in: Laboratory(seed: 1)).verdict
    }
    #expect(try verdict("next order", second: -1) == .agrees)
    #expect(try verdict("next order", second: 1) == .refuted)
    #expect(try verdict(nil, second: 1) == .agrees)
  }

  @Test("Numbers beside do not decide")
  func beside() throws {
    var law = Told(.quick)
    law.claims = [LawClaim("x", "x", value: 0), LawClaim("y", "y", value: 0, isDeciding: false)]
    law.measurements = [
      LawMeasurement("x", value: 1, standardError: 1, networks: 1000),
      LawMeasurement("y", value: 50, standardError: 1, networks: 1000),
    ]
    let finding = try law.confront(in: Laboratory(seed: 1))
    #expect(finding.verdict == .agrees)
    #expect(finding.confrontations[1].verdict == .refuted)
    #expect(finding.page().html().contains("(beside)"))
  }

  @Test("A claim without its measurement is an error")
  func incomplete() {
    var law = Told(.quick)
    law.claims = [LawClaim("x", "x", value: 0)]
    let error = #expect(throws: IncompleteEvidence.self) { try law.confront(in: Laboratory(seed: 1)) }
    #expect(error?.claim == "x")
  }

  @Test("The forecast is known before the measurement")
  func order() throws {
    var law = Told(.standard)
    law.claims = [LawClaim("x", "x", value: 0)]
    law.measurements = [LawMeasurement("x", value: 0, standardError: 1, networks: 100)]
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try law.confront(in: Laboratory(seed: 1)) { forecast in
        #expect(forecast.budget == .standard)
        throw Stop()
      }
    }
  }
}
