import Foundation
import OrreryReports
import Testing

@Suite struct PlotSVGTests {
  static let all: [Plot] = [
    SamplePage.phaseDiagram, SamplePage.kernelAgainstDepth, SamplePage.varianceAgainstWidth,
    SamplePage.correlationAgainstDepth, SamplePage.outputHistogram,
  ]

  @Test(arguments: all.indices)
  func isWellFormedAndStandsAlone(index: Int) throws {
    let plot = Self.all[index]
    let svg = plot.svg()
    let tree = MarkupTree(svg)
    #expect(tree.failure == nil)
    let root = try #require(tree.root)
    #expect(root.name == "svg")
    #expect(root.attributes["xmlns"] == "http://www.w3.org/2000/svg")
    #expect(root.attributes["role"] == "img")
    #expect(tree.named("style").count == 1)
    #expect(tree.named("title").first?.allText == plot.title.plain)
    #expect(tree.named("desc").first?.allText.isEmpty == false)
    // Nothing is fetched: every address is data or inside the document.
    for element in root.descendants {
      if let address = element.attributes["href"] { #expect(address.hasPrefix("data:image/png;base64,")) }
      #expect(element.name != "script" && element.name != "foreignObject")
    }
    #expect(svg == plot.svg(), "The same value gives the same bytes.")
  }

  @Test func inlineFormHasNoStyleAndItsOwnIDs() {
    let svg = SamplePage.kernelAgainstDepth.inlineSVG(id: "figure-2")
    let tree = MarkupTree(svg)
    #expect(tree.failure == nil)
    #expect(tree.named("style").isEmpty)
    let ids = ([tree.root].compactMap { $0 } + (tree.root?.descendants ?? [])).compactMap { $0.attributes["id"] }
    #expect(!ids.isEmpty && ids.allSatisfy { $0.hasPrefix("figure-2-") })
    #expect(tree.named("g").contains { $0.attributes["clip-path"] == "url(#figure-2-clip)" })
  }

  @Test(arguments: all.indices)
  func textStaysInsideThePicture(index: Int) throws {
    let tree = MarkupTree(Self.all[index].svg())
    let root = try #require(tree.root)
    let (width, height) = (root.number("width"), root.number("height"))
    for text in tree.named("text") {
      let (x, y) = (text.number("x"), text.number("y"))
      #expect(x >= 0 && x <= width && y >= 0 && y <= height, "\(text.allText)")
    }
  }

  @Test func pointsStandWhereTheirValuesSay() throws {
    let plot = Plot(
      x: PlotAxis("x", range: 0...10), y: PlotAxis("y", range: 0...10),
      layers: [.line("a", x: [0, 5, 10], y: [0, 10, 5])])
    let tree = MarkupTree(plot.svg())
    let frame = try #require(tree.named("clipPath").first?.children.first)
    let (left, top) = (frame.number("x"), frame.number("y"))
    let (width, height) = (frame.number("width"), frame.number("height"))
    let clipped = try #require(tree.named("g").first { $0.attributes["clip-path"] != nil })
    let line = try #require(clipped.descendants.first { $0.has("ln") })
    let numbers = pathNumbers(line.attributes["d"] ?? "")
    let expected = [left, top + height, left + width / 2, top, left + width, top + height / 2]
    #expect(zip(numbers, expected).allSatisfy { abs($0 - $1) < 0.02 })
  }

  @Test func missingValuesInterruptALineAndAreCounted() throws {
    let plot = Plot(
      x: PlotAxis("x"), y: PlotAxis("y"),
      layers: [.line("a", x: [0, 1, 2, 3, 4], y: [1, 2, .nan, 2, .infinity])])
    let svg = plot.svg()
    let line = try #require(
      MarkupTree(svg).all("ln").first { ($0.attributes["d"] ?? "").filter { $0 == "M" }.count > 1 })
    #expect((line.attributes["d"] ?? "").filter { $0 == "M" }.count == 2)
    #expect(svg.contains("2 values not shown: not finite<"))
  }

  @Test func notPositiveOnLogarithmicAxesIsCounted() {
    let plot = Plot(
      x: .log("n"), y: .log("v"), layers: [.points("p", x: [1, 10, 100, -5], y: [1, 0, 10, 2])])
    #expect(plot.svg().contains("2 values not shown"))
    let single = Plot(x: PlotAxis("n"), y: PlotAxis("v"), layers: [.points("p", x: [1, 2], y: [.nan, 2])])
    #expect(single.svg().contains("1 value not shown"))
  }

