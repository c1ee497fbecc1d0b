import Foundation
import OrreryNetworks
import Testing

/// The plain definition of every activation against independent numbers and against itself.
@Suite struct ActivationDerivativeTests {
  @Test func agreesWithHighPrecisionArithmetic() {
    for (function, z, expected) in activationReferenceValues {
      for order in 0...3 {
        let value = function.derivative(order, at: z)
        // Sums of terms up to the third power of z may cancel, and e^(−z²) magnifies the rounding of z² by z².
        let condition = 16 * (1 + z * z) * Swift.max(1, Swift.abs(z))
        let size = Swift.max(Swift.abs(expected[order]), expected.map(Swift.abs).max()! * 0x1p-10)
        #expect(
          Swift.abs(value - expected[order]) <= condition * 0x1p-53 * size, "\(function.name), order \(order), \(z)")
      }
    }
  }

  @Test func scalesAndShiftsFollowTheChainRule() {
    let activation = Activation(.tanh, inputScale: -2, inputShift: 0.5, outputScale: 3, outputShift: -1)
    let z = 0.7
    let u = -2 * z + 0.5
    // A product and a sum round twice, whatever their order, and twice here; powers of −2 are exact, and 3 times them too.
    let tanh = Foundation.tanh(u)
    #expect(abs(activation(z) - (3 * tanh - 1)) <= 4 * 0x1p-53 * (3 * abs(tanh) + 1))
    for (order, factor) in [(1, -6.0), (3, -24)] {
      let slope = factor * ActivationFunction.tanh.derivative(order, at: u)
      #expect(abs(activation.derivative(order, at: z) - slope) <= 4 * 0x1p-53 * abs(slope))
    }
    #expect(!activation.isPlain && Activation(.tanh).isPlain)
  }

  /// gelu-tanh is an approximation of gelu: the two differ by less than 5e-4.
  @Test func geluTanhApproximatesGELU() {
    let largest = smoothArguments.map {
      Swift.abs(ActivationFunction.gelu.derivative(0, at: $0) - ActivationFunction.geluTanh.derivative(0, at: $0))
    }.max()!
    #expect(largest < 5e-4 && largest > 1e-4)
  }
}
