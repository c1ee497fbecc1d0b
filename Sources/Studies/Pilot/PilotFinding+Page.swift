import OrreryExperiment
import OrreryNetworks
import OrreryReports

extension PilotFinding: Reportable {
  public static let file = "pilot.json"
  public var label: String { forecast.label }
  public static func index(of findings: [PilotFinding]) -> Page { PilotSweep(findings).page() }
  public static func summary(of findings: [PilotFinding]) -> String {
    findings.count == 1 ? findings[0].summary : PilotSweep(findings).summary
  }

  /// The report: what was forecast, what the pilot's networks did, their curves.
  public func page() -> Page {
    var page = Page(
      title: InlineText(verbatim: forecast.subject),
      subtitle: "A pilot: a handful of initializations and learning rates, trained for a while, beside their forecast.",
      facts: [
        .init("seed", InlineText(verbatim: String(forecast.study.seed))),
        .init("networks", "\(request.networks) at each point"), .init("steps", "\(steps)"),
        .init("data", InlineText(verbatim: String(forecast.study.dataDigest.prefix(12)))),
      ])
    page.sections = [
      Section("Forecast and pilot", [.callout(status, conclusion), .table(table), .paragraph(explanation())]),
      Section("Curves", [.figures(figures)]),
      Section("Forecast", [.headline(forecast.headline)]),
      Section("Resolved description", [.details("as JSON", [.code(forecast.study.text)])]),
    ]
    page.references = Reference.list(forecast.laws + forecast.study.sources)
    return page
  }

  private var steps: Int { rows.first?.points.first?.finding.study.optimizer?.steps ?? request.steps }

  private var status: StatusChip {
    let outcomes = rows.map(\.outcome)
    if outcomes.contains(.refuted) { return StatusChip(.bad, "refuted") }
    if outcomes.contains(.notYet) { return StatusChip(.caution, "not yet") }
    if outcomes.contains(.cannotTell) { return StatusChip(.caution, "cannot tell") }
    return outcomes.contains(.agrees) ? StatusChip(.good, "agrees") : StatusChip(.caution, "open")
  }

  /// Which forecasts held, in a sentence or two.
  var conclusion: InlineText {
    func names(_ outcome: Outcome) -> String? {
      let names = rows.filter { $0.outcome == outcome }.map(\.initialization)
      return names.isEmpty ? nil : names.joined(separator: ", ")
    }
    var parts: [String] = []
    if let names = names(.agrees) { parts.append("The forecast held for \(names).") }
    if let names = names(.refuted) { parts.append("It said that \(names) would not train, and it did.") }
    if let names = names(.notYet) {
      parts.append("Nothing was forecast to stand in the way of \(names), and in \(steps) steps nothing was learned.")
    }
    if let names = names(.cannotTell) {
      parts.append(
        "That \(names) did not learn at η is no sign: "
          + (rows.contains(where: \.learned) ? "training diverged." : "in \(steps) steps nothing else learned either."))
    }
    if let names = names(.open) { parts.append("Theory leaves open what \(names) does.") }
    return InlineText(verbatim: parts.joined(separator: " "))
  }

  /// A row for each initialization, a column for each learning rate.
  var table: Table {
    var table = Table(
      columns: [.init("initialization"), .init("forecast")]
        + request.factors.map {
          .init(Self.rate($0), .right)
        } + [.init("verdict")])
    for row in rows {
      let forecast =
        switch row.forecastTrains {
        case true?: StatusChip(.good, "trains")
        case false?: StatusChip(.bad, "will not train")
        case nil: StatusChip(.caution, "open")
        }
      let verdict: StatusChip =
        switch row.outcome {
        case .agrees: StatusChip(.good, "agrees")
        case .refuted: StatusChip(.bad, "refuted")
        case .notYet: StatusChip(.caution, "not yet")
        case .cannotTell: StatusChip(.caution, "cannot tell")
        case .open: StatusChip(.caution, "open")
        }
      let name = row.initialization + (row.isOwn ? " (yours)" : "")
      table.rows.append(
        Table.Row(
          [.text(InlineText(verbatim: name)), .chip(forecast)] + row.points.map(cell) + [.chip(verdict)]))
    }
    return table
  }

  /// "0.1 η", "η", "10 η".
  private static func rate(_ factor: Double) -> InlineText {
    let number = factor == factor.rounded() ? String(Int(factor)) : String(factor)
    return InlineText(verbatim: factor == 1 ? "η" : "\(number) η")
  }

  private func cell(_ point: Point) -> Table.Cell {
    if let first = point.finding.divergences.map(\.step).min() {
      return .text(InlineText(verbatim: "diverged at \(first)"))
    }
    if let accuracy = point.testAccuracy { return .number(accuracy, digits: 3) }
    return .number(point.loss ?? .nan, digits: 3)
  }

  func explanation(isSweep: Bool = false) -> InlineText {
    let own = forecast.initializations.firstIndex(where: \.isOwn) ?? 0
    let rate = rows.indices.contains(own) ? rows[own].points.first.map { $0.learningRate / $0.factor } : nil
    let isAccuracy = rows.contains { $0.points.contains { $0.testAccuracy != nil } }
    return InlineText(
      verbatim: "The numbers are the median \(isAccuracy ? "test accuracy" : "training loss") of \(request.networks) "
        + "network\(request.networks == 1 ? "" : "s") after \(steps) steps"
        + (isSweep
          ? "; η is each point's own learning rate"
          : rate.map { "; η = \(NumberText.text($0, digits: 3)) is the study's own learning rate" } ?? "")
        + ", and the forecast is of it. A network has learned when its training loss is below nine tenths of the best "
        + "constant output's, \(NumberText.text(constantLoss, digits: 4)).")
  }

  /// The training loss of each initialization at its best learning rate.
  var figures: [Figure] {
    var plot = Plot(title: "Training loss at each initialization's best rate", x: PlotAxis("step"), y: .log("loss"))
    var isPositive = true
    for row in rows {
      guard let best = row.best, let series = best.finding.series(.loss) else { continue }
      isPositive = isPositive && series.median.allSatisfy { $0 > 0 }
      plot.layers.append(
        .line(
          InlineText(verbatim: "\(row.initialization), ") + Self.rate(best.factor),
          x: series.steps.map(Double.init), y: series.median))
    }
    guard !plot.layers.isEmpty else { return [] }
    if !isPositive { plot.y = PlotAxis("loss") }
    plot.layers.append(.horizontal("best constant output", at: constantLoss))
    return [Figure("pilot-loss", plot, caption: "Medians over networks.")]
  }

  /// What the command prints.
  public var summary: String {
    ([forecast.subject, conclusion.plain].joined(separator: "\n") + "\n" + table.text(indent: 1) + explanation().plain
      + "\n")
  }
}
