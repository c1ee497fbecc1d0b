/// A curve. A value that cannot be drawn interrupts it.
public struct LineLayer: Hashable, Codable, Sendable {
  public enum Dash: String, Hashable, Codable, Sendable {
    case solid
    case dashed
    case dotted
  }

  public var label: InlineText
  public var x: [Double]
  public var y: [Double]
  public var dash: Dash
  public var color: PlotColor?
  /// Whether the label stands at the curve's end instead of in the legend.
  public var labelledDirectly: Bool

  /// - Precondition: as many x as y.
  public init(
    _ label: InlineText, x: [Double], y: [Double], dash: Dash = .solid, color: PlotColor? = nil,
    labelledDirectly: Bool = false
  ) {
    precondition(x.count == y.count, "The line \"\(label.plain)\" has \(x.count) x values and \(y.count) y values.")
    self.label = label
    self.x = x
    self.y = y
    self.dash = dash
    self.color = color
    self.labelledDirectly = labelledDirectly
  }
}
