/// A plot as a value: axes, and layers drawn in order.
///
/// ```swift
/// var plot = Plot(title: "Variance against width", x: .log("width n"), y: .log("Var Ĝ^(L)"))
/// plot.layers = [
///   .line("theory, order 1/n", x: widths, y: predicted),
///   .points("200 networks", x: widths, y: measured, yError: errors),
/// ]
/// let picture = plot.svg()        // stands alone, follows the reader's light or dark theme
/// let data = plot.csv
/// ```
///
/// The same value gives the same bytes. Nothing here knows what the numbers mean.
public struct Plot: Hashable, Codable, Sendable {
  /// The extent of the drawing area; the whole picture adds titles and a legend.
  public enum Size: String, Hashable, Codable, Sendable {
    /// Half a page, and a phone's width.
    case column
    /// The page's width; a page shows the `column` form instead on a phone.
    case wide
  }

  public var title: InlineText
  public var x: PlotAxis
  public var y: PlotAxis
  public var layers: [PlotLayer]
  public var size: Size
  /// What the picture shows, for a reader who cannot see it; empty gives a description made from titles and layers.
  public var summary: String

  public init(
    title: InlineText = "", x: PlotAxis, y: PlotAxis, layers: [PlotLayer] = [], size: Size = .column,
    summary: String = ""
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.layers = layers
    self.size = size
    self.summary = summary
  }

  /// The picture as an SVG document of its own, with its style inside: light, or dark where the reader prefers it.
  public func svg() -> String {
    PlotRenderer(self, size: size, id: "plot").document(standalone: true)
  }

  /// The picture as an element of a page that carries `PlotStylesheet.text`; `id` must be unique in the page.
  package func inlineSVG(id: String, size: Size? = nil) -> String {
    PlotRenderer(self, size: size ?? self.size, id: id).document(standalone: false)
  }

  /// The description for readers who cannot see the picture.
  var accessibleDescription: String {
    if !summary.isEmpty { return summary }
    let names = layers.map(\.label.plain).filter { !$0.isEmpty }
    let scales = [x.scale, y.scale].map { $0 == .linear ? "linear" : "logarithmic" }
    var text = "Plot of \(y.plainTitle) (\(scales[1])) against \(x.plainTitle) (\(scales[0]))."
    if !names.isEmpty { text += " Shown: " + names.joined(separator: "; ") + "." }
    return text
  }
}
