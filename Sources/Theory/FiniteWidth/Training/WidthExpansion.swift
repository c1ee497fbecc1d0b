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

  /// The same at another width, all widths of the network in their ratios and learning rates λ as they are: in the NTK
  /// parametrization that is the same network, wider or narrower.
  public func at(width: Int) -> WidthExpansion {
    precondition(width > 0, "A width is positive.")
    return WidthExpansion(infiniteWidth: infiniteWidth, correction: correction, width: width)
  }

  public static func + (a: WidthExpansion, b: WidthExpansion) -> WidthExpansion {
    precondition(a.width == b.width, "Sums are of expansions at one width.")
    return WidthExpansion(
      infiniteWidth: a.infiniteWidth + b.infiniteWidth, correction: a.correction + b.correction, width: a.width)
  }
}
