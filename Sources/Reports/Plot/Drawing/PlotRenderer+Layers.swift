extension PlotRenderer {
  mutating func draw(_ layer: PlotLayer, index: Int, color: PlotColor) {
    if layout.extent.isEmpty { return }
    out.open("g", [("class", color.cssClass)])
    switch layer {
    case .line(let line): draw(line)
    case .points(let points): draw(points, color: color)
    case .band(let band): draw(band)
    case .histogram(let histogram): draw(histogram)
    case .heatMap(let map): draw(map)
    case .reference(let line): draw(line)
    case .mark: break
    }
    out.close("g")
  }

  private func isDrawable(_ x: Double, _ y: Double) -> Bool {
    plot.x.shows(x) && plot.y.shows(y)
  }

  private func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (layout.x.pixel(x), layout.y.pixel(y))
  }

  private mutating func draw(_ line: LineLayer) {
    var path = ""
    var previous: (x: Double, y: Double)?
    for (x, y) in zip(line.x, line.y) {
      guard isDrawable(x, y) else {
        previous = nil
        continue
      }
      let point = place(x, y)
      path += (previous == nil ? "M" : "L") + SVGBuilder.pair(point.x, point.y)
      remember(from: previous ?? point, to: point)
      previous = point
    }
    // On a heat map's colours a curve needs an edge of its own.
    if layout.heatMap != nil { out.path(path, "cs") }
    out.path(path, Self.lineClass(line.dash))
  }

  /// Notes where a curve runs, every few pixels, so that labels keep clear of it.
  private mutating func remember(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
    let distance = Swift.max(Swift.abs(end.x - start.x), Swift.abs(end.y - start.y))
    let steps = Swift.min(Swift.max(1, Int(distance / 4)), 200)
    for step in 1...steps {
      let part = Double(step) / Double(steps)
      let point = (x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part)
      if layout.frame.contains(point) { placer.data.append(point) }
    }
  }

  private mutating func draw(_ points: PointLayer, color: PlotColor) {
    var bars = ""
    for index in points.x.indices where isDrawable(points.x[index], points.y[index]) {
      let center = place(points.x[index], points.y[index])
      if let error = points.yError?[index], error.isFinite, error != 0 {
        let (top, _) = end(points.y[index] + Swift.abs(error), layout.y, outside: center.y)
        let (bottom, isCut) = end(points.y[index] - Swift.abs(error), layout.y, outside: layout.frame.bottom + 10)
        bars += "M\(SVGBuilder.pair(center.x, top))V\(Markup.number(bottom))"
        bars += "M\(SVGBuilder.pair(center.x - 3, top))h6"
        if !isCut { bars += "M\(SVGBuilder.pair(center.x - 3, bottom))h6" }
        remember(from: (center.x, top), to: (center.x, bottom))
      }
      if let error = points.xError?[index], error.isFinite, error != 0 {
        let (right, _) = end(points.x[index] + Swift.abs(error), layout.x, outside: center.x)
        let (left, isCut) = end(points.x[index] - Swift.abs(error), layout.x, outside: layout.frame.x - 10)
        bars += "M\(SVGBuilder.pair(left, center.y))H\(Markup.number(right))"
        bars += "M\(SVGBuilder.pair(right, center.y - 3))v6"
        if !isCut { bars += "M\(SVGBuilder.pair(left, center.y - 3))v6" }
        remember(from: (left, center.y), to: (right, center.y))
      }
    }
    out.path(bars, "eb")
    let isCloud = points.x.count > 60
    var symbols = ""
    for (x, y) in zip(points.x, points.y) where isDrawable(x, y) {
      let center = place(x, y)
      symbols += Self.marker(color, center.x, center.y, radius: isCloud ? 2.4 : (points.isOpen ? 5.6 : 3.8))
      // A symbol weighs more than the point of a curve.
      placer.data += Array(repeating: center, count: 6)
    }
    out.path(symbols, points.isOpen ? "mk" : (isCloud ? "pt cloud" : "pt"))
  }

  /// The end of an error bar: cut where the axis cannot show it.
  private func end(_ value: Double, _ scale: PlotScale, outside: Double) -> (pixel: Double, isCut: Bool) {
    if value.isFinite, scale.scale == .linear || value > 0 { return (scale.pixel(value), false) }
    return (outside, true)
  }

  private mutating func draw(_ band: BandLayer) {
    var path = ""
    var upper: [(x: Double, y: Double)] = []
    var lower: [(x: Double, y: Double)] = []
    func area() -> String {
      guard upper.count > 1 else { return "" }
      return "M" + (upper + lower.reversed()).map { SVGBuilder.pair($0.x, $0.y) }.joined(separator: "L") + "Z"
    }
    for index in band.x.indices {
      let (x, low, high) = (band.x[index], band.lower[index], band.upper[index])
      if plot.x.shows(x), low.isFinite, plot.y.shows(high) {
        upper.append(place(x, high))
        // A lower bound that is not positive reaches the frame's foot.
        lower.append((layout.x.pixel(x), plot.y.shows(low) ? layout.y.pixel(low) : layout.frame.bottom + 10))
      } else {
        path += area()
        upper = []
        lower = []
      }
    }
    out.path(path + area(), "bd")
  }

  private mutating func draw(_ histogram: HistogramLayer) {
    let floor = plot.y.scale == .linear ? layout.y.pixel(0) : layout.frame.bottom + 10
    var path = ""
    var previous: Double?
    for (index, height) in histogram.heights.enumerated() {
      let (low, high) = (histogram.edges[index], histogram.edges[index + 1])
      guard plot.x.shows(low), plot.x.shows(high), height.isFinite else {
        if previous != nil, histogram.style == .steps { path += "V\(Markup.number(floor))" }
        previous = nil
        continue
      }
      let (left, right) = (layout.x.pixel(low), layout.x.pixel(high))
      let top = plot.y.shows(height) ? layout.y.pixel(height) : floor
      switch histogram.style {
      case .bars:
        path +=
          "M\(SVGBuilder.pair(left, floor))V\(Markup.number(top))H\(Markup.number(right))V\(Markup.number(floor))Z"
      case .steps:
        if previous == nil { path += "M\(SVGBuilder.pair(left, floor))" }
        path += "V\(Markup.number(top))H\(Markup.number(right))"
      }
      remember(from: (left, top), to: (right, top))
      previous = top
    }
    if previous != nil, histogram.style == .steps { path += "V\(Markup.number(floor))" }
    out.path(path, histogram.style == .bars ? "hb" : "ln")
  }

  private mutating func draw(_ line: ReferenceLayer) {
    let frame = layout.frame
    switch line.direction {
    case .horizontal where plot.y.shows(line.position):
      let y = layout.y.pixel(line.position)
      out.line(frame.x, y, frame.right, y, "rf")
      remember(from: (frame.x, y), to: (frame.right, y))
    case .vertical where plot.x.shows(line.position):
      let x = layout.x.pixel(line.position)
      out.line(x, frame.y, x, frame.bottom, "rf")
      remember(from: (x, frame.y), to: (x, frame.bottom))
    default: break
    }
  }

  /// The symbols of marked points, over everything and whole even at the frame's edge.
  mutating func drawSymbols() {
    if layout.extent.isEmpty { return }
    out.open("g", [("class", PlotColor.ink.cssClass)])
    for case .mark(let mark) in plot.layers { drawSymbol(mark) }
    out.close("g")
  }

  private mutating func drawSymbol(_ mark: MarkLayer) {
    guard mark.hasSymbol, isDrawable(mark.x, mark.y) else { return }
    let center = place(mark.x, mark.y)
    guard layout.frame.insetBy(-0.5).contains(center) else { return }
    // A ring with a halo, so that it stands out on curves and on colours alike.
    out.path(Self.marker(.ink, center.x, center.y, radius: 6.5), "cs")
    out.path(Self.marker(.ink, center.x, center.y, radius: 6.5), "mk")
    out.path(Self.marker(.ink, center.x, center.y, radius: 2.6), "pt")
    placer.occupy(Box(x: center.x - 8, y: center.y - 8, width: 16, height: 16))
  }
}
