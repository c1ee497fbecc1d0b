import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Two inputs that are almost one: the NTK's statistics at order 1/n keep their digits.
///
/// Reference numbers: the same recursions in covariances k₁₁, k₁₂, k₂₂ with 70 digits, expectations by Gauss–Legendre rules over the angle
/// between the inputs, ℓ = 4, all widths equal.
@Suite struct AlikeInputTests {
  /// Networks of three hidden layers of three neurons on [1, ½, −¾] and that input with one feature moved by a distance.
  struct Setting: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var network: PerceptronView
    var feature: Int
    var expected: [Numbers]
  }

  struct Numbers: Sendable {
    var distance: Double
    /// H1_12 and A_(12)(12).
    var correction: Double
    var variance: Double
  }

  static let settings: [Setting] = {
    let leaky = ChainNetworks.network(.leakyReLU(slope: 0.25), widths: [3, 3, 3], weight: 1.5, bias: 0.125)
    var uniform = leaky
    for index in 1..<4 { uniform.layers[index].weightDistribution = .uniform }
    return [
      Setting(
        testDescription: "ReLU", network: ChainNetworks.network(.relu, widths: [3, 3, 3], weight: 2), feature: 2,
        expected: [
          Numbers(distance: 1e-2, correction: 0.0095932574203702408, variance: 55.512607155972596),
          Numbers(distance: 1e-3, correction: 0.00095004450459620569, variance: 55.916762687449581),
          Numbers(distance: 1e-4, correction: 9.49119470892383e-5, variance: 55.957300039701399),
          Numbers(distance: 1e-5, correction: 9.4902699886841944e-6, variance: 55.961354991680956),
          Numbers(distance: 1e-6, correction: 9.4901775201200432e-7, variance: 55.961760499045203),
        ]),
      // Norms that differ, and biases that mix them.
      Setting(
        testDescription: "leaky ReLU with biases", network: leaky, feature: 1,
        expected: [
          Numbers(distance: 1e-2, correction: 0.0027882753774315043, variance: 17.006958522055116),
          Numbers(distance: 1e-3, correction: 0.0002777295248330512, variance: 16.964796606567166),
          Numbers(distance: 1e-4, correction: 2.7761916824671776e-5, variance: 16.960599790998008),
          Numbers(distance: 1e-5, correction: 2.7760812708774841e-6, variance: 16.960180302900916),
          Numbers(distance: 1e-6, correction: 2.7760702292628432e-7, variance: 16.960138356025502),
        ]),
      Setting(
        testDescription: "leaky ReLU with biases and uniform weights", network: uniform, feature: 1,
        expected: [
          Numbers(distance: 1e-2, correction: 0.0026323248445372036, variance: 17.006958522055116),
          Numbers(distance: 1e-3, correction: 0.00026245775181623787, variance: 16.964796606567166),
          Numbers(distance: 1e-4, correction: 2.6237990220835853e-5, variance: 16.960599790998008),
          Numbers(distance: 1e-5, correction: 2.6237211352710719e-6, variance: 16.960180302900916),
          Numbers(distance: 1e-6, correction: 2.6237133463068889e-7, variance: 16.960138356025502),
        ]),
    ]
  }()

  @Test("H1 and A of two inputs, closer and closer", arguments: settings)
  func twoAlike(_ setting: Setting) throws {
    for expected in setting.expected {
      var second = [1.0, 0.5, -0.75]
      second[setting.feature] += expected.distance
      let flow = try FiniteWidthFlow(
        setting.network, inputs: Matrix([[1.0, 0.5, -0.75], second]),
        learningRates: Array(repeating: LayerLearningRates(bias: 0.5, weight: 1), count: 4), extent: .tangentKernel)
      let layer = try #require(flow.layers.last)
      let tangent = try #require(layer.tangentKernel)
      // H1 is of order q ~ the distance, and made of tensors of the size of A that are rounded: what is left of that is divided by q.
      let error = abs(tangent.correction[0, 1] - expected.correction)
      #expect(
        error <= 1e-9 * expected.correction + 4e-16 * expected.variance / expected.distance,
        "H1 at \(expected.distance)")
      #expect(relativeError(tangent.a[0, 1, 0, 1], expected.variance) < 1e-9, "A at \(expected.distance)")
      #expect(layer.expectationError < 1e-8)
    }
  }

  @Test("Three inputs within 1e-5 of each other are refused, with the two closest ones")
  func threeAlike() throws {
    let network = ChainNetworks.network(.relu, widths: [100, 100, 100], weight: 2)
    let inputs = Matrix<Double>([[1, 0.5, -0.75], [1, 0.5, -0.75 + 1e-5], [1, 0.5 + 4e-5, -0.75]])
    #expect {
      try FiniteWidthFlow(network, inputs: inputs, extent: .tangentKernel)
    } throws: { error in
      guard case FiniteWidthError.inputsTooAlike(layer: 2, first: 1, second: 0, let size, tolerance: 1e-8) = error
      else { return false }
      return size > 1e-8 && "\(error)".contains("too alike")
    }
    // V and G1 do not take the derivatives of ⟨σ′σ′⟩.
    _ = try FiniteWidthFlow(network, inputs: inputs, extent: .preactivations)
  }

  /// x and 2x without biases stay perfectly correlated: statistics of one input, scaled by degree.
  @Test("Multiples of one input are exact")
  func multiples() throws {
    let network = ChainNetworks.network(.relu, widths: [10, 12, 14], weight: 2)
    let flow = try FiniteWidthFlow(
      network, inputs: Matrix([[1, 0.5, -0.75], [2, 1, -1.5]]), extent: .tangentKernel)
    let tangent = try #require(flow.layers.last?.tangentKernel)
    #expect(relativeError(tangent.correction[0, 1] + tangent.mean[0, 1], 2 * tangent.mean[0, 0]) < 1e-12)
    #expect(relativeError(tangent.a[0, 1, 0, 1], 4 * tangent.a[0, 0, 0, 0]) < 1e-12)
  }
}
