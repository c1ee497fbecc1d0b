/// One axis of a plot.
public struct PlotAxis: Hashable, Codable, Sendable {
  public enum Scale: String, Hashable, Codable, Sendable {
    case linear
    /// Base 10; values that are not positive cannot be drawn and are counted in a note.
    case logarithmic
  }

  public var title: InlineText
  public var unit: String?
  public var scale: Scale
  /// The range to show; nil takes it from the data. A range that the scale cannot show (reversed, not finite, not
  /// positive on a logarithmic axis) counts as nil.
  public var range: ClosedRange<Double>?
  /// Where to put labelled ticks; nil chooses round numbers.
  public var ticks: [Double]?

  public init(
    _ title: InlineText, unit: String? = nil, scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    ticks: [Double]? = nil
  ) {
    self.title = title
    self.unit = unit
    self.scale = scale
    self.range = range
    self.ticks = ticks
  }

  /// A logarithmic axis.
  public static func log(
    _ title: InlineText, unit: String? = nil, range: ClosedRange<Double>? = nil, ticks: [Double]? = nil
  ) -> PlotAxis {
    PlotAxis(title, unit: unit, scale: .logarithmic, range: range, ticks: ticks)
  }

  /// "width n [neurons]", as in a CSV header.
  var plainTitle: String {
    let name = title.isEmpty ? "" : title.plain
    return unit.map { name.isEmpty ? "[\($0)]" : "\(name) [\($0)]" } ?? name
  }

  /// Whether the axis can show the value.
  func shows(_ value: Double) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }

  /// The range asked for, where the scale can show it.
  var usableRange: ClosedRange<Double>? {
    guard let range, shows(range.lowerBound), shows(range.upperBound), range.lowerBound < range.upperBound else {
      return nil
    }
    return range
  }
}
