/// A number to order 1/n: its value at infinite width and the coefficient of 1/n, with what is left out.
public struct WidthExpansion: Hashable, Codable, Sendable {
  public var infiniteWidth: Double
  /// The coefficient of 1/n.
  public var correction: Double
  /// n.
  public var width: Int
  /// An estimate of the size of the coefficient of 1/n².
  public var nextOrder: Double
  /// A bound on the numerical error of ``correction``.
  public var correctionError: Double

  public init(
    infiniteWidth: Double, correction: Double, width: Int, nextOrder: Double = 0, correctionError: Double = 0
  ) {
    self.infiniteWidth = infiniteWidth
    self.correction = correction
    self.width = width
    self.nextOrder = nextOrder
    self.correctionError = correctionError
  }

  /// X_∞ + X_1/n.
  public var value: Double { infiniteWidth + shift }

  /// X_1/n.
  public var shift: Double { correction / Double(width) }

  /// An estimate of what ``value`` leaves out, of order 1/n².
  public var truncationError: Double { nextOrder / Double(width) / Double(width) }

  /// What numerical errors may do to ``value``.
  public var numericalError: Double { correctionError / Double(width) }

  /// The same at another width, all widths of the network in their ratios and learning rates λ as they are: in the NTK
  /// parametrization that is the same network, wider or narrower.
  public func at(width: Int) -> WidthExpansion {
    precondition(width > 0, "A width is positive.")
    var result = self
    result.width = width
    return result
  }

  public static func + (a: WidthExpansion, b: WidthExpansion) -> WidthExpansion {
    precondition(a.width == b.width, "Sums are of expansions at one width.")
    return WidthExpansion(
      infiniteWidth: a.infiniteWidth + b.infiniteWidth, correction: a.correction + b.correction, width: a.width,
      nextOrder: a.nextOrder + b.nextOrder, correctionError: a.correctionError + b.correctionError)
  }
}
