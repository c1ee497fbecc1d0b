/// One thing drawn in a plot. Layers with the same label share a colour and a legend entry.
public enum PlotLayer: Hashable, Codable, Sendable {
  case line(LineLayer)
  case points(PointLayer)
  case band(BandLayer)
  case histogram(HistogramLayer)
  case heatMap(HeatMapLayer)
  case reference(ReferenceLayer)
  case mark(MarkLayer)

  /// A curve through the points in the order given.
  public static func line(
    _ label: InlineText, x: [Double], y: [Double], dash: LineLayer.Dash = .solid, color: PlotColor? = nil,
    labelledDirectly: Bool = false
  ) -> PlotLayer {
    .line(LineLayer(label, x: x, y: y, dash: dash, color: color, labelledDirectly: labelledDirectly))
  }

  /// Points, with symmetric error bars where given.
  public static func points(
    _ label: InlineText, x: [Double], y: [Double], xError: [Double]? = nil, yError: [Double]? = nil,
    color: PlotColor? = nil, isOpen: Bool = false
  ) -> PlotLayer {
    .points(PointLayer(label, x: x, y: y, xError: xError, yError: yError, color: color, isOpen: isOpen))
  }

  /// The area between two curves.
  public static func band(
    _ label: InlineText, x: [Double], lower: [Double], upper: [Double], color: PlotColor? = nil
  ) -> PlotLayer {
    .band(BandLayer(label, x: x, lower: lower, upper: upper, color: color))
  }

  /// Heights over bins; one more edge than heights.
  public static func histogram(
    _ label: InlineText, edges: [Double], heights: [Double], style: HistogramLayer.Style = .bars,
    color: PlotColor? = nil
  ) -> PlotLayer {
    .histogram(HistogramLayer(label, edges: edges, heights: heights, style: style, color: color))
  }

  /// A labelled horizontal line across the plot.
  public static func horizontal(_ label: InlineText, at y: Double) -> PlotLayer {
    .reference(ReferenceLayer(label, direction: .horizontal, at: y))
  }

  /// A labelled vertical line across the plot.
  public static func vertical(_ label: InlineText, at x: Double) -> PlotLayer {
    .reference(ReferenceLayer(label, direction: .vertical, at: x))
  }

  /// A marked point: "this network".
  public static func mark(_ label: InlineText, x: Double, y: Double) -> PlotLayer {
    .mark(MarkLayer(label, x: x, y: y, hasSymbol: true))
  }

  /// Words at a place of the plot.
  public static func annotation(_ label: InlineText, x: Double, y: Double) -> PlotLayer {
    .mark(MarkLayer(label, x: x, y: y, hasSymbol: false))
  }

  /// What the legend calls the layer.
  public var label: InlineText {
    switch self {
    case .line(let layer): layer.label
    case .points(let layer): layer.label
    case .band(let layer): layer.label
    case .histogram(let layer): layer.label
    case .heatMap(let layer): layer.label
    case .reference(let layer): layer.label
    case .mark(let layer): layer.label
    }
  }
}
