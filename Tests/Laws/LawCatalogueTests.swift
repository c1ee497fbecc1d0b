import OrreryFindings
import OrreryLaws
import OrreryReports
import OrreryTestSupport
import Testing

@Suite("The catalogue of laws", .tags(.law))
struct LawCatalogueTests {
  @Test("Names are different, in kebab-case, and found")
  func names() throws {
    let keys = LawCatalogue.all.map { $0.key }
    #expect(Set(keys).count == keys.count)
    for key in keys {
      #expect(key.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
      #expect(try LawCatalogue.law(key).key == key)
    }
  }

  @Test("An unknown name is answered with the nearest")
  func unknown() {
    let error = #expect(throws: UnknownLaw.self) { try LawCatalogue.law("vertex-grow") }
    #expect(error?.description == "There is no law 'vertex-grow'; did you mean 'vertex-growth'?")
  }

  @Test("Every law says what it says, where it holds and how it is decided", arguments: LawCatalogue.all.map { $0.key })
  func statements(_ key: String) throws {
    let law = try LawCatalogue.law(key).statement
    for text in [law.title, law.text, law.formula, law.domain, law.experiment, law.truncationRule, law.smallestEffect] {
      #expect(!text.isEmpty)
    }
    #expect(!law.sources.isEmpty)
  }

  @Test("Every law is forecast with finite numbers, at every budget", arguments: LawCatalogue.all.map { $0.key })
  func forecasts(_ key: String) throws {
    for budget in LawBudget.allCases {
      let forecast = try LawCatalogue.law(key).init(budget).forecast()
      #expect(forecast.claims.contains { $0.isDeciding })
      for claim in forecast.claims {
        #expect(claim.value.isFinite && claim.truncationError.isFinite)
      }
    }
  }

  /// Seconds each: real networks, the whole way to the page. The measurement is able to say no: it refutes the same forecast with its weakest
  /// number moved, to either side, by twice what the law resolves.
  @Test(
    "Every law is confronted, not refuted unless it says so, and refutes a wrong forecast",
    arguments: LawCatalogue.all.map { $0.key })
  func confrontations(_ key: String) throws {
    let type = try LawCatalogue.law(key)
    let law = type.init(.quick)
    let forecast = try law.forecast()
    let evidence = try law.measure(forecast, in: Laboratory(seed: 7).measuring(key))
    func finding(_ forecast: LawForecast) throws -> LawFinding {
      try LawFinding(type.statement, forecast: forecast, evidence: evidence, seed: 7)
    }
    let own = try finding(forecast)
    #expect(!own.figures.isEmpty)
    #expect(own.verdict != .refuted)
    #expect(own.page().html().contains("</html>"))
    let (claim, effects) = try #require(own.resolvingPower, "\(own.joint)")
    print("\(key) at quick: resolves \(effects) smallest effects of \(claim.key)")
    for side in [-1.0, 1] {
      var moved = forecast
      let place = try #require(moved.claims.firstIndex { $0.key == claim.key })
      moved.claims[place].value += side * 2 * effects * (claim.smallestEffect ?? 0)
      #expect(try finding(moved).verdict == .refuted, "\(claim.key), \(side)")
    }
  }
}
