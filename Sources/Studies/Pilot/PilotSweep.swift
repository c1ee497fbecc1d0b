import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryReports

/// The pilots of a sweep's points side by side: forecasts and what networks did, point by point.
public struct PilotSweep: Sendable {
  public let findings: [PilotFinding]

  public init(_ findings: [PilotFinding]) { self.findings = findings }

  /// A page with every point's table, which leads to the points' own pages, `point-1` and so on.
  public func page() -> Page {
    var page = Page(
      title: "A pilot at the points of a sweep",
      subtitle: "Initializations and learning rates, trained for a while, beside their forecasts.",
      facts: [.init("points", "\(findings.count)")])
    if let first = findings.first {
      page.facts += [
        .init("networks", "\(first.request.networks) at each point"),
        .init("data", InlineText(verbatim: String(first.forecast.study.dataDigest.prefix(12)))),
      ]
    }
    page.sections = [
      Section(
        "Forecasts and pilots", [.paragraph(InlineText(verbatim: counts)), .table(table)] + explanation),
      Section("Curves", [.figures(figures)]),
    ]
    return page
  }

  /// What tells a point from the others: parts of its subject, such as "8 hidden × 256, SGD", or the changes that made it.
  private func name(_ finding: PilotFinding) -> String {
    let all = findings.map { $0.forecast.subject.components(separatedBy: ", ") }
    let own = finding.forecast.subject.components(separatedBy: ", ").filter { part in
      !all.allSatisfy { $0.contains(part) }
    }
    let isUnique = Set(findings.map(\.forecast.subject)).count == findings.count
    return isUnique && !own.isEmpty ? own.joined(separator: ", ") : finding.forecast.label
  }

  /// How many forecasts held.
  private var counts: String {
    let outcomes = findings.flatMap { $0.rows.map(\.outcome) }
    let parts = PilotFinding.Outcome.allCases.compactMap { outcome -> String? in
      let count = outcomes.count { $0 == outcome }
      return count == 0 ? nil : "\(outcome.rawValue) \(count)"
    }
    return "Of \(outcomes.count) forecasts: " + parts.joined(separator: ", ") + "."
  }

  private var explanation: [Block] { findings.first.map { [.paragraph($0.explanation(isSweep: true))] } ?? [] }

  /// One line for each initialization of each point.
  public var table: Table {
    guard let first = findings.first else { return Table(columns: []) }
    var table = Table(columns: [.init("point")] + first.table.columns)
    for (index, finding) in findings.enumerated() {
      for (place, row) in finding.table.rows.enumerated() {
        let point = place == 0 ? InlineText.link(name(finding), to: index + 1) : ""
        table.rows.append(Table.Row([.text(point)] + row.cells))
      }
    }
    return table
  }

  /// The training loss of the points' own initializations at their own rates: of as many as can be told apart.
  private var figures: [Figure] {
    var plot = Plot(
      title: "Training loss of each point's own initialization", x: PlotAxis("step"),
      y: .log("loss over the best constant's"))
    for finding in findings.prefix(Self.mostCurves) {
      guard let row = finding.rows.first(where: \.isOwn), let point = row.points.first(where: { $0.factor == 1 }),
        point.loss != nil, let series = point.finding.series(.loss), series.median.allSatisfy({ $0 > 0 })
      else { continue }
      plot.layers.append(
        .line(
          InlineText(verbatim: name(finding)), x: series.steps.map(Double.init),
          y: series.median.map { $0 / finding.constantLoss }))
    }
    guard !plot.layers.isEmpty else { return [] }
    let left = findings.count - Self.mostCurves
    return [
      Figure(
        "pilot-losses", plot,
        caption: InlineText(
          verbatim: "Medians over networks, at the study's own learning rate."
            + (left > 0 ? " \(left) more points are in the table." : "")))
    ]
  }

  /// As many as there are colours.
  private static var mostCurves: Int { 6 }

  /// What the command prints.
  public var summary: String { counts + "\n" + table.text(indent: 1) }
}
