import OrreryFindings
import OrreryReports
import Testing

@Suite struct ConfrontationTableTests {
  static let source = Source(key: "a-law", title: "a law", statement: "K = C_b", citation: "Someone (2020)")

  static func confrontation(
    _ value: Double, _ measured: Double, error: Double, sampling: Double = 0, truncation: Double = 0, bias: Double = 0,
    networks: Int = 100, kind: QuantityKind = .kernel
  ) -> Confrontation {
    let quantity = Quantity(kind, layer: 3, samples: [0, 1], outputs: [2], step: 5, width: 64)
    return Confrontation(
      Prediction(quantity, value: value, samplingError: sampling, truncationError: truncation, source: source),
      Measurement(
        quantity, value: measured, standardError: error, systematicBound: bias, networks: networks, estimator: "mean"))
  }

  @Test func statusFollowsTheVerdict() {
    #expect(Verdict.allCases.map(Status.init) == [.good, .caution, .bad, .unknown])
    let table = Table.confrontations([
      Self.confrontation(1, 1.1, error: 0.1), Self.confrontation(1, 1.3, error: 0.1),
      Self.confrontation(1, 2, error: 0.1), Self.confrontation(1, .nan, error: 0.1),
    ])
    #expect(table.rows.map(\.chip?.label) == ["agrees", "in tension", "refuted", "cannot tell"])
    #expect(table.rows.map(\.chip?.status) == [.good, .caution, .bad, .unknown])
  }

  @Test func showsOnlyTheColumnsThatSaySomething() {
    let plain = Table.confrontations([Self.confrontation(1, 1.1, error: 0.1)])
    #expect(plain.columns.map(\.title.plain) == ["quantity", "predicted", "measured", "pull", "law"])
    #expect(plain.notes.count == 3)
    #expect(plain.notes.last?.plain == "Every row is at width n = 64.")
    #expect(!plain.text().contains("n\u{A0}="))
    let full = Table.confrontations([
      Self.confrontation(1, 1.1, error: 0.1, truncation: 0.01),
      Self.confrontation(1, 1.1, error: 0.1, bias: 0.2, networks: 7),
    ])
    #expect(
      full.columns.map(\.title.plain) == [
        "quantity", "predicted", "left out δ_p", "measured", "bias τ_m", "networks", "pull", "law",
      ])
    #expect(full.rows.allSatisfy { $0.cells.count == full.columns.count })
  }

  @Test func pullsAreSigned() {
    let table = Table.confrontations([
      Self.confrontation(1, 1.1, error: 0.1), Self.confrontation(1, 0.75, error: 0.1),
      Self.confrontation(1, 1, error: 0.1),
      Self.confrontation(1, 2, error: 0),
    ])
    let pulls = table.text().split(separator: "\n").dropFirst(2).map { line in
      line.split(separator: " ").first { $0.hasPrefix("+") || $0.hasPrefix("−") || $0 == "0.0" || $0 == "∞" }.map(
        String.init)
    }
    #expect(Array(pulls.prefix(4)) == ["+1.0", "−2.5", "0.0", "∞"])
  }

  @Test(arguments: QuantityKind.allCases)
  func everyQuantityHasAName(kind: QuantityKind) {
    let name = Table.name(of: Self.confrontation(1, 1, error: 1, kind: kind).prediction.quantity).plain
    #expect(name.contains("samples\u{A0}0, 1") && name.contains("n\u{A0}=\u{A0}64") && name.contains("step\u{A0}5"))
    #expect(!Table.name(of: Quantity(kind)).isEmpty)
    #expect(!Table.name(of: Quantity(kind)).plain.contains(";"))
  }

  @Test func aNameOfOnesOwn() {
    let table = Table.confrontations([Self.confrontation(1, 1, error: 1)]) { quantity in "L\(quantity.layer ?? 0)" }
    #expect(table.rows[0].cells[0] == "L3")
  }

  @Test func publicationsAreListedOnce() {
    let other = Source(key: "b-law", title: "b law", statement: "", citation: "Someone (2020)")
    let third = Source(key: "c", title: "c", statement: "", citation: "Else (2021)", link: "https://arxiv.org/abs/1")
    let list = Reference.list([Self.source, third, other, Self.source])
    #expect(list.map(\.key) == ["a-law", "c"])
    #expect(list[0].otherKeys == ["b-law"])
    #expect(list[0].title.plain == "a law; b law")
  }

  @Test func theLawsEntryLinksToItsPublication() {
    let definition = Definition(Self.source)
    #expect(definition.anchor == "a-law")
    #expect(definition.text.markup.contains("(#source-a-law)"))
    let bare = Definition(Source(key: "x", title: "x", statement: "y", citation: ""))
    #expect(bare.text.plain == "y")
  }
}
