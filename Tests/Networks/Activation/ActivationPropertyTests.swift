import OrreryNetworks
import OrreryTestSupport
import Testing

/// What activations say of themselves, checked on their values.
@Suite struct ActivationPropertyTests {
  @Test(arguments: activations) func lawsHold(_ activation: Activation) { checkActivation(activation) }

  @Test func parityOfShiftedFunctions() {
    #expect(Activation(.sigmoid).parity == .neither)
    #expect(Activation(.sigmoid, outputScale: 2, outputShift: -1).parity == .odd)
    #expect(Activation(.step, outputShift: -0.5).parity == .odd)
    #expect(Activation(.cos, outputShift: 3).parity == .even)
    #expect(Activation(.tanh, outputShift: 3).parity == .neither)
    #expect(Activation(.tanh, inputScale: -2).parity == .odd)
    #expect(Activation(.gelu, inputScale: 0).parity == .even)
    #expect(Activation(.linear, inputShift: 1, outputShift: -1).parity == .odd)
    #expect(Activation(.monomial(degree: 2), inputShift: 1).parity == .neither)
    #expect(Activation(.twoSlope(positive: 2, negative: -2)).parity == .even)
    #expect(Activation(.twoSlope(positive: 2, negative: 2)).parity == .odd)
  }

  @Test func slopesWithScales() throws {
    let plain = try #require(Activation(.leakyReLU(slope: 0.2)).slopes)
    #expect(plain == (1, 0.2))
    let mirrored = Activation(.leakyReLU(slope: 0.2), inputScale: -2, outputScale: 3)
    let slopes = try #require(mirrored.slopes)
    // Products with 2 are exact, so that each side rounds once, the same product.
    #expect(slopes.positive == mirrored(1) && slopes.negative == -mirrored(-1))
    #expect(Activation(.relu, inputShift: 1).slopes == nil)
    #expect(Activation(.relu, outputShift: 1).slopes == nil)
    #expect(Activation(.relu, outputScale: 0).slopes == nil)
    #expect(Activation(.gelu).slopes == nil)
    #expect(Activation(.monomial(degree: 1)).slopes! == (1, 1))
  }

  @Test func polynomialsAreRecognised() {
    #expect(Activation(.gelu).polynomialCoefficients == nil)
    #expect(Activation(.gelu, outputScale: 0, outputShift: 2).polynomialCoefficients == [2])
    #expect(Activation(.gelu, outputScale: 0).polynomialCoefficients == [])
    #expect(Activation(.relu).isPolynomial == false)
    #expect(Activation(.twoSlope(positive: 3, negative: 3)).polynomialCoefficients == [0, 3])
    #expect(Activation(.polynomial(coefficients: [1, 2, 0])).polynomialCoefficients == [1, 2])
    #expect(Activation(.hermite(degree: 4)).polynomialCoefficients == [3, 0, -6, 0, 1])
    #expect(Activation(.monomial(degree: 2), inputShift: 1).polynomialCoefficients == [1, 2, 1])
    // The largest coefficients of He_30 are exact: the constant is −29!! (DLMF 18.5.13).
    let constant = stride(from: 1.0, through: 29, by: 2).reduce(1, *)
    #expect(Activation(.hermite(degree: 30)).polynomialCoefficients?[0] == -constant)
  }

  @Test func kinksMoveWithScaleAndShift() {
    #expect(Activation(.relu).kinks == [.init(location: 0, order: 1)])
    #expect(Activation(.relu, inputScale: 2, inputShift: 1).kinks == [.init(location: -0.5, order: 1)])
    #expect(Activation(.step).kinks.map(\.order) == [0])
    #expect(Activation(.elu(alpha: 1)).kinks.map(\.order) == [2])
    #expect(Activation(.elu(alpha: 2)).kinks.map(\.order) == [1])
    #expect(Activation(.reluSquared).kinks.map(\.order) == [2])
    #expect(Activation(.leakyReLU(slope: 1)).kinks.isEmpty)
    #expect(Activation(.relu, inputScale: 0, inputShift: 1).kinks.isEmpty)
  }

  @Test func smoothnessAndStrip() {
    #expect(Activation(.relu).smoothness == .derivatives(0))
    #expect(Activation(.sign).smoothness == .derivatives(-1))
    #expect(Activation(.reluSquared).smoothness == .derivatives(1))
    #expect(Activation(.gelu).smoothness == .analytic(strip: .infinity))
    #expect(Activation(.tanh, inputScale: -2).smoothness == .analytic(strip: .pi / 4))
    #expect(Activation(.relu, outputScale: 0).smoothness == .analytic(strip: .infinity))
  }

  /// The strip of gelu-tanh ends where √(2/π)(z + a z³) = iπ/2, checked by putting the root into the equation.
  @Test func stripOfGELUTanh() {
    guard case .analytic(let strip) = Activation(.geluTanh).smoothness else {
      Issue.record("gelu-tanh is analytic.")
      return
    }
    let (x, y, a) = (0.634368347815610148, strip, 0.044715)
    let c = (2 / Double.pi).squareRoot()
    #expect(Swift.abs(c * (x + a * (x * x * x - 3 * x * y * y))) < 1e-14)
    #expect(Swift.abs(c * (y + a * (3 * x * x * y - y * y * y)) - .pi / 2) < 1e-14)
  }

  @Test func growthOfPolynomialsIsTheirDegree() {
    #expect(Activation(.monomial(degree: 7)).growth == .polynomial(degree: 7))
    #expect(Activation(.monomial(degree: 0)).growth == .bounded)
    #expect(Activation(.reluSquared).growth == .polynomial(degree: 2))
    #expect(Activation(.exp, inputScale: -0.5).growth == .exponential(rate: 0.5))
  }

  @Test(arguments: activationFunctions) func formulaAndPublications(_ function: ActivationFunction) {
    #expect(!function.formula.isEmpty)
    #expect(!function.publications.isEmpty)
  }
}
