import OrreryNetworks
import Testing

/// Checks what an activation says of itself on its values: derivatives, kinks, symmetry, homogeneity, growth, polynomial form,
/// and its arrays in both precisions.
///
/// For every type that conforms to `ActivationDescription`, plain and with scales and shifts.
public func checkActivation(_ activation: Activation, sourceLocation: SourceLocation = #_sourceLocation) {
  checkActivationDerivatives(activation, sourceLocation: sourceLocation)
  checkActivationKinks(activation, sourceLocation: sourceLocation)
  checkActivationShape(activation, sourceLocation: sourceLocation)
  checkActivationArrays(activation, sourceLocation: sourceLocation)
}

/// Arguments that miss 0 and simple kinks, dense near 0 and reaching into the tails.
private let arguments: [Double] = (-60...60).map { Double($0) * 0.11 + 0.013 }

/// The largest |σ^(order)| near a place: of the size of the terms that cancel in it.
private func size(_ activation: Activation, _ order: Int, near z: Double) -> Double {
  (-4...4).map { activation.derivative(order, at: z + Double($0) / 4).magnitude }.max() ?? 0
}

/// Checks every derivative to the fifth against central differences of the one before.
///
/// The error is h²/6 times the third derivative of what is differentiated, which is at most of the size of what it is near by
/// over the square of the length ℓ on which it turns, plus rounding/h.
public func checkActivationDerivatives(
  _ activation: Activation, sourceLocation: SourceLocation = #_sourceLocation
) {
  let step = 0x1p-17
  for order in 1...5 {
    for z in arguments where z.magnitude < 4 {
      guard activation.kinks.allSatisfy({ ($0.location - z).magnitude > 4 * step }) else { continue }
      let below = activation.derivative(order - 1, at: z - step)
      let above = activation.derivative(order - 1, at: z + step)
      let slope = (above - below) / (2 * step)
      let sizes = (0...5).map { activation.derivative($0, at: z).magnitude }.max()! + 1
      // Up to ℓ = 1/12 and 7!/6 for the seventh power.
      let tolerance = sizes * ((order > 3 ? 840 : 300) * step * step + 64 * 0x1p-53 / step)
      #expect(
        (slope - activation.derivative(order, at: z)).magnitude <= tolerance,
        "\(activation.function), order \(order), z = \(z)", sourceLocation: sourceLocation)
    }
  }
}

/// Checks that a derivative jumps at each kink and none of lower order does, and that nothing jumps elsewhere.
public func checkActivationKinks(_ activation: Activation, sourceLocation: SourceLocation = #_sourceLocation) {
  func jump(_ order: Int, at z: Double) -> Double {
    let near = 1e-9
    return (activation.derivative(order, at: z + near) - activation.derivative(order, at: z - near)).magnitude
  }
  let kinks = activation.kinks
  #expect(kinks.map(\.location) == kinks.map(\.location).sorted(), sourceLocation: sourceLocation)
  for kink in kinks {
    for order in 0...kink.order {
      #expect(
        order < kink.order ? jump(order, at: kink.location) < 1e-7 : jump(order, at: kink.location) > 1e-2,
        "\(activation.function), order \(order)", sourceLocation: sourceLocation)
    }
  }
  // 2·10⁻⁹ times the next derivative; places where functions tend to have kinks, and some between.
  for z in [-3, -1, -0.5, -0.375, 0, 0.5, 1, 3.0]
  where kinks.allSatisfy({ ($0.location - z).magnitude > 1e-6 }) {
    for order in 0...4 {
      let bound = 1e-8 * (1 + size(activation, order, near: z) + size(activation, order + 1, near: z))
      #expect(
        jump(order, at: z) < bound, "\(activation.function), order \(order), z = \(z)", sourceLocation: sourceLocation)
    }
  }
}

