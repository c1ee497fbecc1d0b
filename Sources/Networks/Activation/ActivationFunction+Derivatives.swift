import Foundation

extension ActivationFunction {
  /// f or one of its first five derivatives at one place, in Double: the plain definition that every fast path is tested
  /// against. Fast paths end at f‴, the last that a network's own derivatives need; the fourth and fifth serve theory at
  /// finite width.
  ///
  /// At a kink the value from the left is taken (ReLU′(0) = 0, as automatic differentiation has it); the distributional
  /// part of higher derivatives (ReLU″ = δ) is left out. Finite for every finite z, except where f itself overflows
  /// (`exp`, polynomials), and with the right limits at ±∞.
  ///
  /// - Parameter order: 0 … 5.
  package func derivative(_ order: Int, at z: Double) -> Double {
    precondition((0...5).contains(order), "Derivatives are offered up to the fifth.")
    switch self {
    case .linear: return order == 0 ? z : (order == 1 ? 1 : 0)
    case .relu: return slopes(1, 0, order, z)
    case .leakyReLU(let slope): return slopes(1, slope, order, z)
    case .twoSlope(let positive, let negative): return slopes(positive, negative, order, z)
    case .abs: return slopes(1, -1, order, z)
    case .step: return order == 0 ? (z > 0 ? 1 : 0) : 0
    case .sign: return order == 0 ? (z > 0 ? 1 : (z < 0 ? -1 : 0)) : 0
    case .reluSquared: return z <= 0 ? 0 : [z * z, 2 * z, 2, 0, 0, 0][order]
    case .erf:
      if order == 0 { return Foundation.erf(z) }
      let v = clamp(z, Self.normalCutoff)
      let slope = 2 / Double.pi.squareRoot() * Foundation.exp(-v * v)
      return Self.gaussianDerivativeFactor(order - 1, v) * slope
    case .gelu: return geluDerivative(order, z)
    case .geluTanh:
      let v = clamp(z, Self.cubicCutoff)
      return gatedDerivative(order, z, argument: Self.geluTanhArgument(v), at: v)
    case .silu:
      let v = clamp(z, Self.logisticCutoff)
      return gatedDerivative(order, z, argument: (v, 1, 0, 0), at: v)
    case .tanh:
      let t = Foundation.tanh(z)
      let q = 4 * logisticSlope(2 * z)
      return [t, q, -2 * t * q, q * (4 - 6 * q), -8 * t * q * (1 - 3 * q), q * (16 - 120 * q + 120 * q * q)][order]
    case .sigmoid: return logisticDerivative(order, z)
    case .softplus:
      return order == 0
        ? Swift.max(z, 0) + log1p(Foundation.exp(-Swift.abs(z))) : logisticDerivative(order - 1, z)
    case .sin: return [Foundation.sin(z), Foundation.cos(z), -Foundation.sin(z), -Foundation.cos(z)][order % 4]
    case .cos: return [Foundation.cos(z), -Foundation.sin(z), -Foundation.cos(z), Foundation.sin(z)][order % 4]
    case .exp: return Foundation.exp(z)
    case .gaussian:
      let v = clamp(z, Self.normalCutoff)
      return Self.gaussianDerivativeFactor(order, v) * Foundation.exp(-v * v)
    case .monomial(let degree):
      return order > degree ? 0 : Self.fallingFactorial(degree, order) * power(z, degree - order)
    case .hermite(let degree):
      // He_p′ = p He_(p−1).
      return order > degree ? 0 : Self.fallingFactorial(degree, order) * hermitePolynomial(degree - order, z)
    case .elu(let alpha):
      if z > 0 { return order == 0 ? z : (order == 1 ? 1 : 0) }
      return order == 0 ? alpha * expm1(z) : alpha * Foundation.exp(z)
    case .polynomial(let coefficients):
      var value = 0.0
      for (degree, coefficient) in coefficients.enumerated().reversed() where degree >= order {
        value = value * z + Self.fallingFactorial(degree, order) * coefficient
      }
      return value
    }
  }

  // Beyond these places the exponential factor of a derivative is exactly zero in Double, and the polynomial factor must
  // not be allowed to reach infinity: 0·∞ is no number.

  /// e^(−z²/2) = 0 for |z| > 39.
  static var normalCutoff: Double { 40 }
  /// The logistic function of √(8/π)(z + 0.044715 z³) is 0 for z < −22.
  static var cubicCutoff: Double { 40 }
  /// e^(−|z|) = 0 for |z| > 746.
  static var logisticCutoff: Double { 800 }

  /// d^order z^degree / dz^order at 1: degree (degree − 1) … (degree − order + 1).
  static func fallingFactorial(_ degree: Int, _ order: Int) -> Double {
    (0..<order).reduce(1.0) { $0 * Double(degree - $1) }
  }

  /// e^(z²) d^order e^(−z²)/dz^order, (−1)^order times the physicists' Hermite polynomial.
  private static func gaussianDerivativeFactor(_ order: Int, _ z: Double) -> Double {
    var (previous, current) = (0.0, 1.0)
    for j in 0..<order { (previous, current) = (current, -2 * (z * current + Double(j) * previous)) }
    return current
  }

