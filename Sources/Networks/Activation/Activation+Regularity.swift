/// How smooth a function is on the real line, and how far into the complex plane: it decides which quadrature converges
/// and how fast (trapezoid error e^(−2π·strip/step) for a function that is analytic in a strip).
public enum Smoothness: Hashable, Codable, Sendable {
  /// Continuous derivatives up to this order only; −1 for a function that jumps itself.
  case derivatives(Int)
  /// Analytic where |Im z| is less than this; infinite for entire functions.
  case analytic(strip: Double)
}

/// How fast a function grows for large |z|: it decides which Gaussian expectations overflow.
public enum Growth: Hashable, Codable, Sendable {
  case bounded
  /// |σ(z)| = O(|z|^degree), degree ≥ 1.
  case polynomial(degree: Int)
  /// |σ(z)| = O(e^(rate |z|)), rate > 0.
  case exponential(rate: Double)
}

extension Growth {
  /// Of a polynomial of this degree.
  static func degree(_ degree: Int) -> Growth { degree >= 1 ? .polynomial(degree: degree) : .bounded }
}

extension Activation {
  /// The places where σ or a derivative jumps, in units of z and in ascending order.
  public var kinks: [Kink] {
    guard constant == nil else { return [] }
    let kinks = function.kinks.map { Kink(location: -(inputShift - $0.location) / inputScale, order: $0.order) }
    return inputScale > 0 ? kinks : kinks.reversed()
  }

  /// How smooth σ is.
  public var smoothness: Smoothness {
    if constant != nil { return .analytic(strip: .infinity) }
    return switch function.description.regularity {
    case .analytic(let strip): .analytic(strip: strip / Swift.abs(inputScale))
    case .kinked(let kinks): .derivatives((kinks.map(\.order).min() ?? 0) - 1)
    }
  }

  /// How fast σ grows.
  public var growth: Growth {
    if constant != nil { return .bounded }
    if let coefficients = polynomialCoefficients { return .degree(coefficients.count - 1) }
    if case .exponential(let rate) = function.description.growth {
      return .exponential(rate: rate * Swift.abs(inputScale))
    }
    return function.description.growth
  }
}
