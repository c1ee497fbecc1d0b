import OrreryAnalysis
import OrreryFindings
import OrreryReports

extension LawFinding {
  /// The law's page: the verdict, the statement, the picture, every number, and how it was decided.
  public func page() -> Page {
    var page = Page(
      title: law.title, subtitle: law.text,
      facts: [
        .init("verdict", InlineText(verbatim: verdict.ofLaw)),
        .init("chapter", InlineText(verbatim: law.chapter.rawValue)),
        .init("budget", InlineText(verbatim: budget.rawValue)), .init("seed", InlineText(verbatim: String(seed))),
        .init("version", InlineText(verbatim: version)),
      ])
    page.sections = [
      Section("Verdict", [.callout(chip, verdictText)]),
      Section("The law", [.paragraph(law.formula), .paragraph("**Domain.** " + law.domain)]),
      Section(
        "Predicted and measured",
        (figures.count == 1 ? [.figure(figures[0])] : [.figures(figures)]) + [.table(table)] + tables.map { .table($0) }
      ),
    ]
    if !remarks.isEmpty { page.sections.append(Section("Remarks", [.list(remarks)])) }
    page.sections += [
      Section(
        "How it is decided",
        [
          .paragraph("**Experiment.** " + law.experiment),
          .paragraph("**What the theory leaves out.** " + law.truncationRule),
          .paragraph("**Smallest effect of interest.** " + law.smallestEffect), .paragraph(Self.rule),
          .paragraph("[All laws](../index.html)"),
        ])
    ]
    page.references = Reference.list(law.sources)
    return page
  }

  /// The same for a terminal.
  public var text: String {
    "\(law.title.plain): \(verdict.ofLaw)\n\(verdictText.plain)\n\n" + table.text()
      + remarks.map { "\n\($0.plain)\n" }.joined()
  }

  public var chip: StatusChip { StatusChip(Status(verdict), verdict.ofLaw) }

  /// The one statistic and what it says.
  var verdictText: InlineText {
    let deciding = confrontations.count(where: \.claim.isDeciding)
    guard joint.degreesOfFreedom > 0 else {
      let needed = max(Confrontation.fewestNetworks, JointConfrontation.networksPerQuantity * deciding)
      return joint.networks < needed
        ? "Undecided: \(joint.networks) networks are too few for \(deciding) numbers; ask for a larger budget."
        : "Undecided: a measured number or its error is zero or not finite, so that no statistic can be made of it."
    }
    let chance: InlineText =
      joint.pValue < 1e-6
      ? "below 10^-6" : "\(NumberText.text(joint.pValue, digits: 2))"
    let opening: InlineText =
      "T^2 = \(NumberText.text(joint.statistic, digits: 3)) over \(joint.degreesOfFreedom) modes of \(deciding) numbers: if the "
      + "law holds, a larger one has the probability "
    var text = opening + chance + "."
    if let (claim, effects) = resolvingPower {
      text =
        text + " Resolving power: of " + claim.title
        + ", the number that is known least, a departure of \(NumberText.text(effects, digits: 2)) times the smallest effect of interest is "
        + "refuted with probability \(NumberText.text(JointConfrontation.power, digits: 1))."
    }
    if verdict == .cannotTell {
      text =
        text
        + " An error, or a departure, is still larger than the smallest effect of interest: a larger budget may decide."
    }
    return text
  }

  private static let rule: InlineText =
    "One statistic decides: Hotelling's T^2 of all deciding numbers, with their measured covariance and that of what the theory "
    + "leaves out. Refuted where a larger T^2 has a probability below 10^-3 if the law holds, in tension below 0.0455, "
    + "undecided where an error or a departure exceeds the smallest effect of interest. The forecast was written before the measurement began."

  private var table: Table {
    let leavesOut = confrontations.contains { $0.claim.truncationError != 0 }
    let isBiased = confrontations.contains { $0.measurement.systematicBound > 0 }
    var columns: [Table.Column] = [.init("number"), .init("predicted", .decimal)]
    if leavesOut { columns.append(.init("left out δ", .decimal)) }
    columns.append(.init("measured", .decimal))
    if isBiased { columns.append(.init("bias τ", .decimal)) }
    columns += [.init("networks", .right), .init("pull", .decimal)]
    var table = Table(columns: columns, caption: "Every number, predicted before it was measured.")
    table.rows = confrontations.map { one in
      var cells: [Table.Cell] = [
        .text(one.claim.isDeciding ? one.claim.title : one.claim.title + " (beside)"),
        one.claim.samplingError > 0
          ? .measured(one.claim.value, error: one.claim.samplingError) : .number(one.claim.value, digits: 4),
      ]
      if leavesOut { cells.append(Self.size(one.claim.truncationError)) }
      cells.append(.measured(one.measurement.value, error: one.measurement.standardError))
      if isBiased { cells.append(Self.size(one.measurement.systematicBound)) }
      cells += [.integer(one.measurement.networks), .number(one.pull, digits: 2)]
      return Table.Row(cells, chip: StatusChip(one.verdict))
    }
    table.notes = [
      "Digits in parentheses are the standard error of the last digits, over networks. Pull = (measured − predicted) / √(σ_m² + "
        + "τ_m² + σ_p² + δ_p²). Rows marked *beside* do not decide."
    ]
    return table
  }

  private static func size(_ error: Double) -> Table.Cell { error != 0 ? .number(abs(error), digits: 2) : .none }
}
