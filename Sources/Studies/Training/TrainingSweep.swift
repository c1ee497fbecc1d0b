import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryReports

/// The points of a sweep side by side.
public struct TrainingSweep: Sendable {
  public let findings: [TrainingFinding]

  public init(_ findings: [TrainingFinding]) { self.findings = findings }

  /// A page with the ends and the curves of all points, which leads to their own pages, `point-1` and so on.
  public func page() -> Page {
    var page = Page(
      title: "A sweep", subtitle: InlineText(verbatim: subject), facts: [.init("points", "\(findings.count)")])
    if let rate = commonRate {
      page.facts.append(.init("learning rate", InlineText(verbatim: NumberText.text(rate, digits: 4))))
    }
    page.sections = [
      Section("The ends", [.table(table)]),
      Section("Curves", [.figures(figures)]),
    ]
    return page
  }

  /// What the points have in common.
  private var subject: String {
    let parts = findings.map { $0.subject.components(separatedBy: ", ") }
    guard let first = parts.first else { return "" }
    return first.filter { part in parts.allSatisfy { $0.contains(part) } }.joined(separator: ", ")
  }

  /// The learning rate, where it is that of all points.
  private var commonRate: Double? {
    let rates = Set(findings.map { $0.study.optimizer?.learningRate.value })
    return rates.count == 1 ? rates.first! : nil
  }

  /// What the command prints.
  public var summary: String {
    let rate = commonRate.map { ", learning rate \(NumberText.text($0, digits: 4))" } ?? ""
    let seed = findings.first.map { ", seed \($0.study.seed)" } ?? ""
    return "\(subject)\(rate)\(seed)\n" + table.text(indent: 1)
  }

  /// One line for each point: its values at the end.
  public var table: Table {
    var known = TrainingObservable.allCases
    for observable in findings.flatMap(\.request.observables) where !known.contains(observable) {
      known.append(observable)
    }
    let observables = known.filter { observable in
      ![.gradientNorm, .weightNorm, .integration].contains(observable)
        && findings.contains { $0.series(observable) != nil }
    }
    var table = Table(
      columns: [.init("point")] + (commonRate == nil ? [.init("learning rate", .decimal)] : [])
        + observables.map { .init(InlineText(verbatim: $0.title), .decimal) } + [.init("diverged", .right)])
    for (index, finding) in findings.enumerated() {
      let name = InlineText(verbatim: finding.label).markup
      var cells: [Table.Cell] = [.text(InlineText(markup: "[\(name)](point-\(index + 1)/index.html)"))]
      if commonRate == nil { cells.append(.number(finding.study.optimizer?.learningRate.value ?? .nan, digits: 4)) }
      for observable in observables {
        guard let series = finding.series(observable), let step = series.steps.last, let value = series.median.last
        else {
          cells.append(.none)
          continue
        }
        // Not everything is taken at the last step.
        cells.append(
          step == finding.steps
            ? .number(value, digits: 4)
            : .text(InlineText(verbatim: "\(NumberText.text(value, digits: 4)) (step \(step))")))
      }
      cells.append(.text(InlineText(verbatim: "\(finding.divergences.count) of \(finding.request.networks)")))
      table.rows.append(Table.Row(cells))
    }
    return table
  }

  /// One plot for each observable, a curve for each point: up to as many as can be told apart.
  public var figures: [Figure] {
    let shown = findings.prefix(Self.mostCurves)
    return [TrainingObservable.loss, .testLoss, .accuracy, .testAccuracy, .sharpness].compactMap { observable in
      let curves = shown.compactMap { finding in finding.series(observable).map { (finding.label, $0) } }
      guard !curves.isEmpty else { return nil }
      let isLogarithmic =
        [.loss, .testLoss].contains(observable) && curves.allSatisfy { $0.1.median.allSatisfy { $0 > 0 } }
      let title = InlineText(verbatim: observable.title)
      var plot = Plot(title: title, x: PlotAxis("step"), y: isLogarithmic ? .log(title) : PlotAxis(title))
      plot.layers = curves.map { label, series in
        .line(InlineText(verbatim: label), x: series.steps.map(Double.init), y: series.median)
      }
      let left = findings.count - shown.count
      return Figure(
        observable.rawValue, plot,
        caption: InlineText(
          verbatim: (findings[0].request.networks > 1 ? "Medians over networks. " : "")
            + (left > 0 ? "\(left) more points are in the table." : "")))
    }
  }

  /// As many as there are colours.
  private static var mostCurves: Int { 6 }
}
