import Foundation
import OrreryNetworks
import OrreryTensors
import Testing

/// The fast batch evaluation against the plain definition.
@Suite struct ActivationBatchTests {
  /// The rounding errors of some ten operations, and of an exponential whose argument is rounded: e^(−v²) has the relative
  /// error v² u, which the largest of v² e^(−v²) bounds by 1 in absolute terms. Polynomials may cancel: their terms count.
  static func tolerance(_ activation: Activation, _ order: Int, _ z: Double, roundoff: Double) -> Double {
    let u = Swift.abs(activation.inputScale * z) + Swift.abs(activation.inputShift)
    let scale = Swift.abs(activation.outputScale) + Swift.abs(activation.outputShift)
    var size = 1 + u
    switch activation.function {
    case .exp: size = (2 + u) * Foundation.exp(u)
    case .sin, .cos: size = 1 + u
    case .monomial(let degree): size = term(1, degree, order, u) * Double(degree + 2)
    case .hermite(let degree):
      // He_p with all terms positive: i^−p He_p(iu).
      var (previous, current) = (0.0, 1.0)
      for j in 0..<Swift.max(degree - order, 0) { (previous, current) = (current, u * current + Double(j) * previous) }
      size = term(current, degree, order, 1) * Double(degree + 2)
    case .polynomial(let coefficients):
      size = 0
      for (degree, coefficient) in coefficients.enumerated() { size += term(coefficient, degree, order, u) * 6 }
    case .geluTanh: size = 10 + u
    default: break
    }
    return 24 * roundoff * scale * (1 + size)
  }

  private static func term(_ coefficient: Double, _ degree: Int, _ order: Int, _ u: Double) -> Double {
    guard order <= degree else { return 0 }
    var value = Swift.abs(coefficient)
    for j in 0..<order { value *= Double(degree - j) }
    return value * pow(u, Double(degree - order))
  }

  @Test(arguments: activations) func agreesWithPlainDefinitionInDouble(_ activation: Activation) {
    for order in 0...3 {
      let fast = activation.values(at: smoothArguments, order: order)
      for (z, value) in zip(smoothArguments, fast) {
        let plain = activation.derivative(order, at: z)
        let tolerance = Self.tolerance(activation, order, z, roundoff: 0x1p-53)
        #expect(Swift.abs(value - plain) <= tolerance, "\(activation.function.name), order \(order), z = \(z)")
      }
    }
  }