  @Test(arguments: [
    Plot(x: PlotAxis("x"), y: PlotAxis("y")), Plot(x: .log("x"), y: .log("y"), layers: [.line("a", x: [], y: [])]),
    Plot(x: PlotAxis("x"), y: .log("y"), layers: [.points("a", x: [1, 2], y: [.nan, -1])]),
    Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: [.band("b", x: [], lower: [], upper: [])]),
    Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: [.histogram("h", edges: [], heights: [])]),
    Plot(
      x: PlotAxis("x"), y: PlotAxis("y"),
      layers: [.heatMap(HeatMapLayer("m", xEdges: [0, 1], yEdges: [0, 1], values: [.nan]))]),
  ])
  func emptyPlotsSaySo(plot: Plot) {
    let tree = MarkupTree(plot.svg())
    #expect(tree.failure == nil)
    #expect(tree.named("text").contains { $0.allText == "no data" })
    #expect(tree.all("t").isEmpty, "An empty axis has no numbers.")
  }

  @Test func extremeValuesDraw() {
    let cases: [[Double]] = [
      [1e-300, 1e300], [-1.7e308, 1.7e308], [Double.leastNonzeroMagnitude, 2 * .leastNonzeroMagnitude],
      [1e15, 1e15 + 1], [0, 0], [-1, -1],
    ]
    for values in cases {
      for scale in [PlotAxis.Scale.linear, .logarithmic] {
        let plot = Plot(
          x: PlotAxis("x", scale: scale), y: PlotAxis("y", scale: scale),
          layers: [
            .line("a", x: values, y: values), .points("b", x: values, y: values, xError: values, yError: values),
            .band("c", x: values, lower: values, upper: values), .mark("m", x: values[0], y: values[1]),
          ])
        let tree = MarkupTree(plot.svg())
        #expect(tree.failure == nil)
        let data = tree.named("path").compactMap { $0.attributes["d"] }.joined()
        #expect(!data.contains("nan") && !data.contains("inf"))
        #expect(pathNumbers(data).allSatisfy { abs($0) < 1e5 })
      }
    }
  }

  @Test func unusableRangesAreIgnored() {
    let data: [PlotLayer] = [.line("a", x: [1, 2], y: [1, 2])]
    let free = Plot(x: .log("x"), y: PlotAxis("y"), layers: data).svg()
    #expect(Plot(x: .log("x", range: -1...5), y: PlotAxis("y"), layers: data).svg() == free)
    #expect(Plot(x: .log("x", range: 3...3), y: PlotAxis("y"), layers: data).svg() == free)
    #expect(Plot(x: .log("x", range: 1...Double.infinity), y: PlotAxis("y"), layers: data).svg() == free)
  }

  @Test func errorBarsBelowZeroAreCutOnLogarithmicAxes() throws {
    let plot = Plot(
      x: PlotAxis("x"), y: .log("y"), layers: [.points("p", x: [1, 2], y: [1, 10], yError: [2, 1])])
    let bars = try #require(MarkupTree(plot.svg()).all("eb").first { ($0.attributes["d"] ?? "").contains("h6") })
    // Two bars, two upper caps, one lower cap.
    #expect((bars.attributes["d"] ?? "").components(separatedBy: "h6").count - 1 == 3)
  }

  @Test func escapesLabels() {
    let plot = Plot(
      title: InlineText(verbatim: "<script>&\"'"), x: PlotAxis(InlineText(verbatim: "<x>"), unit: "<u>"),
      y: PlotAxis("y & z"), layers: [.line(InlineText(verbatim: "</text>"), x: [1, 2], y: [1, 2])])
    let tree = MarkupTree(plot.svg())
    #expect(tree.failure == nil)
    #expect(tree.named("script").isEmpty)
    #expect(tree.named("text").contains { $0.allText == "<x> [<u>]" })
  }

  @Test func tickLabelsDoNotTouch() throws {
    for size in [Plot.Size.column, .wide] {
      for high in [1.0, 12, 123_456, 0.00123, 3e9] {
        let plot = Plot(
          x: PlotAxis("x"), y: PlotAxis("y"), layers: [.line("a", x: [0, high], y: [0, high])], size: size)
        let labels = MarkupTree(plot.svg()).all("t").filter { $0.attributes["text-anchor"] == "middle" }
        let boxes = labels.map { label in
          let half = InlineText(verbatim: label.allText).width(fontSize: 12) / 2
          return (label.number("x") - half, label.number("x") + half)
        }
        #expect(boxes.count >= 3)
        #expect(zip(boxes, boxes.dropFirst()).allSatisfy { $0.1 < $1.0 })
      }
    }
  }

  @Test func crowdedChosenTicksThinOut() {
    let widths = (1...60).map(Double.init)
    let plot = Plot(x: PlotAxis("n", ticks: widths), y: PlotAxis("y"), layers: [.line("a", x: widths, y: widths)])
    let labels = MarkupTree(plot.svg()).all("t").filter { $0.attributes["text-anchor"] == "middle" }
    #expect(labels.count > 4 && labels.count < 25)
  }

  @Test func manyLayersKeepPlotAreaFree() throws {
    let layers = (0..<12).map { index in
      PlotLayer.line("a long name for series \(index)", x: [0, 1], y: [0, Double(index)])
    }
    let tree = MarkupTree(Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: layers).svg())
    let frame = try #require(tree.named("clipPath").first?.children.first)
    let keys = tree.all("k")
    #expect(keys.count == 12)
    #expect(keys.allSatisfy { $0.number("y") < frame.number("y") })
    #expect(Set(keys.map { $0.number("y") }).count > 4, "The legend takes as many rows as it needs.")
  }
}
