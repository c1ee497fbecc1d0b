extension PlotRenderer {
  /// Quiet lines at the labelled ticks.
  mutating func drawGrid() {
    guard layout.heatMap == nil, !layout.extent.isEmpty else { return }
    let frame = layout.frame
    var path = ""
    for tick in layout.xTicks.major {
      let x = layout.x.pixel(tick.value)
      path += "M\(SVGBuilder.pair(x, frame.y))V\(Markup.number(frame.bottom))"
    }
    for tick in layout.yTicks.major {
      let y = layout.y.pixel(tick.value)
      path += "M\(SVGBuilder.pair(frame.x, y))H\(Markup.number(frame.right))"
    }
    out.path(path, "gr")
  }

  /// Axis lines, ticks, labels and titles.
  mutating func drawAxes() {
    let frame = layout.frame
    var path = "M\(SVGBuilder.pair(frame.x, frame.y))V\(Markup.number(frame.bottom))H\(Markup.number(frame.right))"
    if layout.heatMap != nil { path += "V\(Markup.number(frame.y))Z" }
    if !layout.extent.isEmpty {
      for tick in layout.xTicks.major { path += "M\(SVGBuilder.pair(layout.x.pixel(tick.value), frame.bottom))v5" }
      for value in layout.xTicks.minor { path += "M\(SVGBuilder.pair(layout.x.pixel(value), frame.bottom))v3" }
      for tick in layout.yTicks.major { path += "M\(SVGBuilder.pair(frame.x, layout.y.pixel(tick.value)))h-5" }
      for value in layout.yTicks.minor { path += "M\(SVGBuilder.pair(frame.x, layout.y.pixel(value)))h-3" }
    }
    out.path(path, "ax")
    if !layout.extent.isEmpty {
      for tick in layout.xTicks.major {
        out.label(tick.label, layout.x.pixel(tick.value), frame.bottom + 18, .tick, anchor: "middle")
      }
      for tick in layout.yTicks.major {
        out.label(tick.label, frame.x - 8, layout.y.pixel(tick.value) + 4.2, .tick, anchor: "end")
      }
      if let exponent = layout.yTicks.commonExponent {
        out.label(Self.power(exponent), frame.x - 8, frame.y - 8, .tick)
      }
    }
    var xTitle = Self.title(plot.x)
    if let exponent = layout.xTicks.commonExponent, !layout.extent.isEmpty {
      xTitle = xTitle + " (" + Self.power(exponent) + ")"
    }
    out.label(xTitle, frame.x + frame.width / 2, frame.bottom + 37, .axis, anchor: "middle")
    out.label(Self.title(plot.y), 14, frame.y + frame.height / 2, .axis, anchor: "middle", turn: -90)
  }

  private static func power(_ exponent: Int) -> InlineText {
    InlineText(markup: "×10^{\(exponent < 0 ? "−" : "")\(exponent.magnitude)}")
  }

  static func title(_ axis: PlotAxis) -> InlineText {
    guard let unit = axis.unit else { return axis.title }
    return axis.title + InlineText(markup: axis.title.isEmpty ? "" : " ") + "[\(unit)]"
  }

  /// The colours of a heat map with their values.
  mutating func drawColorBar() {
    guard let map = layout.heatMap, let bar = layout.bar, let ticks = layout.barTicks, !layout.extent.isEmpty else {
      return
    }
    let frame = layout.frame
    let box = Box(x: frame.right + PlotLayout.barGap, y: frame.y, width: PlotLayout.barWidth, height: frame.height)
    let steps = 64
    let pixels = (0..<steps).map { row in
      Self.pixel(map.colors, fraction: 1 - (Double(row) + 0.5) / Double(steps))
    }
    drawImage(pixels, width: 1, in: box)
    var path = "M\(SVGBuilder.pair(box.x, box.y))h\(Markup.number(box.width))v\(Markup.number(box.height))"
    path += "h-\(Markup.number(box.width))Z"
    for tick in ticks.major {
      path += "M\(SVGBuilder.pair(box.right, frame.bottom - frame.height * bar.fraction(tick.value)))h4"
    }
    out.path(path, "ax")
    for tick in ticks.major {
      let y = frame.bottom - frame.height * bar.fraction(tick.value)
      out.label(tick.label, box.right + 7, y + 4.2, .tick)
    }
    if let exponent = ticks.commonExponent { out.label(Self.power(exponent), box.x, box.y - 8, .tick) }
    let title = Self.title(map.axis)
    if layout.isBarTitledAbove {
      out.label(title, box.x + box.width / 2, box.y - 8, .axis, anchor: "middle")
    } else {
      out.label(title, layout.width - 5, frame.y + frame.height / 2, .axis, anchor: "middle", turn: -90)
    }
  }
}
