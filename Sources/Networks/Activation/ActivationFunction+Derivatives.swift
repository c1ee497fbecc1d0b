import Foundation

extension ActivationFunction {
  /// f, f′, f″ or f‴ at one place, in Double: the plain definition that every fast path is tested against.
  ///
  /// At a kink the value from the left is taken (ReLU′(0) = 0, as automatic differentiation has it); the distributional
  /// part of higher derivatives (ReLU″ = δ) is left out.
  ///
  /// - Parameter order: 0 … 3.
  package func derivative(_ order: Int, at z: Double) -> Double {
    precondition((0...3).contains(order), "Derivatives are offered up to the third.")
    switch self {
    case .linear: return [z, 1, 0, 0][order]
    case .relu: return slopes(1, 0, order, z)
    case .leakyReLU(let slope): return slopes(1, slope, order, z)
    case .twoSlope(let positive, let negative): return slopes(positive, negative, order, z)
    case .abs: return slopes(1, -1, order, z)
    case .step: return order == 0 ? (z > 0 ? 1 : 0) : 0
    case .sign: return order == 0 ? (z > 0 ? 1 : (z < 0 ? -1 : 0)) : 0
    case .reluSquared: return z > 0 ? [z * z, 2 * z, 2, 0][order] : 0
    case .erf:
      let slope = 2 / Double.pi.squareRoot() * Foundation.exp(-z * z)
      return [Foundation.erf(z), slope, -2 * z * slope, (4 * z * z - 2) * slope][order]
    case .gelu:
      let density = Foundation.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let distribution = 0.5 * Foundation.erfc(-z / 2.0.squareRoot())
      return [
        z * distribution, distribution + z * density, (2 - z * z) * density, (z * z * z - 4 * z) * density,
      ][order]
    case .geluTanh: return geluTanhDerivative(order, z)
    case .silu:
      let s = logistic(z)
      let d1 = s * logistic(-z)
      let d2 = d1 * (1 - 2 * s)
      let d3 = d1 * (1 - 6 * d1)
      return [z * s, s + z * d1, 2 * d1 + z * d2, 3 * d2 + z * d3][order]
    case .tanh:
      let t = Foundation.tanh(z)
      let secantSquared = 1 / (Foundation.cosh(z) * Foundation.cosh(z))
      return [t, secantSquared, -2 * t * secantSquared, secantSquared * (4 * t * t - 2 * secantSquared)][order]
    case .sigmoid:
      let s = logistic(z)
      let d1 = s * logistic(-z)
      return [s, d1, d1 * (1 - 2 * s), d1 * (1 - 6 * d1)][order]
    case .softplus:
      let s = logistic(z)
      let d1 = s * logistic(-z)
      return [Swift.max(z, 0) + log1p(Foundation.exp(-Swift.abs(z))), s, d1, d1 * (1 - 2 * s)][order]
    case .sin: return [Foundation.sin(z), Foundation.cos(z), -Foundation.sin(z), -Foundation.cos(z)][order]
    case .cos: return [Foundation.cos(z), -Foundation.sin(z), -Foundation.cos(z), Foundation.sin(z)][order]
    case .exp: return Foundation.exp(z)
    case .gaussian:
      let g = Foundation.exp(-z * z)
      return [g, -2 * z * g, (4 * z * z - 2) * g, (12 * z - 8 * z * z * z) * g][order]
    case .monomial(let degree):
      guard order <= degree else { return 0 }
      let factor = (0..<order).reduce(1.0) { $0 * Double(degree - $1) }
      return factor * power(z, degree - order)
    case .hermite(let degree):
      // He_p' = p He_(p−1).
      guard order <= degree else { return 0 }
      let factor = (0..<order).reduce(1.0) { $0 * Double(degree - $1) }
      return factor * hermitePolynomial(degree - order, z)
    case .elu(let alpha):
      if z > 0 { return [z, 1, 0, 0][order] }
      return order == 0 ? alpha * expm1(z) : alpha * Foundation.exp(z)
    case .polynomial(let coefficients):
      var value = 0.0
      for (degree, coefficient) in coefficients.enumerated().reversed() where degree >= order {
        let factor = (0..<order).reduce(1.0) { $0 * Double(degree - $1) }
        value = value * z + factor * coefficient
      }
      return value
    }
  }

  private func slopes(_ positive: Double, _ negative: Double, _ order: Int, _ z: Double) -> Double {
    let slope = z > 0 ? positive : negative
    return order == 0 ? slope * z : (order == 1 ? slope : 0)
  }

  private func logistic(_ z: Double) -> Double {
    z >= 0 ? 1 / (1 + Foundation.exp(-z)) : Foundation.exp(z) / (1 + Foundation.exp(z))
  }

  private func power(_ z: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * z }
  }

  private func hermitePolynomial(_ degree: Int, _ z: Double) -> Double {
    var (previous, current) = (0.0, 1.0)
    for j in 0..<degree { (previous, current) = (current, z * current - Double(j) * previous) }
    return current
  }

  /// g = ½ z (1 + tanh u), u = c (z + a z³).
  private func geluTanhDerivative(_ order: Int, _ z: Double) -> Double {
    let c = (2 / Double.pi).squareRoot()
    let a = 0.044715
    let u = c * (z + a * z * z * z)
    let (u1, u2, u3) = (c * (1 + 3 * a * z * z), 6 * c * a * z, 6 * c * a)
    let t = Foundation.tanh(u)
    let q = 1 / (Foundation.cosh(u) * Foundation.cosh(u))
    let d1 = q * u1
    let d2 = q * u2 - 2 * t * q * u1 * u1
    let d3 = q * u3 - 6 * t * q * u1 * u2 + (4 * t * t - 2 * q) * q * u1 * u1 * u1
    return [0.5 * z * (1 + t), 0.5 * (1 + t) + 0.5 * z * d1, d1 + 0.5 * z * d2, 1.5 * d2 + 0.5 * z * d3][order]
  }
}

extension Activation {
  /// σ(z).
  public func callAsFunction(_ z: Double) -> Double { derivative(0, at: z) }

  /// σ and its derivatives to the third, d^order σ/dz^order, by the chain rule through scales and shifts.
  ///
  /// At a kink the value from the left is taken, and the distributional part is left out: see ``kinks``.
  ///
  /// - Parameter order: 0 … 3.
  public func derivative(_ order: Int, at z: Double) -> Double {
    let value = function.derivative(order, at: inputScale * z + inputShift)
    var factor = outputScale
    for _ in 0..<order { factor *= inputScale }
    return order == 0 ? factor * value + outputShift : factor * value
  }

  /// The places where σ or a derivative jumps, in units of z.
  public var kinks: [Kink] {
    guard inputScale != 0, let order = function.kinkOrder else { return [] }
    return [Kink(location: -inputShift / inputScale, order: order)]
  }
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

  /// The slopes (right, left) of a positively homogeneous function of degree 1; nil for others.
  package var twoSlopes: (positive: Double, negative: Double)? {
    switch self {
    case .linear: (1, 1)
    case .relu: (1, 0)
    case .leakyReLU(let slope): (1, slope)
    case .twoSlope(let positive, let negative): (positive, negative)
    case .abs: (1, -1)
    default: nil
    }
  }
}
