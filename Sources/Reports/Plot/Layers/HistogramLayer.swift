/// Heights over adjacent bins.
public struct HistogramLayer: Hashable, Codable, Sendable {
  public enum Style: String, Hashable, Codable, Sendable {
    case bars
    /// An outline, for comparing several.
    case steps
  }

  public var label: InlineText
  /// The bins' edges, ascending; one more than heights.
  public var edges: [Double]
  public var heights: [Double]
  public var style: Style
  public var color: PlotColor?

  /// - Precondition: one more edge than heights.
  public init(
    _ label: InlineText, edges: [Double], heights: [Double], style: Style = .bars, color: PlotColor? = nil
  ) {
    precondition(
      edges.count == heights.count + 1 || (edges.isEmpty && heights.isEmpty),
      "The histogram \"\(label.plain)\" has \(heights.count) heights and \(edges.count) edges; one more is needed.")
    self.label = label
    self.edges = edges
    self.heights = heights
    self.style = style
    self.color = color
  }
}
