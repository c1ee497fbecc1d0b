import OrreryNetworks
import Testing

/// What activations say of themselves, checked on their values.
@Suite struct ActivationPropertyTests {
  @Test(arguments: activations) func parityHoldsAndIsNotMissed(_ activation: Activation) {
    let pairs = smoothArguments.map { (activation($0), activation(-$0)) }
    let size = pairs.map { Swift.max(1, Swift.abs($0.0)) }
    let even = zip(pairs, size).allSatisfy { Swift.abs($0.0 - $0.1) <= 1e-13 * $1 }
    let odd = zip(pairs, size).allSatisfy { Swift.abs($0.0 + $0.1) <= 1e-13 * $1 }
    switch activation.parity {
    case .even: #expect(even)
    case .odd: #expect(odd)
    case .neither: #expect(!even && !odd)
    }
  }

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

  @Test(arguments: activations) func homogeneityHoldsAndIsNotMissed(_ activation: Activation) {
    func scales(with degree: Int) -> Bool {
      smoothArguments.allSatisfy { z in
        [0.5, 2, 4].allSatisfy { factor in
          var power = 1.0
          for _ in 0..<degree { power *= factor }
          let expected = power * activation(z)
          return Swift.abs(activation(factor * z) - expected) <= 1e-13 * Swift.max(1e-3, Swift.abs(expected))
        }
      }
    }
    if let degree = activation.homogeneityDegree {
      #expect(scales(with: degree))
    } else {
      #expect(!(0...8).contains { scales(with: $0) })
    }
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

  @Test(arguments: activations) func polynomialCoefficientsGiveTheFunction(_ activation: Activation) {
    guard let coefficients = activation.polynomialCoefficients else {
      #expect(!activation.isPolynomial)
      return
    }
    #expect(coefficients.last != 0)
    for z in smoothArguments where Swift.abs(z) < 3 {
      let value = coefficients.reversed().reduce(0.0) { $0 * z + $1 }
      let size = coefficients.reversed().reduce(0.0) { $0 * Swift.abs(z) + Swift.abs($1) }
      #expect(Swift.abs(value - activation(z)) <= 64 * 0x1p-53 * Swift.max(size, 1) * 8)
    }
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

  @Test(arguments: activations) func growthBoundsTheFunction(_ activation: Activation) {
    for z in [30.0, 60, 90] {
      for signed in [z, -z] {
        let value = Swift.abs(activation(signed))
        switch activation.growth {
        case .bounded: #expect(value < 10)
        case .polynomial(let degree):
          #expect(degree >= 1)
          var bound = 50.0
          for _ in 0..<degree { bound *= z }
          #expect(value < bound)
        case .exponential(let rate): #expect(value < 5 * Activation(.exp, inputScale: rate)(z))
        }
      }
    }
  }

  @Test func growthOfPolynomialsIsTheirDegree() {
    #expect(Activation(.monomial(degree: 7)).growth == .polynomial(degree: 7))
    #expect(Activation(.monomial(degree: 0)).growth == .bounded)
    #expect(Activation(.reluSquared).growth == .polynomial(degree: 2))
    #expect(Activation(.exp, inputScale: -0.5).growth == .exponential(rate: 0.5))
  }

  @Test(arguments: activationFunctions) func formulaAndCitation(_ function: ActivationFunction) {
    #expect(!function.formula.isEmpty)
    #expect(function.citation.contains { $0.isNumber })
  }
}
