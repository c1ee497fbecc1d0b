import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Gaussian expectations of one activation")
struct ActivationMomentsTests {
  static let smooth: [Activation] = [
    Activation(.tanh), Activation(.gelu), Activation(.geluTanh), Activation(.silu), Activation(.erf), Activation(.sin),
    Activation(.cos), Activation(.sigmoid), Activation(.softplus), Activation(.exp), Activation(.gaussian),
    Activation(.hermite(degree: 3)), Activation(.polynomial(coefficients: [0.3, 1, -0.2, 0.1])),
    Activation(.tanh, inputScale: 0.7, inputShift: 0.4, outputScale: 1.6, outputShift: -0.2),
    Activation(.gelu, inputScale: -1.3, inputShift: 0.5),
  ]
  static let kinked: [Activation] = [
    Activation(.elu(alpha: 1)), Activation(.elu(alpha: 2)), Activation(.reluSquared),
    Activation(.relu, inputShift: 0.3), Activation(.elu(alpha: 0.5), inputScale: -1.2, inputShift: 0.4),
    Activation(.leakyReLU(slope: 0.2), inputShift: -0.5, outputShift: 0.1), Activation(.relu, outputShift: -0.4),
    Activation(.clippedLine()), Activation(.clippedLine(), inputScale: -0.7, inputShift: 0.2, outputShift: 0.3),
  ]
  static let jumping: [Activation] = [
    Activation(.step, inputShift: 0.3), Activation(.sign, inputShift: -0.2), Activation(.clippedLine(jump: 0.4)),
  ]

  /// The derivative of `f` at `x` by central differences of steps h and 2h, error O(h⁴).
  private func slope(at x: Double, _ f: (Double) -> Double) -> Double {
    let h = 2e-3 * x
    return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
  }

  @Test(
    "Derivatives in K are derivatives in K, kinks and shifts included", arguments: smooth + kinked + jumping,
    [0.05, 0.8, 3])
  func derivatives(_ activation: Activation, _ kernel: Double) {
    let moments = ActivationMoments(activation, kernel: kernel)
    func at(_ k: Double) -> ActivationMoments { ActivationMoments(activation, kernel: k) }
    // Truncation is h⁴ of the fifth derivative; rounding, 1e-13/h of `scale`, what a function of this order is summed from.
    func check(_ value: Double, _ f: (ActivationMoments) -> Double, _ name: String, scale: Double = 0) {
      let numeric = slope(at: kernel) { f(at($0)) }
      let size = max(abs(numeric), abs(value), abs(f(moments)) / kernel, 1e-6, 1e-4 * scale)
      #expect(abs(value - numeric) < 1e-6 * size, "\(name) of \(activation) at \(kernel): \(value) \(numeric)")
    }
    check(moments.slopeOfSecondMoment, \.secondMoment, "m′")
    check(moments.curvatureOfSecondMoment, \.slopeOfSecondMoment, "m″")
    check(moments.slopeOfVarianceOfSquare, \.varianceOfSquare, "c₂′")
    if moments.squaredSlope.isFinite { check(moments.slopeOfSquaredSlope, \.squaredSlope, "⟨σ′²⟩′") }
    check(moments.scaledThirdDerivative / pow(kernel, 3), \.curvatureOfSecondMoment, "m‴")
    check(
      moments.scaledFourthDerivative / pow(kernel, 4), { $0.scaledThirdDerivative / pow($0.kernel, 3) }, "m⁗",
      scale: moments.secondMoment / pow(kernel, 4))
    check(moments.scaledCurvatureOfVarianceOfSquare / pow(kernel, 2), \.slopeOfVarianceOfSquare, "c₂″")
  }

  @Test("Jump terms equal Stein weights: dm/dK = ⟨σ²(z² − K)⟩/2K²", arguments: kinked + jumping + smooth)
  func stein(_ activation: Activation) {
    let kernel = 0.7
    let moments = ActivationMoments(activation, kernel: kernel)
    func expectation(_ f: (Double) -> Double) -> Double {
      GaussianExpectation.one(variance: kernel, kinks: activation.kinks.map(\.location), f).value
    }
    let first = expectation { activation($0) * activation($0) * ($0 * $0 - kernel) } / (2 * kernel * kernel)
    let second =
      expectation {
        let s = $0 * $0 / kernel
        return activation($0) * activation($0) * ((s - 6) * s + 3)
      } / (4 * kernel * kernel)
    let size = moments.secondMoment + moments.fourthMoment.squareRoot()
    #expect(abs(moments.slopeOfSecondMoment - first) < 1e-11 * size)
    #expect(abs(moments.curvatureOfSecondMoment - second) < 1e-10 * size)
  }

  @Test("The duals' closed forms and series agree", arguments: smooth + kinked, [0.01, 1, 12])
  func duals(_ activation: Activation, _ kernel: Double) {
    let moments = ActivationMoments(activation, kernel: kernel)
    let single = activation.dual.single(variance: kernel)
    #expect(relativeError(moments.secondMoment, single.second) < 1e-10)
    #expect(relativeError(moments.squaredSlope, single.derivativeSecond) < 1e-10)
    #expect(abs(moments.mean - single.mean) < 1e-10 * single.second.squareRoot())
  }

