/// Points with symmetric error bars. A point that cannot be drawn is left out and counted in a note.
public struct PointLayer: Hashable, Codable, Sendable {
  public var label: InlineText
  public var x: [Double]
  public var y: [Double]
  public var xError: [Double]?
  public var yError: [Double]?
  public var color: PlotColor?
  /// Open symbols, a little larger, which show beside filled ones at the same place.
  public var isOpen: Bool

  /// - Precondition: as many x as y, and as errors where there are any.
  public init(
    _ label: InlineText, x: [Double], y: [Double], xError: [Double]? = nil, yError: [Double]? = nil,
    color: PlotColor? = nil, isOpen: Bool = false
  ) {
    precondition(
      x.count == y.count && (xError ?? x).count == x.count && (yError ?? y).count == y.count,
      "The points \"\(label.plain)\" have \(x.count) x values, \(y.count) y values and other counts of errors.")
    self.label = label
    self.x = x
    self.y = y
    self.xError = xError
    self.yError = yError
    self.color = color
    self.isOpen = isOpen
  }
}
