import OrreryAnalysis
import OrreryReports

/// The figures of training at infinite width beside real networks.
struct DynamicsFigures {
  let finding: DynamicsFinding

  /// Without step 0, which a logarithmic axis cannot show.
  private var shown: [Int] { finding.forecast.steps.indices.filter { finding.forecast.steps[$0] > 0 } }
  private var x: [Double] { shown.map { Double(finding.forecast.steps[$0]) } }
  /// What is confronted, and what comes after it.
  private var law: String { finding.forecast.lawNames.law }
  private var networks: InlineText { "\(finding.networks) real networks" }

  var all: [Figure] {
    [
      loss("training-loss-band", "Training loss", finding.forecast.trainingLoss, finding.trainingLoss),
      finding.testLoss.map { loss("test-loss-band", "Test loss", finding.forecast.testLoss, $0) }, outputs, deviation,
      meanDeviation,
    ].compactMap { $0 }
  }

  private func loss(
    _ name: String, _ title: InlineText, _ bands: [DynamicsForecast.Band], _ measured: DynamicsFinding.Series
  ) -> Figure {
    let bands = shown.map { bands[$0] }
    let infinite = bands.compactMap(\.infiniteWidth)
    let (law, next) =
      infinite.count == bands.count ? ("order 1/n", "the next order") : ("infinite width", "order 1/n")
    var plot = Plot(title: title, x: .log("step"), y: .log(title))
    // Bars and bands that reach 0 end at a twentieth of the mean, for the logarithmic axis.
    plot.layers = [
      .band(
        InlineText(verbatim: law + ", ±1 σ over networks"), x: x,
        lower: bands.map { max($0.mean - $0.deviation, 0.05 * $0.mean) },
        upper: bands.map { $0.mean + $0.deviation }),
      .line(InlineText(verbatim: law + ", mean"), x: x, y: bands.map(\.mean)),
    ]
    if infinite.count == bands.count {
      plot.layers.append(.line("infinite width, mean", x: x, y: infinite, dash: .dashed))
    }
    plot.layers.append(
      .points(
        networks + ", mean ± 1 σ", x: x, y: shown.map { measured.mean[$0] },
        yError: shown.map { min(measured.deviation[$0], 0.95 * measured.mean[$0]) }))
    let last = finding.forecast.steps.count - 1
    let limit = infinite.last.map { ", at infinite width \(NumberText.text($0, digits: 4))" } ?? ""
    return Figure(
      name, plot,
      caption: InlineText(
        markup:
          "Over initializations. At the end the mean is \(NumberText.text(measured.mean[last], error: measured.standardError[last], style: .typographic)), "
          + "at \(law) \(NumberText.text(bands.last?.mean ?? .nan, digits: 4)) with "
          + "\(NumberText.text(bands.last?.leftOut ?? .nan, digits: 2)) left open by \(next)\(limit)."))
  }

  private var outputs: Figure {
    let kind = finding.forecast.areTestOutputs ? "test" : "training"
    var plot = Plot(title: "Outputs on \(kind) samples", x: .log("step"), y: PlotAxis("output"))
    for (output, measured) in zip(finding.forecast.outputs, finding.outputs) {
      let target = output.target.map { ", target \(NumberText.text($0, digits: 2))" } ?? ""
      let label = InlineText(verbatim: "\(kind) sample \(output.sample)\(target)")
      let bands = shown.map { output.bands[$0] }
      plot.layers += [
        .band(label, x: x, lower: bands.map { $0.mean - $0.deviation }, upper: bands.map { $0.mean + $0.deviation }),
        .line(label, x: x, y: bands.map(\.mean)),
      ]
      let infinite = bands.compactMap(\.infiniteWidth)
      if infinite.count == bands.count {
        plot.layers.append(.line(label, x: x, y: infinite, dash: .dashed))
      }
      plot.layers += [
        .points(
          label, x: x, y: shown.map { measured.mean[$0] }, yError: shown.map { measured.deviation[$0] })
      ]
    }
    let dashed = finding.forecast.order > 0 ? "; dashed: the mean at infinite width" : ""
    let caption =
      "Lines and bands: mean and one standard deviation over networks at \(law)\(dashed). Points and bars: the same of "
    return Figure("outputs-band", plot, caption: InlineText(verbatim: caption) + networks + ".")
  }

  /// How far single networks are from their linearizations and from the law.
  private var deviation: Figure? {
    guard let series = finding.widths, series.points.count >= 2 else { return nil }
    let x = series.points.map { Double($0.width) }
    var plot = Plot(
      title: "Single networks against width", x: .log("width n", ticks: x), y: .log("rms difference of outputs"))
    func points(_ label: InlineText, _ values: [Estimate], isOpen: Bool = false) -> PlotLayer {
      .points(label, x: x, y: values.map(\.value), yError: values.map(\.error), isOpen: isOpen)
    }
    let anchor = series.points[series.points.count - 1]
    plot.layers = [
      .line(
        "slope −½", x: x,
        y: x.map { anchor.networkFromLaw.value * (Double(anchor.width) / $0).squareRoot() }, dash: .dashed),
      .line(
        "slope −1", x: x, y: x.map { anchor.networkFromLinear.value * Double(anchor.width) / $0 }, dash: .dotted),
      points("network − its linearization", series.points.map(\.networkFromLinear)),
      points("network − infinite width", series.points.map(\.networkFromLaw)),
      points("linearization − infinite width", series.points.map(\.linearFromLaw), isOpen: true),
    ]
    var caption: InlineText =
      "\(series.networks) networks at each width, from the same draws, on \(series.samples) samples, root mean square over "
      + "\(series.steps) steps; infinite width starts from each network's own initial function."
    if let slope = series.slopeFromLinear {
      caption =
        caption
        + InlineText(
          markup:
            " Fitted slopes: \(NumberText.text(slope.value, error: slope.error, style: .typographic)) from the linearization"
        )
      if let law = series.slopeFromLaw {
        caption =
          caption
          + InlineText(
            markup: ", \(NumberText.text(law.value, error: law.error, style: .typographic)) from infinite width")
      }
      caption = caption + "."
    }
    return Figure("linearization-width", plot, caption: caption)
  }

  private var meanDeviation: Figure? {
    guard let series = finding.meanDeviation, series.points.count >= 2 else { return nil }
    let x = series.points.map { Double($0.width) }
    let sizes = series.points.map { abs($0.deviation.value) }
    let last = series.points[series.points.count - 1]
    guard sizes.allSatisfy({ $0 > 0 }) else { return nil }
    var plot = Plot(
      title: "Mean over networks against width", x: .log("width n", ticks: x), y: .log("∣E f − infinite width∣"))
    plot.layers = [
      .line("slope −1", x: x, y: x.map { abs(last.deviation.value) * Double(last.width) / $0 }, dash: .dashed),
      .points(
        "antithetic pairs", x: x, y: sizes,
        yError: zip(series.points, sizes).map { min($0.deviation.error, 0.95 * $1) }),
    ]
    let least = series.points.map(\.pairs).min() ?? 0
    let sign = last.deviation.value < 0 ? "behind" : "ahead of"
    var caption: InlineText =
      "How far the mean of finite networks is \(sign) infinite width after \(series.step) steps on \(series.samples) training "
      + "samples, as a part of the targets, from \(least) pairs of networks with opposite last layers."
    if let slope = series.slope {
      caption =
        caption
        + InlineText(markup: " Fitted slope: \(NumberText.text(slope.value, error: slope.error, style: .typographic)).")
    } else {
      caption = caption + " Not every width resolves it."
    }
    return Figure("mean-deviation-width", plot, caption: caption)
  }
}
