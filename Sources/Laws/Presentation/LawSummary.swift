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

  public init(_ finding: LawFinding) {
    key = finding.law.key
    verdict = finding.verdict
    budget = finding.budget
    seed = finding.seed
    version = finding.version
    pValue = finding.joint.pValue.isFinite ? finding.joint.pValue : nil
  }
}

/// All laws at a glance: which hold, are in tension, are refuted, or could not be decided.
public struct LawIndex: Sendable {
  /// By law; laws without one were not confronted.
  public var summaries: [String: LawSummary]

  public init(_ summaries: [LawSummary]) {
    self.summaries = Dictionary(summaries.map { ($0.key, $0) }) { _, last in last }
  }

  /// - Parameter isLinked: whether laws link to their pages, `KEY/index.html`.
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
      return count > 0 ? "\(count) \(verdict.ofLaw)" : nil
    }
    let open = LawCatalogue.all.count { summaries[$0.key] == nil }
    let said = counts + (open > 0 ? ["\(open) not confronted"] : [])
    return InlineText(
      verbatim: "Of \(LawCatalogue.all.count) laws: " + said.joined(separator: ", ")
        + ". One true law in twenty is in tension by chance, and one in a thousand refuted.")
  }

  private func table(_ chapter: LawChapter, isLinked: Bool) -> Table {
    let laws = LawCatalogue.all.map { $0.statement }.filter { $0.chapter == chapter }
    let hasFindings = !summaries.isEmpty
    var table = Table(
      columns: isLinked
        ? [.init("law"), .init("what it says"), .init("p", .decimal), .init("budget")]
        : [.init("name"), .init("law")] + (hasFindings ? [.init("p", .decimal), .init("budget")] : []),
      chipTitle: hasFindings ? "verdict" : "")
    table.rows = laws.map { law in
      let summary = summaries[law.key]
      let numbers: [Table.Cell] = [
        summary?.pValue.map { .number($0, digits: 2) } ?? .none,
        summary.map { .text(InlineText(verbatim: $0.budget.rawValue)) } ?? .none,
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