  @Test(arguments: activations) func agreesWithPlainDefinitionInSingle(_ activation: Activation) {
    let arguments = smoothArguments.map { Float($0) }
    for order in 0...3 {
      let fast = activation.values(at: arguments, order: order)
      for (z, value) in zip(arguments, fast) {
        let plain = activation.derivative(order, at: Double(z))
        let tolerance = Self.tolerance(activation, order, Double(z), roundoff: 0x1p-24)
        #expect(
          Swift.abs(Double(value) - plain) <= tolerance, "\(activation.function.name), order \(order), z = \(z)")
      }
    }
  }

  /// Relative accuracy where functions fall off: the tail of GELU decides kernels of small scale.
  @Test(arguments: [ActivationFunction.gelu, .silu, .sigmoid, .softplus, .geluTanh, .elu(alpha: 1)])
  func keepsRelativeAccuracyInNegativeTail(_ function: ActivationFunction) {
    let activation = Activation(function)
    let arguments = (0...40).map { -8 + Double($0) * 0.17 }
    for (z, value) in zip(arguments, activation.values(at: arguments)) {
      let plain = activation.derivative(0, at: z)
      // The argument's rounding is magnified by the logarithmic derivative: at most z² + 2, or cubic for gelu-tanh.
      let condition = 4 + z * z * (function == .geluTanh ? 2 : 1)
      #expect(Swift.abs(value - plain) <= 8 * condition * 0x1p-53 * Swift.abs(plain), "\(function.name) at \(z)")
    }
  }

  @Test(arguments: [1, 2, 127, 128, 129, 255, 256, 257, 1000]) func anyCountAndInPlace(_ count: Int) {
    for activation in [Activation(.gelu), Activation(.tanh, inputScale: 2), Activation(.hermite(degree: 4))] {
      let inputs = (0..<count).map { Double($0 % 37) * 0.2 - 3.5 }
      for order in 0...3 {
        let separate = activation.values(at: inputs, order: order)
        var matrix = Matrix(rows: 1, columns: count, elements: inputs)
        activation.apply(order: order, to: &matrix)
        #expect(matrix.row(0) == separate)
        var single = Matrix(rows: count, columns: 1, elements: inputs.map { Float($0) })
        let expected = activation.values(at: inputs.map { Float($0) }, order: order)
        activation.apply(order: order, to: &single)
        #expect(single.tensor.elements == expected)
      }
    }
  }

  @Test func writesNothingBeyondTheEnd() {
    var output = [Double](repeating: 7, count: 300)
    let input = [Double](repeating: 0.5, count: 300)
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer {
        Activation(.gelu).apply(order: 1, to: source.baseAddress!, into: $0.baseAddress!, count: 200)
      }
    }
    #expect(output[200...].allSatisfy { $0 == 7 })
    #expect(output[..<200].allSatisfy { $0 != 7 })
    #expect(Activation(.tanh).values(at: [Float]()).isEmpty)
  }

  /// At 0, kinks take the value from the left, in the fast path as in the plain one.
  @Test(arguments: activationFunctions) func kinksTakeTheLeftValue(_ function: ActivationFunction) {
    for order in 0...3 {
      let plain = function.derivative(order, at: 0)
      #expect(Swift.abs(Activation(function).values(at: [0.0], order: order)[0] - plain) <= 1e-14)
      #expect(Swift.abs(Double(Activation(function).values(at: [Float(0)], order: order)[0]) - plain) <= 1e-5)
    }
  }

  /// No activation whose derivatives have limits may return not-a-number or overflow on the way to them.
  @Test(arguments: activationFunctions) func farTailsAreFinite(_ function: ActivationFunction) {
    let activation = Activation(function)
    for order in 0...3 {
      if case .exp = function { continue }
      if activation.isPolynomial { continue }
      for z in [40.0, 90, 750, 1e4, 1e10, 1e18] {
        for signed in [z, -z] {
          let plain = activation.derivative(order, at: signed)
          #expect(plain.isFinite, "\(function.name), order \(order), z = \(signed)")
          let double = activation.values(at: [signed], order: order)[0]
          #expect(Swift.abs(double - plain) <= 8 * 0x1p-53 * Swift.max(1, Swift.abs(plain)) || isWave(function))
          let single = activation.values(at: [Float(signed)], order: order)[0]
          #expect(
            Swift.abs(Double(single) - plain) <= 8 * 0x1p-24 * Swift.max(1, Swift.abs(plain)) || isWave(function),
            "\(function.name), order \(order), z = \(signed): \(single)")
        }
      }
    }
  }

  private func isWave(_ function: ActivationFunction) -> Bool { function == .sin || function == .cos }

  @Test func infinityHasTheRightLimits() {
    let infinite = [Double.infinity, -.infinity]
    for (function, right, left) in [
      (ActivationFunction.relu, Double.infinity, 0.0), (.gelu, .infinity, 0), (.geluTanh, .infinity, 0),
      (.silu, .infinity, 0), (.tanh, 1, -1), (.sigmoid, 1, 0), (.softplus, .infinity, 0), (.gaussian, 0, 0),
      (.erf, 1, -1), (.elu(alpha: 2), .infinity, -2),
    ] {
      #expect(Activation(function).values(at: infinite) == [right, left], "\(function.name)")
      #expect(infinite.map { function.derivative(0, at: $0) } == [right, left], "\(function.name)")
      let slopes = Activation(function).values(at: infinite, order: 1)
      #expect(slopes == infinite.map { function.derivative(1, at: $0) }, "\(function.name)")
      #expect(slopes.allSatisfy { $0 == 0 || $0 == 1 }, "\(function.name)")
    }
  }

  @Test(arguments: activationFunctions) func notANumberStays(_ function: ActivationFunction) {
    switch function {
    case .step, .sign, .monomial(degree: 0), .hermite(degree: 0): return
    default:
      #expect(Activation(function).values(at: [Double.nan])[0].isNaN, "\(function.name)")
      #expect(Activation(function).values(at: [Float.nan])[0].isNaN, "\(function.name)")
    }
  }
}
