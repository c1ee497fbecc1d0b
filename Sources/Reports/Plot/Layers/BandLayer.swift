/// The area between a lower and an upper curve.
public struct BandLayer: Hashable, Codable, Sendable {
  public var label: InlineText
  public var x: [Double]
  public var lower: [Double]
  public var upper: [Double]
  public var color: PlotColor?

  /// - Precondition: as many x as bounds.
  public init(_ label: InlineText, x: [Double], lower: [Double], upper: [Double], color: PlotColor? = nil) {
    precondition(
      x.count == lower.count && x.count == upper.count,
      "The band \"\(label.plain)\" has \(x.count) x values, \(lower.count) lower and \(upper.count) upper bounds.")
    self.label = label
    self.x = x
    self.lower = lower
    self.upper = upper
    self.color = color
  }
}
