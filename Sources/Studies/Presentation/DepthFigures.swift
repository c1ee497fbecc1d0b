import Foundation
import OrreryAnalysis
import OrreryReports

/// The forecast's figures against depth, with measured points where there are any.
struct DepthFigures {
  let forecast: Forecast
  /// Empty without an experiment.
  let measured: [Finding.DepthPoint]

  private var layers: [Double] { forecast.layers.map { Double($0.layer) } }
  private var depthAxis: PlotAxis { PlotAxis("layer ℓ", ticks: ticks) }

  /// Every layer of a shallow network; round numbers are chosen for deep ones.
  private var ticks: [Double]? { layers.count <= 12 ? layers : nil }

  /// Kernels on a logarithmic axis when they span more than a factor of twenty.
  var kernel: Figure {
    let values = measured.isEmpty ? forecast.layers.map(\.kernel) : measured.map(\.kernel)
    let positive = values.filter { $0 > 0 && $0.isFinite }
    let spans = (positive.max() ?? 1) / (positive.min() ?? 1)
    var plot = Plot(
      title: "Kernel against depth", x: depthAxis,
      y: PlotAxis("K^(ℓ)", scale: spans > 20 ? .logarithmic : .linear))
    let variances = forecast.layers.compactMap(\.kernelVariance)
    if measured.isEmpty, variances.count == values.count {
      let band = variances.map { $0.squareRoot() }
      plot.layers.append(
        .band(
          "one network, ±1 σ", x: layers, lower: zip(values, band).map { max($0 - $1, 0) },
          upper: zip(values, band).map { $0 + $1 }))
    }
    plot.layers.append(.line("infinite width", x: layers, y: values))
    if !measured.isEmpty {
      plot.layers.append(
        .points(
          "real networks, mean", x: layers, y: measured.map(\.measuredKernel.value),
          yError: measured.map(\.measuredKernel.error)))
    }
    return Figure(
      "kernel-depth", plot,
      caption: measured.isEmpty
        ? "The preactivation kernel on an input of typical norm."
          + (variances.count == values.count ? " The band is the spread of single networks at order 1/n." : "")
        : "The preactivation kernel on the first input followed, at infinite width and as the mean over real networks "
          + "(error bars: one standard error).")
  }

  /// V/(nK²) and T₃/(nK^(3/2)) of residual networks, where neurons are tied to each other; nil for others, whose fluctuations are shown
  /// against width.
  var fluctuations: Figure? {
    let known = forecast.layers.filter { $0.threePointCorrelation != nil && $0.kernel > 0 }
    guard known.count > 1 else { return nil }
    let spread = forecast.layers.filter { $0.kernelVariance != nil && $0.kernel > 0 }
    let x = known.map { Double($0.layer) }
    var plot = Plot(title: "Fluctuations against depth", x: depthAxis, y: PlotAxis("relative size"))
    plot.layers = [
      .line(
        "V/(nK^{2})", x: spread.map { Double($0.layer) }, y: spread.map { $0.kernelVariance! / ($0.kernel * $0.kernel) }
      ),
      .line("T_3/(nK^{3/2})", x: x, y: known.map { $0.threePointCorrelation! / pow($0.kernel, 1.5) }, dash: .dashed),
    ]
    let variances = measured.filter { $0.measuredVariance != nil }
    let ties = measured.filter { $0.measuredTie != nil }
    if !variances.isEmpty {
      plot.layers += [
        .points(
          "V of real networks", x: variances.map { Double($0.layer) }, y: variances.map(\.measuredVariance!.value),
          yError: variances.map(\.measuredVariance!.error), color: .series(0)),
        .points(
          "T_3 of real networks", x: ties.map { Double($0.layer) }, y: ties.map(\.measuredTie!.value),
          yError: ties.map(\.measuredTie!.error), color: .series(1)),
      ]
    }
    return Figure(
      "fluctuations-depth", plot,
      caption:
        "The kernel's relative variance over networks, and how far a neuron is tied to another's square by skip connections, at order 1/n"
        + (variances.isEmpty
          ? "." : "; points: real networks on the first input followed (error bars: one standard error)."))
  }

  var susceptibility: Figure {
    // The last layer drives nothing.
    let driving = forecast.layers.dropLast().filter {
      $0.parallelSusceptibility != nil && $0.perpendicularSusceptibility != nil
    }
    let x = driving.map { Double($0.layer) }
    var plot = Plot(title: "Susceptibilities against depth", x: depthAxis, y: PlotAxis("χ"))
    plot.layers = [
      .line("χ_∥: of the kernel", x: x, y: driving.map { $0.parallelSusceptibility! }),
      .line(
        "χ_⊥: of differences and gradients", x: x, y: driving.map { $0.perpendicularSusceptibility! }, dash: .dashed),
      .horizontal("critical", at: 1),
    ]
    return Figure(
      "susceptibility-depth", plot,
      caption:
        "What one layer does to a small change of the kernel (χ_∥) and to a small difference between inputs, or a "
        + "gradient (χ_⊥). Away from 1 the effect is exponential in depth.")
  }

  /// Nil where correlations are not forecast.
  var correlation: Figure? {
    let typical = forecast.layers.compactMap(\.decorrelation)
    guard typical.count == layers.count else { return nil }
    var plot = Plot(title: "Two inputs against depth", x: depthAxis, y: PlotAxis("correlation c^(ℓ)"))
    let known = measured.filter { $0.correlation != nil }
    if known.isEmpty {
      plot.layers.append(
        .line("typical pair, infinite width", x: layers, y: typical.map { 1 - $0 }))
    } else {
      let x = known.map { Double($0.layer) }
      plot.layers.append(.line("infinite width", x: x, y: known.map { $0.correlation! }))
      let points = known.compactMap(\.measuredCorrelation)
      plot.layers.append(.points("real networks", x: x, y: points.map(\.value), yError: points.map(\.error)))
    }
    return Figure(
      "correlation-depth", plot,
      caption: "How alike two inputs are to the network, layer by layer. At 1 they have become one.")
  }
}

extension InlineText {
  /// Two pieces of text, the second on from the first: long captions over several lines of source.
  static func + (left: InlineText, right: String) -> InlineText { left + InlineText(markup: right) }
}
