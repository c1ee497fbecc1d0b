/// A straight line across the plot with its name beside it.
public struct ReferenceLayer: Hashable, Codable, Sendable {
  public enum Direction: String, Hashable, Codable, Sendable {
    case horizontal
    case vertical
  }

  public var label: InlineText
  public var direction: Direction
  /// The y of a horizontal line, the x of a vertical one.
  public var position: Double

  public init(_ label: InlineText, direction: Direction, at position: Double) {
    self.label = label
    self.direction = direction
    self.position = position
  }
}

/// A named point, or only words at a place.
public struct MarkLayer: Hashable, Codable, Sendable {
  public var label: InlineText
  public var x: Double
  public var y: Double
  public var hasSymbol: Bool

  public init(_ label: InlineText, x: Double, y: Double, hasSymbol: Bool = true) {
    self.label = label
    self.x = x
    self.y = y
    self.hasSymbol = hasSymbol
  }
}
