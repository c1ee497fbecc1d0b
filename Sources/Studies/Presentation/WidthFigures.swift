import OrreryAnalysis
import OrreryReports

/// The figures of a finding against width, and of one output over networks.
struct WidthFigures {
  let finding: Finding

  private var points: [Finding.WidthPoint] { finding.widths.points }
  private var x: [Double] { points.map { Double($0.width) } }

  var variance: Figure {
    var plot = Plot(
      title: "Kernel variance against width", x: .log("width n", ticks: x), y: .log("Var Ĝ^(L) / K²"), size: .column)
    plot.layers = [
      .band(
        "left out at order 1/n", x: x,
        lower: points.map { max($0.relativeVariance - $0.relativeVarianceTruncation, $0.relativeVariance * 0.05) },
        upper: points.map { $0.relativeVariance + $0.relativeVarianceTruncation }),
      .line("theory, order 1/n", x: x, y: points.map(\.relativeVariance)),
      .points(
        "exact law (chain)", x: x, y: points.map(\.chainVariance.value), yError: points.map(\.chainVariance.error),
        isOpen: true),
      .points(
        "real networks", x: x, y: points.map(\.measuredVariance.value), yError: points.map(\.measuredVariance.error)),
    ]
    var caption: InlineText =
      "How much the output kernel differs from network to network, on one input; all hidden layers have width n, and "
      + "C_b and C_W are those of the study at every width."
    if let slope = finding.widths.measuredSlope {
      caption =
        caption
        + InlineText(
          markup:
            " Fitted slope of real networks: \(NumberText.text(slope.value, error: slope.error, style: .typographic))")
      if let chain = finding.widths.chainSlope {
        caption =
          caption
          + InlineText(
            markup: ", of the chain: \(NumberText.text(chain.value, error: chain.error, style: .typographic))")
      }
      caption = caption + "; −1 is order 1/n, and narrow networks bend away from it by the next order."
    }
    return Figure("variance-width", plot, caption: caption)
  }

  /// Nil where the mean kernel has no 1/n correction (scale-invariant activations on one input).
  var deviation: Figure? {
    // Shown where the chain's statistics suffice to see it at some width.
    guard points.contains(where: { abs($0.meanDeviation) > max(1e-12, 2 * $0.chainDeviation.error) }) else {
      return nil
    }
    let sign = points[0].meanDeviation < 0 ? -1.0 : 1.0
    var plot = Plot(
      title: "Mean kernel against width", x: .log("width n", ticks: x),
      y: .log(sign < 0 ? "1 − E Ĝ^(L) / K" : "E Ĝ^(L) / K − 1"))
    plot.layers = [
      .band(
        "left out at order 1/n", x: x,
        lower: points.map {
          max(abs($0.meanDeviation) - $0.meanDeviationTruncation, abs($0.meanDeviation) * 0.05)
        }, upper: points.map { abs($0.meanDeviation) + $0.meanDeviationTruncation }),
      .line(sign < 0 ? "theory, −G1/(nK)" : "theory, G1/(nK)", x: x, y: points.map { sign * $0.meanDeviation }),
      .points(
        "exact law (chain)", x: x, y: points.map { sign * $0.chainDeviation.value },
        yError: points.map(\.chainDeviation.error)),
    ]
    return Figure(
      "deviation-width", plot,
      caption: """
        How far the mean kernel of finite networks is from infinite width. Only the chain has the statistics: \
        \(finding.widths.chainNetworks) networks at most at each width.
        """)
  }

  var histogram: Figure? {
    guard let histogram = finding.histogram else { return nil }
    let centers = zip(histogram.edges, histogram.edges.dropFirst()).map { ($0 + $1) / 2 }
    var plot = Plot(
      title: "One output over networks", x: PlotAxis("z^(L) / √K"), y: PlotAxis("density"))
    plot.layers = [
      .histogram("real networks", edges: histogram.edges, heights: histogram.density.map(\.value)),
      .line("Gaussian, infinite width", x: centers, y: histogram.gaussian, dash: .dashed),
      .line("exact law (chain)", x: centers, y: histogram.chain),
    ]
    func text(_ chi: Finding.ChiSquared) -> String {
      "χ² = \(NumberText.text(chi.value, digits: 3)) for \(chi.degreesOfFreedom) degrees of freedom, "
        + "p = \(NumberText.text(chi.pValue, digits: 2))"
    }
    return Figure(
      "output-histogram", plot,
      caption: "One output of each network on the first input, in units of √K. Against the Gaussian: "
        + InlineText(verbatim: text(histogram.gaussianChiSquared)) + "; against the chain's mixture: "
        + InlineText(verbatim: text(histogram.chainChiSquared)) + ". The curves are averages over the bins.")
  }
}
