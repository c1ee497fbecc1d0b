/// Draws a plot as SVG: grid, layers inside a clip, axes over them, labels last.
struct PlotRenderer {
  let plot: Plot
  let layout: PlotLayout
  /// The prefix of the ids inside, unique in a page.
  let id: String
  var out = SVGBuilder()
  var placer: LabelPlacer

  init(_ plot: Plot, size: Plot.Size, id: String) {
    self.plot = plot
    self.id = id
    layout = PlotLayout(plot, size: size)
    placer = LabelPlacer(frame: layout.frame)
  }

  /// The whole picture.
  func document(standalone: Bool) -> String {
    var renderer = self
    renderer.draw(standalone: standalone)
    return renderer.out.text
  }

  private mutating func draw(standalone: Bool) {
    let size = (Markup.number(layout.width), Markup.number(layout.height))
    if standalone { out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
    var attributes = [
      ("xmlns", "http://www.w3.org/2000/svg"), ("class", "plot"), ("viewBox", "0 0 \(size.0) \(size.1)"),
      ("width", size.0), ("height", size.1), ("xml:space", "preserve"), ("role", "img"),
      ("aria-labelledby", "\(id)-title \(id)-desc"),
    ]
    if standalone { attributes.append(("font-family", "sans-serif")) }
    out.open("svg", attributes)
    out.raw("<title id=\"\(Markup.escape(id))-title\">\(Markup.escape(accessibleTitle))</title>")
    out.raw("<desc id=\"\(Markup.escape(id))-desc\">\(Markup.escape(plot.accessibleDescription))</desc>")
    if standalone { out.raw("<style>\n\(PlotStylesheet.text)</style>") }
    out.rect(Box(x: 0, y: 0, width: layout.width, height: layout.height), "paper")
    drawTitle()
    drawGrid()
    out.open("clipPath", [("id", "\(id)-clip")])
    out.rect(layout.frame, "")
    out.close("clipPath")
    out.open("g", [("clip-path", "url(#\(id)-clip)")])
    for (index, layer) in plot.layers.enumerated() { draw(layer, index: index, color: layout.legend.colors[index]) }
    out.close("g")
    drawAxes()
    drawColorBar()
    drawLegend()
    drawSymbols()
    drawLabels()
    drawNotes()
    out.close("svg")
    out.raw("\n")
  }

  private var accessibleTitle: String {
    plot.title.isEmpty ? "\(plot.y.plainTitle) against \(plot.x.plainTitle)" : plot.title.plain
  }

  private mutating func drawTitle() {
    for (index, line) in layout.titleLines.enumerated() {
      out.label(line, 6, 19 + 18 * Double(index), .title)
    }
  }

  private mutating func drawNotes() {
    for (index, note) in layout.notes.enumerated() {
      let y = layout.height - 6 - 15 * Double(layout.notes.count - 1 - index)
      out.label(note, layout.frame.x, y, .note)
    }
    guard layout.extent.isEmpty else { return }
    let frame = layout.frame
    out.label("no data", frame.x + frame.width / 2, frame.y + frame.height / 2 + 4, .note, anchor: "middle")
  }

  private mutating func drawLegend() {
    for entry in layout.legend.entries {
      let x = layout.frame.x + entry.x
      let y = layout.legendTop + PlotLegend.rowHeight * (Double(entry.row) + 0.5)
      out.open("g", [("class", entry.color.cssClass)])
      for layer in entry.layers { drawSwatch(layer, color: entry.color, x: x, y: y) }
      out.close("g")
      out.label(entry.label, x + PlotLegend.swatch + 6, y + 4.2, .key)
    }
  }

  private mutating func drawSwatch(_ layer: PlotLayer, color: PlotColor, x: Double, y: Double) {
    let width = PlotLegend.swatch
    switch layer {
    case .line(let line): out.line(x + 1, y, x + width - 1, y, Self.lineClass(line.dash))
    case .points(let points):
      if points.yError != nil { out.line(x + width / 2, y - 7, x + width / 2, y + 7, "eb") }
      out.path(Self.marker(color, x + width / 2, y, radius: points.isOpen ? 5 : 3.8), points.isOpen ? "mk" : "pt")
    case .band: out.rect(Box(x: x + 1, y: y - 5, width: width - 2, height: 10), "bd")
    case .histogram(let histogram):
      if histogram.style == .bars {
        out.rect(Box(x: x + 4, y: y - 5, width: width - 8, height: 10), "hb")
      } else {
        let path = "M\(SVGBuilder.pair(x + 2, y + 5))v-6h6v-4h7v7h6"
        out.path(path, "ln")
      }
    case .heatMap, .reference, .mark: break
    }
  }

  static func lineClass(_ dash: LineLayer.Dash) -> String {
    switch dash {
    case .solid: "ln"
    case .dashed: "ln da"
    case .dotted: "ln do"
    }
  }

  /// A symbol of equal weight for every colour, so that shape tells series apart too.
  static func marker(_ color: PlotColor, _ x: Double, _ y: Double, radius r: Double) -> String {
    var kind = 0
    if case .series(let index) = color { kind = ((index % 5) + 5) % 5 }
    func corners(_ points: [(Double, Double)]) -> String {
      "M" + points.map { SVGBuilder.pair(x + $0.0 * r, y + $0.1 * r) }.joined(separator: "L") + "Z"
    }
    switch kind {
    case 1: return corners([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 2: return corners([(0, -1.25), (1.15, 0.85), (-1.15, 0.85)])
    case 3: return corners([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    case 4: return corners([(0, 1.25), (-1.15, -0.85), (1.15, -0.85)])
    default:
      let radius = Markup.number(r)
      let turn = Markup.number(2 * r)
      return "M\(SVGBuilder.pair(x - r, y))a\(radius),\(radius) 0 1,0 \(turn),0a\(radius),\(radius) 0 1,0 -\(turn),0Z"
    }
  }
}
