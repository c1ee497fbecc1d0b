import OrreryExperiment
import OrreryNetworks
import OrreryReports

/// Figures of everything that is measured beside loss and accuracy.
extension TrainingFinding {
  /// Observables that have figures of their own.
  private static let drawn: Set<String> = [
    "loss", "batch-loss", "test-loss", "accuracy", "test-accuracy", "gradient-norm", "weight-norm", "sharpness",
  ]

  /// As many curves as a plot can tell apart.
  private static var mostCurves: Int { 8 }

  /// One figure for each observable, with its numbers over steps and its errors as bands where there is one network.
  var measuredCurves: [Figure] {
    var groups: [String] = []
    for one in series where !Self.drawn.contains(one.group) && !groups.contains(one.group) { groups.append(one.group) }
    let curves = groups.compactMap { curve($0) }
    let lists = arrays.filter { $0.kind == .list }.compactMap { eigenvalueFigure($0) }
    return curves + lists
  }

  /// One of those asked for, by its name.
  private func observable(_ key: String) -> TrainingObservable? { request.observables.first { $0.rawValue == key } }

  private func curve(_ group: String) -> Figure? {
    let all = series.filter { $0.group == group && $0.boundOf == nil && $0.steps.count > 1 }
    guard let observable = observable(group), !all.isEmpty else { return nil }
    let shown =
      all.count <= Self.mostCurves
      ? all : (0..<Self.mostCurves).map { all[$0 * (all.count - 1) / (Self.mostCurves - 1)] }
    var layers: [PlotLayer] = []
    for one in shown {
      let x = one.steps.map(Double.init)
      let name = InlineText(verbatim: one.title)
      if request.networks > 1 {
        layers.append(.band(name, x: x, lower: one.lower, upper: one.upper))
      } else if let bound = series.first(where: { $0.boundOf == one.observable }), bound.steps == one.steps {
        layers.append(
          .band(
            name, x: x, lower: zip(one.median, bound.median).map(-), upper: zip(one.median, bound.median).map(+)))
      }
      layers.append(.line(name, x: x, y: one.median))
    }
    let isLogarithmic = shown.allSatisfy { $0.isLogarithmic && $0.lower.allSatisfy { $0 > 0 } }
    let title = InlineText(verbatim: observable.title)
    var plot = Plot(title: title, x: PlotAxis("step"), y: isLogarithmic ? .log(title) : PlotAxis(title))
    plot.layers = layers
    var caption = observable.meaning
    if request.networks > 1 {
      caption += " Medians over \(request.networks) networks; bands hold the middle half of them."
    }
    if shown.count < all.count { caption += " \(shown.count) of \(all.count) curves are shown." }
    return Figure(group, plot, caption: InlineText(verbatim: caption))
  }

  private func eigenvalueFigure(_ list: ArraySeries) -> Figure? {
    guard list.steps.count > 1, let count = list.shape.first,
      let observable = observable(list.group)
    else { return nil }
    let x = list.steps.map(Double.init)
    var plot = Plot(title: InlineText(verbatim: list.title), x: PlotAxis("step"), y: PlotAxis("eigenvalue"))
    plot.layers = (0..<min(count, Self.mostCurves)).map { place in
      .line("λ \(place + 1)", x: x, y: list.values.map { $0[place] })
    }
    let many = request.networks > 1 ? " Means over \(request.networks) networks." : ""
    return Figure(list.observable, plot, caption: InlineText(verbatim: observable.meaning + many))
  }

  /// Densities at the first, a middle and the last step, with standard errors as bands.
  var spectra: [Figure] {
    arrays.filter { $0.kind == .density && $0.shape.count == 2 && $0.shape[0] == 3 }.flatMap { density -> [Figure] in
      let points = density.shape[1]
      return zip(density.steps, density.values).map { step, values in
        let (x, y, error) = (
          Array(values[0..<points]), Array(values[points..<(2 * points)]), Array(values[(2 * points)...])
        )
        // Where probes have no weight the logarithm would fall without end.
        let floor = (y.max() ?? 1) * 1e-5
        var plot = Plot(
          title: "Eigenvalues at step \(step)", x: PlotAxis("eigenvalue"), y: .log("density"))
        plot.layers = [
          .band(
            "standard error", x: x, lower: zip(y, error).map { max(floor, $0 - $1) },
            upper: zip(y, error).map { max(floor, $0 + $1) }),
          .line("density", x: x, y: y.map { max(floor, $0) }),
        ]
        let caption =
          "\(observable(density.group)?.meaning ?? "") Below 10⁻⁵ of its largest value the density is drawn there."
          + (request.networks > 1 ? " Of the first network." : "")
        return Figure("\(density.observable)-\(step)", plot, caption: InlineText(verbatim: caption))
      }
    }
  }

  /// Kernels at the first and the last step.
  var kernelMaps: [Figure] {
    arrays.filter { $0.kind == .matrix && $0.shape.count == 2 }.flatMap { kernel -> [Figure] in
      let places = kernel.steps.count > 1 ? [0, kernel.steps.count - 1] : [0]
      let edges = { (count: Int) in (0...count).map(Double.init) }
      return places.map { place in
        let step = kernel.steps[place]
        let name = kernel.observable == kernel.group ? kernel.title : kernel.observable.replacing(".", with: ", ")
        var plot = Plot(
          title: InlineText(verbatim: "\(name) at step \(step)"), x: PlotAxis("sample"), y: PlotAxis("sample"))
        plot.layers = [
          .heatMap(
            HeatMapLayer(
              "kernel", xEdges: edges(kernel.shape[1]), yEdges: edges(kernel.shape[0]), values: kernel.values[place]))
        ]
        return Figure(
          "\(kernel.observable)-\(step)", plot,
          caption: request.networks > 1 ? "Of the first network." : "")
      }
    }
  }

  /// Every observable that was recorded: what it is, how it was estimated, and its source.
  var definitions: [Definition] {
    request.observables.map { observable in
      let source = observable.source.isEmpty ? "" : " Source: \(observable.source)."
      return Definition(
        InlineText(verbatim: observable.rawValue),
        InlineText(verbatim: "\(observable.meaning) \(observable.method)\(source)"))
    }
  }
}
