import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTheory

extension Forecast {
  /// The first page: the same value makes the card of a report and the lines of a terminal.
  public var headline: Headline {
    var verdicts = verdict.map { Headline.Line(InlineText(verbatim: $0.text), $0.tone.status) }
    if !label.isEmpty { verdicts.insert(Headline.Line(InlineText(verbatim: "At \(label).")), at: 0) }
    return Headline(
      forecast: InlineText(verbatim: subject), verdict: verdicts, table: comparison,
      changes: changes.map { InlineText(verbatim: $0) }, notSaid: notSaid.map { InlineText(verbatim: $0) })
  }

  /// Initializations side by side, a row for each number, its law at the end.
  var comparison: Table {
    var table = Table(
      columns: [Table.Column("")]
        + initializations.map { Table.Column(InlineText(verbatim: $0.name + ($0.isOwn ? " (yours)" : "")), .right) }
        + [Table.Column("law")])
    func row(_ title: InlineText, _ law: Source, indent: Int = 0, _ cell: (InitializationForecast) -> Table.Cell) {
      let link = InlineText(markup: "[\(InlineText(verbatim: law.title).markup)](#\(law.key))")
      table.rows.append(
        Table.Row([.text(title)] + initializations.map(cell) + [.text(link)], indent: indent))
    }
    row("output kernel K, n = ∞", .kernelRecursion) { .number($0.outputKernel, digits: 2) }
    if perceptron != nil {
      row("one network, 95 % range", .gramChain, indent: 1) { column in
        guard let range = column.outputKernelRange else { return .none }
        return .text(
          "×\(NumberText.text(range.lower, digits: 2))–\(NumberText.text(range.upper, digits: 2))")
      }
    }
    if initializations.contains(where: { $0.outputKernelOverData.map { $0.upper > 1.01 * $0.lower } ?? false }) {
      row("over the data, 5–95 %", .kernelRecursion, indent: 1) { column in
        guard let range = column.outputKernelOverData else { return .none }
        return .text(
          "×\(NumberText.text(range.lower, digits: 2))–\(NumberText.text(range.upper, digits: 2))")
      }
    }
    if initializations.contains(where: { $0.outputDecorrelation != nil }) {
      let start = NumberText.text(inputs.typicalCorrelation, digits: 2)
      row("correlation of two inputs, \(start) →", .correlationMap) { column in
        guard let decorrelation = column.outputDecorrelation else { return .none }
        // Below half a rounding of float32 the two are one number.
        return decorrelation < 0x1p-25
          ? .text("1 to rounding") : .text(InlineText(verbatim: Self.correlationText(decorrelation)))
      }
    }
    guard initializations.contains(where: { $0.trainability != nil }) else { return table }
    let units = study.network.parametrization == .ntk ? " (NTK units)" : ""
    row("gradient rms, first layer\(units)", .backwardRecursion) { column in
      guard let gradient = column.trainability?.firstLayerGradient else { return .none }
      return .number(gradient, digits: 2)
    }
    row("against \(gradientFloor.name)", gradientFloor.law, indent: 1) { column in
      guard let trainability = column.trainability else { return .none }
      return .text(InlineText(verbatim: trainability.gradientVerdict))
    }
    row("depth at \(study.precision.rawValue) horizon", .floatHorizon) { column in
      // Where σ jumps, differences do not go on in proportion: the horizon's law is not for it.
      guard let trainability = column.trainability, let perceptron, !perceptron.architecture.activation.isDiscontinuous
      else {
        return .none
      }
      return .text(trainability.horizon.map { "\($0)" } ?? "> \(perceptron.architecture.depth)")
    }
    return table
  }

  /// What a gradient must exceed, with the law.
  private var gradientFloor: (name: String, law: Source) {
    if let method = study.optimizer?.method, let epsilon = method.epsilon {
      return ("\(method.name)'s ε = \(NumberText.text(epsilon, digits: 1))", .adamEpsilon)
    }
    return ("\(study.precision.rawValue)'s range", .floatingPointRange)
  }

  /// A correlation with as many digits as its distance from 1 needs.
  static func correlationText(_ decorrelation: Double) -> String {
    decorrelation < 5e-3
      ? "1 − \(NumberText.text(decorrelation, digits: 2))" : String(format: "%.2f", 1 - decorrelation)
  }
}

extension Forecast.Statement.Tone {
  var status: Status? {
    switch self {
    case .good: .good
    case .caution: .caution
    case .bad: .bad
    case .neutral: nil
    }
  }
}
