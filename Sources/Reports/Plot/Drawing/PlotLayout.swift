/// Where everything of a plot goes: margins from the labels' sizes, then the drawing area, then the whole picture.
struct PlotLayout {
  let width: Double
  let height: Double
  /// The drawing area.
  let frame: Box
  let x: PlotScale
  let y: PlotScale
  let xTicks: Ticks
  let yTicks: Ticks
  let legend: PlotLegend
  let legendTop: Double
  let titleLines: [InlineText]
  /// What was left out, below the picture.
  let notes: [InlineText]
  let extent: PlotExtent
  /// The heat map that the colour bar belongs to.
  let heatMap: HeatMapLayer?
  let bar: PlotScale?
  let barTicks: Ticks?

  /// Whether the colour bar's title stands above it; a long one runs along its side.
  let isBarTitledAbove: Bool

  static let barGap = 14.0
  static let barWidth = 13.0

  init(_ plot: Plot, size: Plot.Size) {
    width = size == .column ? 400 : 720
    let frameHeight = size == .column ? 220.0 : 260.0
    extent = PlotExtent(plot)
    var heatMap: HeatMapLayer?
    for case .heatMap(let map) in plot.layers where heatMap == nil { heatMap = map }
    self.heatMap = heatMap
    isBarTitledAbove = heatMap.map(Self.titlesBarAbove) ?? false
    let margin = heatMap == nil ? 0.035 : 0
    var startsAtZero = false
    for case .histogram in plot.layers where plot.y.scale == .linear && (extent.y?.lowerBound ?? -1) == 0 {
      startsAtZero = true
    }
    let xRange =
      plot.x.usableRange
      ?? PlotScale.range(of: extent.x, scale: plot.x.scale, lowerMargin: margin, upperMargin: margin)
    let yRange =
      plot.y.usableRange
      ?? PlotScale.range(
        of: extent.y, scale: plot.y.scale, lowerMargin: startsAtZero ? 0 : margin * 1.5, upperMargin: margin * 1.5)

    yTicks = Ticks(scale: plot.y.scale, range: yRange, room: Int(frameHeight / 34), chosen: plot.y.ticks)
    let yLabelWidth = yTicks.major.map { $0.label.width(fontSize: TextStyle.tick.size) }.max() ?? 0
    let left = (plot.y.plainTitle.isEmpty ? 6 : 24) + yLabelWidth + 8

    var right = 14.0
    if let heatMap {
      let valueRange = Self.valueRange(heatMap)
      let ticks = Ticks(scale: heatMap.scale, range: valueRange, room: Int(frameHeight / 34))
      let labels = ticks.major.map { $0.label.width(fontSize: TextStyle.tick.size) }.max() ?? 0
      barTicks = ticks
      right =
        Self.barGap + Self.barWidth + 7 + labels + (heatMap.label.isEmpty || Self.titlesBarAbove(heatMap) ? 8 : 24)
      bar = PlotScale(heatMap.scale, range: valueRange, start: 1, end: 0)
    } else {
      bar = nil
      barTicks = nil
    }
    let frameWidth = width - left - right
    xTicks = Self.fitting(plot.x, range: xRange, width: frameWidth)

    titleLines = Self.wrapped(plot.title, width: width - 12, style: .title)
    legend = PlotLegend(plot, width: width - left - 8)
    notes = Self.wrapped(Self.note(plot, extent), width: width - left - 6, style: .note)

    var top = 6.0 + 18 * Double(titleLines.count)
    legendTop = top + 2
    if legend.rows > 0 { top += Double(legend.rows) * PlotLegend.rowHeight + 4 }
    top += yTicks.commonExponent == nil && barTicks?.commonExponent == nil && !isBarTitledAbove ? 8 : 20
    frame = Box(x: left, y: top, width: frameWidth, height: frameHeight)
    x = PlotScale(plot.x.scale, range: xRange, start: frame.x, end: frame.right)
    y = PlotScale(plot.y.scale, range: yRange, start: frame.bottom, end: frame.y)
    height = frame.bottom + 22 + (plot.x.plainTitle.isEmpty ? 0 : 20) + 15 * Double(notes.count) + 4
  }

  /// Fewer labels until they do not touch.
  private static func fitting(_ axis: PlotAxis, range: ClosedRange<Double>, width: Double) -> Ticks {
    var ticks = Ticks(scale: axis.scale, range: range, room: Int(width / 50), chosen: axis.ticks)
    let scale = PlotScale(axis.scale, range: range, start: 0, end: width)
    func touches(_ ticks: [Ticks.Tick]) -> Bool {
      var end = -Double.infinity
      for tick in ticks {
        let half = tick.label.width(fontSize: TextStyle.tick.size) / 2
        let center = scale.pixel(tick.value)
        if center - half < end + 6 { return true }
        end = center + half
      }
      return false
    }
    if axis.ticks != nil {
      // Chosen ticks keep their marks; every second label goes until the rest have room.
      var stride = 1
      let all = ticks.major.sorted { $0.value < $1.value }
      while touches(ticks.major), stride < all.count {
        stride += 1
        ticks.major = all.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
        ticks.minor = all.enumerated().filter { $0.offset % stride != 0 }.map(\.element.value)
      }
      return ticks
    }
    var room = Int(width / 50)
    while touches(ticks.major), room > 2 {
      room -= 1
      ticks = Ticks(scale: axis.scale, range: range, room: room)
    }
    return ticks
  }

  /// The values at the ends of the colour bar.
  static func valueRange(_ map: HeatMapLayer) -> ClosedRange<Double> {
    if let range = map.axis.usableRange { return range }
    let values = map.values.filter(map.axis.shows)
    guard let low = values.min(), let high = values.max() else { return map.scale == .linear ? 0...1 : 1...10 }
    if case .diverging(let center) = map.colors, map.scale == .linear {
      let reach = Swift.max(Swift.abs(low - center), Swift.abs(high - center))
      if reach > 0, reach.isFinite { return center - reach...center + reach }
    }
    return PlotScale.range(of: low...high, scale: map.scale, lowerMargin: 0, upperMargin: 0)
  }

  private static func note(_ plot: Plot, _ extent: PlotExtent) -> InlineText {
    guard extent.dropped > 0 else { return "" }
    let hasLog = plot.x.scale == .logarithmic || plot.y.scale == .logarithmic
    let reason = hasLog ? "not finite, or not positive on a logarithmic axis" : "not finite"
    return "\(extent.dropped) \(extent.dropped == 1 ? "value" : "values") not shown: \(reason)"
  }

  /// A symbol fits above the bar where no power of ten has to.
  private static func titlesBarAbove(_ map: HeatMapLayer) -> Bool {
    let ticks = Ticks(scale: map.scale, range: valueRange(map), room: 6)
    let title = PlotRenderer.title(map.axis)
    return !title.isEmpty && ticks.commonExponent == nil && title.width(fontSize: TextStyle.axis.size) < 44
  }

  /// The text broken into lines at spaces; words never break.
  static func wrapped(_ text: InlineText, width: Double, style: TextStyle) -> [InlineText] {
    if text.isEmpty { return [] }
    var lines: [String] = []
    for word in text.markup.split(separator: " ") {
      if let last = lines.last {
        let joined = last + " " + word
        if InlineText(markup: joined).width(fontSize: style.size) * style.weight <= width {
          lines[lines.count - 1] = joined
          continue
        }
      }
      lines.append(String(word))
    }
    return lines.map(InlineText.init(markup:))
  }
}
