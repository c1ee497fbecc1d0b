import OrreryFindings
import OrreryNetworks
import OrreryReports

extension Finding: Reportable {
  public static let file = "finding.json"
  public var label: String { forecast.label }

  /// The first page and the verdicts, for a terminal.
  public var summary: String {
    let last = forecast.layerCount
    let counts = verdictCounts
    let output = confrontations.filter { $0.prediction.quantity.layer == last }
    let words = Verdict.allCases.compactMap { verdict in counts[verdict].map { "\($0) \(verdict.phrase(count: $0))" } }
    return forecast.headline.text() + "\n" + Table.confrontations(output).text()
      + "\n\(allConfrontations.count) comparisons, all layers and widths: \(words.joined(separator: ", ")).\n"
      + (dynamics.map { "In training, \($0.networks) networks: \($0.joint.verdict.rawValue). \($0.verdictText)\n" }
        ?? dynamicsExclusion.map { "Training is not confronted. \($0)\n" } ?? "")
  }
  /// The points of a sweep, each with how many comparisons have which verdict.
  public static func index(of findings: [Finding]) -> Page {
    let hasTraining = findings.contains { $0.dynamics != nil }
    var table = Table(
      columns: [
        .init("point"), .init("ν L/n", .decimal), .init("agrees", .right), .init("in tension", .right),
        .init("refuted", .right),
      ] + (hasTraining ? [.init("in training", .right)] : []))
    for (index, finding) in findings.enumerated() {
      let counts = finding.verdictCounts
      var cells: [Table.Cell] = [
        .text(.link(finding.label, to: index + 1)),
        finding.forecast.expansion.map { .number($0.coupling, digits: 3) } ?? .none, .integer(counts[.agrees] ?? 0),
        .integer(counts[.inTension] ?? 0), .integer(counts[.refuted] ?? 0),
      ]
      if hasTraining {
        cells.append(finding.dynamics.map { .text(InlineText(verbatim: $0.joint.verdict.rawValue)) } ?? .none)
      }
      table.rows.append(Table.Row(cells))
    }
    var page = Page(title: "A sweep", subtitle: InlineText(verbatim: findings.first?.forecast.subject ?? ""))
    page.sections = [Section("Points", [.table(table)])]
    return page
  }
}
