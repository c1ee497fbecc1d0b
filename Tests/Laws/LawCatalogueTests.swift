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

  /// Seconds each: real networks, the whole way to the page.
  @Test("Every law is confronted, and not refuted unless it says so", arguments: LawCatalogue.all.map { $0.key })
  func confrontations(_ key: String) throws {
    let finding = try LawCatalogue.law(key).init(.quick).confront(in: Laboratory(seed: 7))
    #expect(!finding.figures.isEmpty)
    #expect(finding.verdict != .refuted)
    #expect(finding.page().html().contains("</html>"))
  }
}
