import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTheory

extension Finding {
  /// The report: what to do first, then whether theory held, then where the network stands.
  public func page() -> Page {
    let laws = self.laws
    var page = Page(
      title: InlineText(verbatim: forecast.subject),
      subtitle: "What theory expects of this network at initialization, beside what real networks did.",
      facts: [
        .init("seed", InlineText(verbatim: String(forecast.study.seed))),
        .init("initialization", InlineText(verbatim: forecast.study.initializationName)),
        .init("real networks", "\(widths.networks) at each width"),
        .init("data", InlineText(verbatim: String(forecast.study.dataDigest.prefix(12)))),
        .init("study", InlineText(verbatim: String(hash.prefix(12)))),
      ])
    page.sections = [
      Section("Forecast", [.headline(forecast.headline)]),
      Section("Does it hold?", agreement),
    ]
    let finiteWidth = finiteWidthBlocks
    if !finiteWidth.isEmpty { page.sections.append(Section("At finite width", finiteWidth)) }
    if let dynamics {
      page.sections.append(Section("Does it hold in training?", dynamics.blocks))
    } else if let dynamicsExclusion {
      page.sections.append(
        Section("Does it hold in training?", [.paragraph(InlineText(verbatim: dynamicsExclusion))]))
    }
    page.sections += [
      Section("Where this network stands", standing),
      Section("Every number", numbers),
      Section("Critical initialization", forecast.criticalityBlocks),
      Section("The laws", [.definitions(laws.map { Definition($0) })]),
      Section("Resolved description", [.details("as JSON", [.code(forecast.study.text)])]),
    ]
    page.references = Reference.list(laws + forecast.study.sources)
    return page
  }

  private var agreement: [Block] {
    let counts = verdictCounts
    let words = Verdict.allCases.compactMap { verdict in counts[verdict].map { "\($0) \(verdict.phrase(count: $0))" } }
    let total = allConfrontations.count
    let byChance = 0.0455 * Double(total)
    // A few pulls beyond 2 are what chance gives; so many that chance gives them in one case of twenty are not. A Poisson
    // count of mean m is at least k with the probability that χ² of 2k degrees of freedom is below 2m.
    let tense = counts[.inTension] ?? 0
    let isUnlikely = tense > 0 && Distributions.chiSquaredSurvival(2 * byChance, degreesOfFreedom: 2 * tense) > 0.95
    let worst: Status = counts[.refuted] != nil ? .bad : (isUnlikely ? .caution : .good)
    // Pulls of one ensemble are correlated; a twentieth of them beyond 2 is what chance alone gives.
    let expected = NumberText.text(byChance, digits: 2)
    let summary: InlineText =
      "Of \(total) comparisons, \(words.joined(separator: ", ")). By chance alone about \(expected) would lie beyond a "
      + "pull of 2; comparisons of one ensemble are not independent."
    let unmeasured = allConfrontations.count { $0.prediction.quantity.kind == .kernelMeanDeviation }
    let beside: InlineText =
      unmeasured > 0 ? " \(unmeasured) of them set order 1/n beside the exact law, without a real network." : ""
    let figures = WidthFigures(finding: self)
    var blocks: [Block] = [
      .callout(
        StatusChip(worst, worst == .good ? "agrees" : (worst == .caution ? "in tension" : "refuted")), summary + beside)
    ]
    let against = widths.points.isEmpty ? [] : [figures.variance, figures.deviation]
    let shown = (against + [figures.histogram]).compactMap { $0 }
    if let neglected { blocks.append(.paragraph(InlineText(verbatim: neglected))) }
    if !shown.isEmpty { blocks.append(.figures(shown)) }
    return blocks
  }

  private var standing: [Block] {
    let depth = DepthFigures(forecast: forecast, measured: self.depth)
    return [
      .figures(
        [forecast.phaseFigure, depth.correlation, depth.kernel, depth.fluctuations, depth.susceptibility].compactMap {
          $0
        })
    ]
  }

