import Foundation
import OrreryNetworks
import OrreryTensors
import Testing

/// The fast batch evaluation against the plain definition.
@Suite struct ActivationBatchTests {
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
      for order in 0...5 {
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
    for order in 0...5 {
      let plain = function.derivative(order, at: 0)
      #expect(Swift.abs(Activation(function).values(at: [0.0], order: order)[0] - plain) <= 1e-14)
      #expect(Swift.abs(Double(Activation(function).values(at: [Float(0)], order: order)[0]) - plain) <= 1e-5)
    }
  }

  /// No activation whose derivatives have limits may return not-a-number or overflow on the way to them.
  @Test(arguments: activationFunctions) func farTailsAreFinite(_ function: ActivationFunction) {
    let activation = Activation(function)
    for order in 0...5 {
      if function == .exp { continue }
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

  private func isWave(_ function: ActivationFunction) -> Bool { function.description.oscillates }

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
    if [.step, .sign, .monomial(degree: 0), .hermite(degree: 0)].contains(function) { return }
    #expect(Activation(function).values(at: [Double.nan])[0].isNaN, "\(function.name)")
    #expect(Activation(function).values(at: [Float.nan])[0].isNaN, "\(function.name)")
  }
}
