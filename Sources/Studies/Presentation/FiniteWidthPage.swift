import OrreryAnalysis
import OrreryFindings
import OrreryReports

extension Finding {
  /// The report's section on finite width: what is forecast of it, and the NTK's statistics beside real networks.
  var finiteWidthBlocks: [Block] {
    var blocks: [Block] = []
    if let table = forecast.finiteWidthTable { blocks.append(.table(table)) }
    let tangents = tangentConfrontations
    if let finiteWidthExclusion {
      blocks.append(
        .paragraph(InlineText(verbatim: "The statistics of the NTK are not confronted. \(finiteWidthExclusion)")))
    } else if !tangents.isEmpty {
      let counts = Dictionary(tangents.map { ($0.verdict, 1) }, uniquingKeysWith: +)
      let words = Verdict.allCases.compactMap { verdict in
        counts[verdict].map { "\($0) \(verdict.phrase(count: $0))" }
      }
      let status: Status =
        counts[.refuted] != nil ? .bad : (counts[.inTension] != nil ? .caution : .good)
      blocks.append(
        .callout(
          StatusChip(status, status == .good ? "agrees" : (status == .caution ? "in tension" : "refuted")),
          InlineText(
            verbatim:
              "Of \(tangents.count) comparisons of the NTK's mean, variance and correlation, \(words.joined(separator: ", ")). No "
              + "next order is known of these: it is taken to be the part of order 1/n, for covariances of the whole fluctuation, that the "
              + "relative variance of kernel or NTK is, whichever is larger.")))
    }
    let figures = TangentFigures(self).all
    if !figures.isEmpty { blocks.append(.figures(figures)) }
    if !tangents.isEmpty {
      blocks.append(
        .table(
          .confrontations(
            confrontations.filter(\.isOfTangentKernel),
            caption: "The NTK at the output layer, on the first two samples at most.")))
      let against = widths.points.flatMap(\.confrontations).filter(\.isOfTangentKernel)
      if !against.isEmpty {
        blocks.append(
          .details("The NTK against width", [.table(.confrontations(against, caption: "On the first sample."))]))
      }
    }
    return blocks
  }

  private var tangentConfrontations: [Confrontation] { allConfrontations.filter(\.isOfTangentKernel) }
}

extension Confrontation {
  /// Whether it is of the NTK's statistics.
  var isOfTangentKernel: Bool {
    switch prediction.quantity.kind {
    case .neuralTangentKernel, .tangentKernelVariance, .tangentKernelCovariance, .kernelTangentCovariance: true
    default: false
    }
  }
}
