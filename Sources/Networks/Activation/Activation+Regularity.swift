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

extension ActivationFunction {
  /// The lowest derivative that jumps at 0; nil for smooth functions.
  package var kinkOrder: Int? {
    switch self {
    case .step, .sign: 0
    case .relu, .abs: 1
    case .leakyReLU(let slope): slope == 1 ? nil : 1
    case .twoSlope(let positive, let negative): positive == negative ? nil : 1
    case .elu(let alpha): alpha == 1 ? 2 : 1
    case .reluSquared: 2
    default: nil
    }
  }

  /// The half-width of the strip about the real line in which a smooth f is analytic.
  fileprivate var strip: Double {
    switch self {
    case .tanh: .pi / 2
    case .sigmoid, .softplus, .silu: .pi
    // The nearest root of √(2/π)(z + 0.044715 z³) = ±iπ/2: z = ±0.634… ± 2.754…i.
    case .geluTanh: 2.754770601637983
    default: .infinity
    }
  }
}

extension Activation {
  /// The places where σ or a derivative jumps, in units of z.
  public var kinks: [Kink] {
    guard constant == nil, let order = function.kinkOrder else { return [] }
    return [Kink(location: -inputShift / inputScale, order: order)]
  }

  /// How smooth σ is.
  public var smoothness: Smoothness {
    if constant != nil { return .analytic(strip: .infinity) }
    if let order = function.kinkOrder { return .derivatives(order - 1) }
    return .analytic(strip: function.strip / Swift.abs(inputScale))
  }

  /// How fast σ grows.
  public var growth: Growth {
    if constant != nil { return .bounded }
    if let coefficients = polynomialCoefficients {
      return coefficients.count <= 1 ? .bounded : .polynomial(degree: coefficients.count - 1)
    }
    switch function {
    case .exp: return .exponential(rate: Swift.abs(inputScale))
    case .reluSquared: return .polynomial(degree: 2)
    case .step, .sign, .erf, .tanh, .sigmoid, .sin, .cos, .gaussian: return .bounded
    default: return .polynomial(degree: 1)
    }
  }
}
