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

  /// Central differences: the error is h²/6 times the third derivative of what is differentiated, plus rounding/h. Scales
  /// and shifts are in the cases, so this tests the chain rule too.
  @Test(arguments: activations) func everyDerivativeIsTheSlopeOfTheOneBefore(_ activation: Activation) {
    let step = 0x1p-17
    for order in 1...5 {
      for z in smoothArguments where Swift.abs(z) < 4 {
        guard activation.kinks.allSatisfy({ Swift.abs($0.location - z) > 4 * step }) else { continue }
        let below = activation.derivative(order - 1, at: z - step)
        let above = activation.derivative(order - 1, at: z + step)
        let slope = (above - below) / (2 * step)
        let size = (0...5).map { Swift.abs(activation.derivative($0, at: z)) }.max()! + 1
        // A sixth of the derivative two orders on: below 300 times the first ones for the steepest cases here to order 3, and
        // 7!/6 for z⁷ beyond.
        let tolerance = size * ((order > 3 ? 840 : 300) * step * step + 64 * 0x1p-53 / step)
        #expect(
          Swift.abs(slope - activation.derivative(order, at: z)) <= tolerance,
          "\(activation.function.name), order \(order), z = \(z)")
      }
    }
  }

  /// What `kinks` says is where a derivative jumps, and derivatives of lower order do not.
  @Test(arguments: activations) func kinksAreWhereDerivativesJump(_ activation: Activation) {
    let near = 1e-9
    for kink in activation.kinks {
      for order in 0...Swift.min(kink.order, 3) {
        let jump =
          activation.derivative(order, at: kink.location + near)
          - activation.derivative(order, at: kink.location - near)
        if order < kink.order {
          #expect(Swift.abs(jump) < 1e-7, "\(activation.function.name)")
        } else {
          #expect(Swift.abs(jump) > 1e-2, "\(activation.function.name)")
        }
      }
    }
    if activation.kinks.isEmpty {
      for order in 0...3 {
        for z in [0, -0.375] {
          let jump = activation.derivative(order, at: z + near) - activation.derivative(order, at: z - near)
          #expect(Swift.abs(jump) < 1e-5, "\(activation.function.name)")
        }
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
