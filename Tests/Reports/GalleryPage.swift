import Foundation
import OrreryReports

/// Plots and tables at the edge of what they are for: crowded, empty, extreme, foreign. Invented numbers.
enum GalleryPage {
  static let unit = stride(from: 0.0, through: 1, by: 0.02).map { $0 }

  static var crowded: Plot {
    Plot(
      title: "Six series, the whole palette, and a title so long that it has to be broken into two lines",
      x: PlotAxis("time t", unit: "steps"), y: PlotAxis("loss ½Σ(z − y)^2"),
      layers: (0..<6).flatMap { index -> [PlotLayer] in
        let rate = 0.8 + 0.9 * Double(index)
        let curve = unit.map { exp(-rate * $0) }
        let sparse = stride(from: index, to: unit.count, by: 8).map { $0 }
        return [
          .line("η = \(index + 1)/2", x: unit, y: curve),
          .points("η = \(index + 1)/2", x: sparse.map { unit[$0] }, y: sparse.map { curve[$0] * 1.02 }),
        ]
      })
  }

  static var direct: Plot {
    Plot(
      title: "Labels at the curves", x: PlotAxis("depth ℓ"), y: PlotAxis("q^(ℓ)"),
      layers: ["ReLU", "tanh", "GELU", "erf"].enumerated().map { index, name in
        .line(
          InlineText(verbatim: name), x: unit,
          y: unit.map { 1 - 0.2 * Double(index) + 0.4 * $0 * Double(3 - index) / 3 },
          labelledDirectly: true)
      } + [.vertical("ξ_c", at: 0.31), .vertical("ξ_∇", at: 0.36), .horizontal("K*", at: 0.9)])
  }

  static var large: Plot {
    Plot(
      title: "Large numbers", x: PlotAxis("parameters"), y: PlotAxis("flops"),
      layers: [.line("count", x: unit.map { $0 * 2.4e7 }, y: unit.map { 1e12 + $0 * 3e12 })])
  }

  static var small: Plot {
    Plot(
      title: "Small numbers about zero", x: PlotAxis("x"), y: PlotAxis("deviation K / K_∞ − 1"),
      layers: [
        .points(
          "chain", x: Array(unit.prefix(12)), y: unit.prefix(12).map { 3e-6 * sin(20 * $0) },
          xError: unit.prefix(12).map { _ in 0.004 }, yError: unit.prefix(12).map { _ in 6e-7 }),
        .horizontal("theory", at: 0),
      ])
  }

  static var octave: Plot {
    Plot(
      title: "Less than a decade", x: .log("width n"), y: .log("χ_∥"),
      layers: [
        .band(
          "95 %", x: unit.map { 40 + 80 * $0 }, lower: unit.map { 1.4 + 0.5 * $0 }, upper: unit.map { 2.1 + 1.1 * $0 }),
        .line("median", x: unit.map { 40 + 80 * $0 }, y: unit.map { 1.7 + 0.8 * $0 }),
      ])
  }

  static var decades: Plot {
    Plot(
      title: "Three hundred decades", x: PlotAxis("layer ℓ"), y: .log("gradient rms"),
      layers: [
        .line("vanishing", x: unit.map { 100 * $0 }, y: unit.map { pow(10, -300 * $0) }),
        .line("exploding", x: unit.map { 100 * $0 }, y: unit.map { pow(10, 20 * $0) }, dash: .dashed),
        .line("neither", x: unit.map { 100 * $0 }, y: unit.map { _ in 1 }, dash: .dotted),
      ])
  }

  static var heat: Plot {
    let edges = (0...20).map { pow(10, -2 + 0.2 * Double($0)) }
    let values = (0..<400).map { index -> Double in
      let (row, column) = (Double(index / 20), Double(index % 20))
      return pow(10, -8 + 9 * row * column / 400)
    }
    return Plot(
      title: "Logarithmic cells and colours", x: .log("learning rate η"), y: .log("width n"),
      layers: [
        .heatMap(
          HeatMapLayer(
            "loss after 500 steps", unit: "½Σ", xEdges: edges, yEdges: edges, values: values, scale: .logarithmic)),
        .mark("this network", x: 90, y: 80), .mark("another, in the corner", x: 0.012, y: 0.013),
      ])
  }

  static var negative: Plot {
    let edges = (0...40).map { -4 + 0.2 * Double($0) }
    return Plot(
      title: "Histogram on a logarithmic axis", x: PlotAxis("z"), y: .log("density", range: 1e-4...1),
      layers: [
        .histogram(
          "networks", edges: edges, heights: (0..<40).map { $0 % 7 == 3 ? 0 : exp(-pow(edges[$0] + 0.1, 2) / 2) / 2.5 }),
        .line("Gaussian", x: edges, y: edges.map { exp(-$0 * $0 / 2) / 2.5 }, color: .ink),
      ])
  }

  static var many: Plot {
    let count = 400
    return Plot(
      title: "Many points", x: PlotAxis("predicted"), y: PlotAxis("measured"),
      layers: [
        .points(
          "one network each", x: (0..<count).map { Double($0) / 100 + SamplePage.noise($0) * 0.1 },
          y: (0..<count).map { Double($0) / 100 + SamplePage.noise($0 + 1000) * 0.4 }),
        .line("equality", x: [0, 4], y: [0, 4], dash: .dashed, color: .muted, labelledDirectly: true),
      ])
  }

  static var none: Plot {
    Plot(
      title: "Nothing to show", x: PlotAxis("layer ℓ"), y: .log("kernel"),
      layers: [.points("all lost", x: [1, 2, 3], y: [.nan, 0, -1])])
  }

  static let plots = [crowded, direct, large, small, octave, decades, heat, negative, many, none]

  static var longTable: Table {
    Table(
      columns: [.init("layer ℓ", .right), .init("K^(ℓ)", .decimal), .init("χ_⊥", .decimal), .init("remark")],
      rows: (1...24).map { layer in
        let kernel = 3.56 * pow(10, -Double(layer) / 4)
        return .init(
          [
            .integer(layer), .measured(kernel, error: kernel / 87), .number(1 - 0.01 * Double(layer), digits: 4),
            layer % 5 == 0 ? "a remark with `code` and [a link](#top)" : .none,
          ], chip: layer % 6 == 0 ? .init(.caution, "in tension") : .init(.good, "agrees"))
      }, caption: "A table long enough to scroll under its titles.")
  }

  static var page: Page {
    Page(
      title: "Gallery", subtitle: "Plots at the edge of what they are for. **Every number is invented.**",
      sections: [
        Section(
          "Plots", anchor: "top",
          [.figures(plots.enumerated().map { Figure("plot-\($0.offset)", $0.element, caption: $0.element.title) })]),
        Section(
          "Text",
          [
            .list(["one", "two with C_b and `code`"]), .list(["first", "second"], ordered: true),
            .callout(.init(.good, "agrees"), "A law that holds."),
            .callout(.init(.bad, "refuted"), "A law that does not."),
            .callout(.init(.unknown, "cannot tell"), "A law that nobody can tell."), .heading("A smaller heading"),
            .table(longTable),
          ]),
      ])
  }
}