  @Test("Monomials: ⟨z^2p⟩ = (2p − 1)!! K^p", arguments: [1, 2, 3])
  func monomials(_ degree: Int) {
    func moment(_ power: Int, _ kernel: Double) -> Double {
      stride(from: power - 1, to: 0, by: -2).reduce(1.0) { $0 * Double($1) } * pow(kernel, Double(power) / 2)
    }
    for kernel in [1e-6, 0.3, 40] {
      let moments = ActivationMoments(Activation(.monomial(degree: degree)), kernel: kernel)
      #expect(relativeError(moments.secondMoment, moment(2 * degree, kernel)) < 1e-13)
      #expect(relativeError(moments.fourthMoment, moment(4 * degree, kernel)) < 1e-13)
      #expect(relativeError(moments.sixthMoment, moment(6 * degree, kernel)) < 1e-13)
      let p = Double(degree)
      #expect(relativeError(moments.slopeOfSecondMoment, p * moment(2 * degree, kernel) / kernel) < 1e-12)
      #expect(relativeError(moments.squaredSlope, p * p * moment(2 * degree - 2, kernel)) < 1e-12)
    }
  }

  @Test("Sine: ⟨sin²⟩ = (1 − e^(−2K))/2 from 1e-12 to 300")
  func sine() {
    for kernel in [1e-12, 1e-4, 0.5, 7, 300] {
      let moments = ActivationMoments(Activation(.sin), kernel: kernel)
      #expect(relativeError(moments.secondMoment, -expm1(-2 * kernel) / 2) < 1e-13)
      #expect(relativeError(moments.squaredSlope, (1 + exp(-2 * kernel)) / 2) < 1e-13)
    }
  }

  @Test("Small kernels keep relative precision: tanh has m = K − 2K² + 17/3·K³ …")
  func smallKernels() {
    for kernel in [1e-4, 1e-6, 1e-9, 1e-12] {
      let moments = ActivationMoments(Activation(.tanh), kernel: kernel)
      // tanh² = z² − 2z⁴/3 + 17z⁶/45 − …
      #expect(
        relativeError(moments.secondMoment, kernel * (1 - 2 * kernel + 17.0 / 3 * kernel * kernel)) < 30
          * pow(kernel, 3) + 1e-13)
      #expect(abs(moments.curvature / kernel + 2) < 100 * kernel + 1e-3 * min(1, 1e-12 / kernel))
      #expect(abs(moments.curvatureOfSecondMoment + 4) < 100 * kernel + 1e-8)
      #expect(relativeError(moments.varianceOfSquare, 2 * kernel * kernel) < 20 * kernel + 1e-12)
    }
  }

  @Test("K = 0 is the limit", arguments: smooth + [Activation(.elu(alpha: 2)), Activation(.reluSquared)])
  func zero(_ activation: Activation) {
    let zero = ActivationMoments(activation, kernel: 0)
    let near = ActivationMoments(activation, kernel: 1e-8)
    // Corrections are O(√K) where σ′ or σ″ jumps, else O(K).
    let tolerance = activation.kinks.isEmpty ? 1e-6 : 2e-3
    #expect(abs(zero.secondMoment - near.secondMoment) < tolerance)
    #expect(abs(zero.squaredSlope - near.squaredSlope) < tolerance)
    #expect(abs(zero.slopeOfSecondMoment - near.slopeOfSecondMoment) < tolerance)
    #expect(abs(zero.mean - near.mean) < tolerance)
    if activation.kinks.isEmpty {
      #expect(abs(zero.curvatureOfSecondMoment - near.curvatureOfSecondMoment) < 1e-5)
      #expect(abs(zero.slopeOfSquaredSlope - near.slopeOfSquaredSlope) < 1e-5)
    }
  }

  @Test("Homogeneous activations: exact, and the general path agrees")
  func homogeneous() {
    for (positive, negative) in [(1.0, 0.0), (1, 0.2), (0.5, -2)] {
      let exact = ActivationMoments(Activation(.twoSlope(positive: positive, negative: negative)), kernel: 1.7)
      // A shift of zero weight turns the exact path off without changing σ beyond 1e-300.
      let general = ActivationMoments(
        Activation(.twoSlope(positive: positive, negative: negative), outputShift: 1e-300), kernel: 1.7)
      #expect(relativeError(general.mean, exact.mean) < 1e-12)
      #expect(relativeError(general.secondMoment, exact.secondMoment) < 1e-12)
      #expect(relativeError(general.sixthMoment, exact.sixthMoment) < 1e-12)
      #expect(relativeError(general.slopeOfSecondMoment, exact.slopeOfSecondMoment) < 1e-12)
      #expect(relativeError(general.varianceOfSquare, exact.varianceOfSquare) < 1e-12)
      #expect(relativeError(general.thirdCumulantOfSquare, exact.thirdCumulantOfSquare) < 1e-11)
      #expect(relativeError(general.scaledCurvatureOfVarianceOfSquare, exact.scaledCurvatureOfVarianceOfSquare) < 1e-10)
      #expect(abs(general.curvatureOfSecondMoment) < 1e-12)
    }
  }

  @Test("Jumps make ⟨σ′²⟩ infinite and leave dm/dK finite")
  func jumps() {
    let step = ActivationMoments(Activation(.step), kernel: 2)
    #expect(step.secondMoment == 0.5 || abs(step.secondMoment - 0.5) < 1e-13)
    #expect(step.squaredSlope == .infinity)
    #expect(abs(step.slopeOfSecondMoment) < 1e-13)
  }

  @Test("Exponential growth: a kernel that overflows is not finite, and says so")
  func overflow() {
    let fine = ActivationMoments(Activation(.exp), kernel: 8)
    #expect(relativeError(fine.secondMoment, exp(16)) < 1e-11)
    #expect(!ActivationMoments(Activation(.exp), kernel: 1e6).isFinite)
    #expect(MomentTable(Activation(.exp)).moments.allSatisfy { $0.isFinite })
  }
}