  /// w = √(8/π)(z + 0.044715 z³) and its derivatives: gelu-tanh is z times the logistic function of w.
  static func geluTanhArgument(_ z: Double) -> (Double, Double, Double, Double) {
    let c = (8 / Double.pi).squareRoot()
    let a = 0.044715
    return (c * (z + a * z * z * z), c * (1 + 3 * a * z * z), 6 * c * a * z, 6 * c * a)
  }

  private func clamp(_ z: Double, _ limit: Double) -> Double { z > limit ? limit : (z < -limit ? -limit : z) }

  private func slopes(_ positive: Double, _ negative: Double, _ order: Int, _ z: Double) -> Double {
    let slope = z > 0 ? positive : negative
    // A slope of exactly 0 also at −∞; not-a-number stays what it is.
    return order == 0 ? (slope == 0 && z <= 0 ? 0 : slope * z) : (order == 1 ? slope : 0)
  }

  private func geluDerivative(_ order: Int, _ z: Double) -> Double {
    let v = clamp(z, Self.normalCutoff)
    let density = Foundation.exp(-v * v / 2) / (2 * Double.pi).squareRoot()
    let distribution = 0.5 * Foundation.erfc(-v / 2.0.squareRoot())
    let square = v * v
    return [
      Swift.max(z, v) * distribution, distribution + v * density, (2 - square) * density,
      v * (square - 4) * density, (-square * square + 7 * square - 4) * density,
      v * (square * square - 11 * square + 18) * density,
    ][order]
  }

  private func logistic(_ z: Double) -> Double {
    let e = Foundation.exp(-Swift.abs(z))
    return (z >= 0 ? 1 : e) / (1 + e)
  }

  /// s′ = s(z) s(−z) = e/(1 + e)² with e = e^(−|z|): no cancellation, no overflow.
  private func logisticSlope(_ z: Double) -> Double {
    let e = Foundation.exp(-Swift.abs(z))
    return e / ((1 + e) * (1 + e))
  }

  /// With p = s′: s″ = p(1 − 2s) = −p tanh(z/2), s‴ = p(1 − 6p), s⁗ = s″(1 − 12p), s⁽⁵⁾ = p(1 − 30p + 120p²).
  private func logisticDerivative(_ order: Int, _ z: Double) -> Double {
    if order == 0 { return logistic(z) }
    let slope = logisticSlope(z)
    let second = -slope * Foundation.tanh(z / 2)
    return [
      slope, second, slope * (1 - 6 * slope), second * (1 - 12 * slope),
      slope * (1 - 30 * slope + 120 * slope * slope),
    ][order - 1]
  }

  /// Derivatives of z s(w(z)), s the logistic function, by the chain rule; `v` is z cut to where s′(w) > 0.
  private func gatedDerivative(
    _ order: Int, _ z: Double, argument w: (Double, Double, Double, Double), at v: Double
  ) -> Double {
    let s = logistic(w.0)
    if order == 0 { return Swift.max(z, v) * s }
    let (s1, s2, s3) = (logisticDerivative(1, w.0), logisticDerivative(2, w.0), logisticDerivative(3, w.0))
    let (s4, s5) = (logisticDerivative(4, w.0), logisticDerivative(5, w.0))
    let (w1, w2, w3) = (w.1, w.2, w.3)
    // Faà di Bruno's formula with w⁗ = 0.
    let inner = [
      s, s1 * w1, s2 * w1 * w1 + s1 * w2, s3 * w1 * w1 * w1 + 3 * s2 * w1 * w2 + s1 * w3,
      s4 * w1 * w1 * w1 * w1 + 6 * s3 * w1 * w1 * w2 + s2 * (3 * w2 * w2 + 4 * w1 * w3),
      s5 * w1 * w1 * w1 * w1 * w1 + 10 * s4 * w1 * w1 * w1 * w2 + 5 * s3 * w1 * (3 * w2 * w2 + 2 * w1 * w3)
        + 10 * s2 * w2 * w3,
    ]
    return Double(order) * inner[order - 1] + v * inner[order]
  }

  private func power(_ z: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * z }
  }

  private func hermitePolynomial(_ degree: Int, _ z: Double) -> Double {
    var (previous, current) = (0.0, 1.0)
    for j in 0..<degree { (previous, current) = (current, z * current - Double(j) * previous) }
    return current
  }
}

extension Activation {
  /// σ(z).
  public func callAsFunction(_ z: Double) -> Double { derivative(0, at: z) }

  /// σ and its derivatives to the fifth, d^order σ/dz^order, by the chain rule through scales and shifts.
  ///
  /// At a kink the value from the left is taken, and the distributional part is left out: see ``kinks``.
  ///
  /// - Parameter order: 0 … 5.
  public func derivative(_ order: Int, at z: Double) -> Double {
    let value = function.derivative(order, at: inputScale * z + inputShift)
    var factor = outputScale
    for _ in 0..<order { factor *= inputScale }
    return order == 0 ? factor * value + outputShift : factor * value
  }
}
