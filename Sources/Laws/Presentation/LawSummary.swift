import OrreryFindings
import OrreryReports

/// What an index says of one law's last confrontation.
public struct LawSummary: Hashable, Codable, Sendable {
  public var key: String
  public var verdict: Verdict
  public var budget: LawBudget
  public var seed: UInt64
  public var version: String
  /// The probability of a larger statistic if the law holds; nil where there was none.
  public var pValue: Double?
  /// The departure that is refuted with probability 0.9, in smallest effects of interest; nil where there was no statistic.
  public var resolvingPower: Double?

  public init(_ finding: LawFinding) {
    key = finding.law.key
    verdict = finding.verdict
    budget = finding.budget
    seed = finding.seed
    version = finding.version
    pValue = finding.joint.pValue.isFinite ? finding.joint.pValue : nil
    resolvingPower = finding.joint.resolvingPower?.effects
  }

  /// The budget, and the version where it is not today's.
  var origin: String { version == OrreryVersion.current ? budget.rawValue : "\(budget.rawValue), version \(version)" }
}

/// All laws at a glance: which hold, are in tension, are refuted, or could not be decided.
public struct LawIndex: Sendable {
  /// The laws that it lists, by chapter.
  public var laws: [LawStatement]
  /// By law; laws without one were not confronted.
  public var summaries: [String: LawSummary]

  /// - Parameter laws: what to list; the catalogue unless given.
  public init(_ summaries: [LawSummary], laws: [LawStatement] = LawCatalogue.all.map { $0.statement }) {
    self.laws = laws
    self.summaries = Dictionary(
      summaries.filter { summary in laws.contains { $0.key == summary.key } }.map { ($0.key, $0) }
    ) { _, last in last }
  }

  /// A page whose laws link to theirs, `KEY/index.html`.
  public func page() -> Page {
    var page = Page(
      title: "The laws", subtitle: "Statements of the physics of deep learning, each confronted with real networks.")
    page.sections = [Section("At a glance", [.paragraph(overview)])]
    page.sections += LawChapter.allCases.compactMap { chapter in
      let table = table(chapter, isLinked: true)
      return table.rows.isEmpty ? nil : Section(InlineText(verbatim: chapter.rawValue), [.table(table)])
    }
    return page
  }

  /// The same for a terminal.
  public var text: String {
    LawChapter.allCases.compactMap { chapter in
      let table = table(chapter, isLinked: false)
      return table.rows.isEmpty ? nil : "\(chapter.rawValue)\n" + table.text(indent: 1)
    }.joined(separator: "\n")
  }

  private var overview: InlineText {
    let counts = Verdict.allCases.compactMap { verdict in
      let count = summaries.values.count { $0.verdict == verdict }
      return count > 0 ? "\(count) \(verdict == .agrees && count > 1 ? "hold" : verdict.ofLaw)" : nil
    }
    let open = laws.count { summaries[$0.key] == nil }
    let said = counts + (open > 0 ? ["\(open) not confronted"] : [])
    return InlineText(
      verbatim: "Of \(laws.count) laws: " + said.joined(separator: ", ")
        + ". By chance, about one true law in twenty is in tension, and one in a thousand refuted.")
  }

  private func table(_ chapter: LawChapter, isLinked: Bool) -> Table {
    let laws = laws.filter { $0.chapter == chapter }
    let hasFindings = !summaries.isEmpty
    var table = Table(
      columns: isLinked
        ? [.init("law"), .init("what it says"), .init("p", .decimal), .init("resolves", .decimal), .init("budget")]
        : [.init("name"), .init("law")]
          + (hasFindings ? [.init("p", .decimal), .init("resolves", .decimal), .init("budget")] : []),
      chipTitle: hasFindings ? "verdict" : "")
    table.rows = laws.map { law in
      let summary = summaries[law.key]
      let numbers: [Table.Cell] = [
        summary?.pValue.map { .number($0, digits: 2) } ?? .none,
        summary?.resolvingPower.map { .number($0, digits: 2) } ?? .none,
        summary.map { .text(InlineText(verbatim: $0.origin)) } ?? .none,
      ]
      var cells: [Table.Cell] = []
      if isLinked {
        let title =
          summary == nil ? law.title : InlineText(markup: "[\(law.title.markup)](\(law.key)/index.html)")
        cells = [.text(title), .text(law.text)] + numbers
      } else {
        cells = [.text(InlineText(verbatim: law.key)), .text(law.title)] + (hasFindings ? numbers : [])
      }
      let chip = summary.map { StatusChip(Status($0.verdict), $0.verdict.ofLaw) }
      return Table.Row(cells, chip: chip ?? (hasFindings ? StatusChip(.unknown, "not confronted") : nil))
    }
    return table
  }
}
