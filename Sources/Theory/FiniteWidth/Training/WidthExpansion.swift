/// A number to order 1/n: its value at infinite width and the coefficient of 1/n.
public struct WidthExpansion: Hashable, Codable, Sendable {
  public var infiniteWidth: Double
  /// The coefficient of 1/n.
  public var correction: Double
  /// n.
  public var width: Int

  public init(infiniteWidth: Double, correction: Double, width: Int) {
    self.infiniteWidth = infiniteWidth
    self.correction = correction
    self.width = width
  }

  /// X_∞ + X_1/n.
  public var value: Double { infiniteWidth + shift }

  /// X_1/n.
  public var shift: Double { correction / Double(width) }

  public static func + (a: WidthExpansion, b: WidthExpansion) -> WidthExpansion {
    precondition(a.width == b.width, "Sums are of expansions at one width.")
    return WidthExpansion(
      infiniteWidth: a.infiniteWidth + b.infiniteWidth, correction: a.correction + b.correction, width: a.width)
  }
}