  private var numbers: [Block] {
    let last = forecast.layerCount
    // The NTK's statistics have a section of their own.
    let own = confrontations.filter { !$0.isOfTangentKernel }
    let output = own.filter { $0.prediction.quantity.layer == last }
    let hidden = own.filter { $0.prediction.quantity.layer != last }
    let acrossWidths = widths.points.flatMap(\.confrontations).filter { !$0.isOfTangentKernel }
    var blocks: [Block] = [.table(.confrontations(output, caption: "The output layer, ℓ = L = \(last)."))]
    if !acrossWidths.isEmpty {
      blocks.append(
        .details(
          "Against width",
          [
            .table(
              .confrontations(
                acrossWidths,
                caption: "The output kernel, by width. The mean kernel over K is the chain's: no network is run for it."
              ))
          ]))
    }
    if !hidden.isEmpty {
      blocks.append(.details("Hidden layers", [.table(.confrontations(hidden, caption: "Layers below the output."))]))
    }
    return blocks
  }
}

extension Verdict {
  /// "agree", "agrees": the verdict as the predicate of a count.
  package func phrase(count: Int) -> String {
    switch self {
    case .agrees: count == 1 ? "agrees" : "agree"
    case .inTension: count == 1 ? "is in tension" : "are in tension"
    case .refuted: count == 1 ? "is refuted" : "are refuted"
    case .cannotTell: "cannot tell"
    }
  }
}

extension Forecast {
  /// Where the network stands between order and chaos; nil for networks that are no perceptrons.
  var phaseFigure: Figure? {
    guard let perceptron else { return nil }
    return Figure(
      "phase-diagram", PhaseDiagram(perceptron, meanSquaredInput: inputs.meanSquare).plot,
      caption:
        "χ_⊥ at the kernel that depth leads to, over C_b and C_W. Below 1 (blue) all inputs become alike, above it (orange) "
        + "close inputs separate; empty where kernels grow without bound. On the dashed line a network can be deep.")
  }

  /// Every critical point, or why there is none.
  var criticalityBlocks: [Block] {
    var blocks: [Block] = []
    if let reason = criticality.reason {
      blocks.append(.callout(StatusChip(.caution, "none"), InlineText(verbatim: reason)))
    }
    if !fixedPoints.isEmpty {
      blocks.append(
        .table(
          .fixedPoints(
            fixedPoints, caption: "Fixed points of the kernel with this study's own C_b and C_W of the hidden layers."))
      )
    }
    guard !criticality.points.isEmpty else { return blocks }
    var table = Table(
      columns: [
        .init("class"), .init("C_W", .decimal), .init("C_b", .decimal), .init("K^{★}", .decimal), .init("ν", .decimal),
        .init("stability"), .init("with depth"), .init("taken"),
      ],
      caption:
        "Where \(perceptron?.architecture.activation.function.name ?? "the activation") neither loses nor separates its inputs with depth."
    )
    table.rows = criticality.points.map { point in
      Table.Row([
        .text(InlineText(verbatim: point.universalityClass)), .number(point.weightVariance, digits: 9),
        .number(point.biasVariance, digits: 9), point.kernel.map { .number($0, digits: 9) } ?? .text("any"),
        .number(point.slope, digits: 4), .text(InlineText(verbatim: point.stability)),
        .text(InlineText(markup: point.asymptotics)), .text(point.isTaken ? "yes" : ""),
      ])
    }
    blocks.append(.table(table))
    if let taken = criticality.points.first(where: \.isTaken) {
      blocks.append(.paragraph(InlineText(markup: taken.firstLayer)))
      var rates = Table(
        columns: [.init("layer ℓ", .right), .init("λ_b / λ̃_b", .decimal), .init("λ_W / λ̃_W", .decimal)],
        caption:
          "Learning rates for which every layer adds the same share to the NTK at any depth, up to one factor each.")
      rates.rows = taken.learningRates.enumerated().map {
        Table.Row([.integer($0.offset + 1), .number($0.element.bias, digits: 4), .number($0.element.weight, digits: 4)])
      }
      blocks.append(.details("Learning rates by layer", [.table(rates)]))
    }
    return blocks
  }
}