/// Checks parity, homogeneity, growth and polynomial form: that what is stated holds, and that what holds is stated.
public func checkActivationShape(_ activation: Activation, sourceLocation: SourceLocation = #_sourceLocation) {
  let name = "\(activation.function)"
  let pairs = arguments.map { (activation($0), activation(-$0)) }
  let bounds = pairs.map { 1e-13 * max(1, $0.0.magnitude) }
  let isEven = zip(pairs, bounds).allSatisfy { ($0.0 - $0.1).magnitude <= $1 }
  let isOdd = zip(pairs, bounds).allSatisfy { ($0.0 + $0.1).magnitude <= $1 }
  switch activation.parity {
  case .even: #expect(isEven, "\(name)", sourceLocation: sourceLocation)
  case .odd: #expect(isOdd, "\(name)", sourceLocation: sourceLocation)
  case .neither: #expect(!isEven && !isOdd, "\(name)", sourceLocation: sourceLocation)
  }

  func power(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * base } }
  func scales(with degree: Int) -> Bool {
    arguments.allSatisfy { z in
      [0.5, 2, 4].allSatisfy { factor in
        let expected = power(factor, degree) * activation(z)
        return (activation(factor * z) - expected).magnitude <= 1e-13 * max(1e-3, expected.magnitude)
      }
    }
  }
  if let degree = activation.homogeneityDegree {
    #expect(scales(with: degree), "\(name)", sourceLocation: sourceLocation)
  } else {
    #expect(!(0...8).contains { scales(with: $0) }, "\(name)", sourceLocation: sourceLocation)
  }

  for z in [30.0, 60, 90, -30, -60, -90] {
    let value = activation(z).magnitude
    let bound =
      switch activation.growth {
      case .bounded: 10.0
      case .polynomial(let degree): 50 * power(z.magnitude, degree)
      case .exponential(let rate): 5 * Activation(.exp, inputScale: rate)(z.magnitude)
      }
    #expect(value < bound, "\(name) at \(z)", sourceLocation: sourceLocation)
  }
  if case .polynomial(let degree) = activation.growth {
    #expect(
      max(activation(90).magnitude, activation(-90).magnitude) > 1e-3 * power(90, degree), "\(name)",
      sourceLocation: sourceLocation)
  }

  if let coefficients = activation.polynomialCoefficients {
    #expect(coefficients.last != 0, sourceLocation: sourceLocation)
    for z in arguments where z.magnitude < 3 {
      let value = coefficients.reversed().reduce(0.0) { $0 * z + $1 }
      let size = coefficients.reversed().reduce(0.0) { $0 * z.magnitude + $1.magnitude }
      #expect(
        (value - activation(z)).magnitude <= 512 * 0x1p-53 * max(size, 1), "\(name) at \(z)",
        sourceLocation: sourceLocation)
    }
  }
  for order in 1...5 {
    let vanishes = arguments.allSatisfy { activation.derivative(order, at: $0) == 0 }
    #expect(
      vanishes == (activation.pieceDegree.map { order > $0 } ?? false), "\(name), order \(order)",
      sourceLocation: sourceLocation)
  }
}

/// Checks arrays of `Float` and `Double` against the pointwise definition in `Double`, at every order.
///
/// The argument's rounding moves σ^(n) by (|z| + |shift/scale|)·|σ^(n+1)| roundings; the operations themselves cost some ten
/// roundings of terms that are of the size that σ^(n) has near by.
public func checkActivationArrays(_ activation: Activation, sourceLocation: SourceLocation = #_sourceLocation) {
  let reach = activation.inputScale == 0 ? 0 : (activation.inputShift / activation.inputScale).magnitude
  for order in 0...5 {
    let singles = activation.values(at: arguments.map { Float($0) }, order: order)
    let doubles = activation.values(at: arguments, order: order)
    for (place, z) in arguments.enumerated() {
      func check(_ value: Double, at z: Double, roundoff: Double, smallest: Double) {
        let own = size(activation, order, near: z)
        // The sixth derivative from the fifth, over the distance of a quarter.
        let next = order < 5 ? size(activation, order + 1, near: z) : 8 * own
        let terms = own + (1 + z.magnitude + reach) * next + (order == 0 ? activation.outputShift.magnitude : 0)
        let plain = activation.derivative(order, at: z)
        #expect(
          (value - plain).magnitude <= 24 * roundoff * terms + smallest,
          "\(activation.function), order \(order), z = \(z): \(value) for \(plain)", sourceLocation: sourceLocation)
      }
      check(doubles[place], at: z, roundoff: 0x1p-53, smallest: Double.leastNormalMagnitude)
      check(
        Double(singles[place]), at: Double(Float(z)), roundoff: 0x1p-24, smallest: Double(Float.leastNormalMagnitude))
    }
  }
}
