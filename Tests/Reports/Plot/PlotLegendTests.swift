import OrreryReports
import Testing

@Suite struct PlotLegendTests {
  static func keys(_ layers: [PlotLayer]) -> [String] {
    MarkupTree(Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: layers).svg()).all("k").map(\.allText)
  }

  @Test func layersOfOneLabelShareAnEntryAndAColour() {
    let layers: [PlotLayer] = [
      .band("theory", x: [0, 1], lower: [0, 1], upper: [1, 2]), .line("theory", x: [0, 1], y: [0.5, 1.5]),
      .points("measured", x: [0, 1], y: [0.4, 1.4]),
    ]
    #expect(Self.keys(layers) == ["theory", "measured"])
    let tree = MarkupTree(Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: layers).svg())
    let groups = tree.named("g").first { $0.attributes["clip-path"] != nil }?.children.map { $0.attributes["class"] }
    #expect(groups == ["c0", "c0", "c1"])
  }

  @Test func unnamedAndDirectlyLabelledLayersAreNotListed() {
    let layers: [PlotLayer] = [
      .line("", x: [0, 1], y: [0, 1]), .line("slope −1", x: [0, 1], y: [1, 0], labelledDirectly: true),
      .horizontal("K*", at: 0.5), .mark("this network", x: 0.5, y: 0.5), .annotation("ordered", x: 0.2, y: 0.8),
    ]
    #expect(Self.keys(layers).isEmpty)
    let labels = MarkupTree(Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: layers).svg()).all("l").map(\.allText)
    #expect(labels.sorted() == ["K*", "ordered", "slope −1", "this network"])
  }

  @Test func chosenColoursAreKept() {
    let plot = Plot(
      x: PlotAxis("x"), y: PlotAxis("y"),
      layers: [
        .line("a", x: [0, 1], y: [0, 1], color: .series(3)), .line("b", x: [0, 1], y: [0, 1], color: .ink),
        .line("c", x: [0, 1], y: [0, 1]), .line("d", x: [0, 1], y: [0, 1], color: .series(-1)),
        .line("e", x: [0, 1], y: [0, 1], color: .muted),
      ])
    let groups = MarkupTree(plot.svg()).named("g").first { $0.attributes["clip-path"] != nil }?.children
    #expect(groups?.map { $0.attributes["class"] } == ["c3", "ci", "c0", "c5", "cm"])
  }
}
