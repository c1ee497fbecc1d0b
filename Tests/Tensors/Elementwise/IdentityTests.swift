import OrreryTensors
import Testing

/// Identities between the functions, on random points: each tolerance is the sum of the promised errors of what enters,
/// four units in the last place of the largest term for each.
@Suite struct ElementwiseIdentityTests {
  let x = RandomStream(seed: 17, purpose: .test, layer: 4).uniforms(count: 5000).map { 12 * $0 - 6 }
  let minusX: [Double]
  let ulp = Double.ulpOfOne

  init() { minusX = x.map { -$0 } }

  private func check(_ name: String, _ difference: [Double], within bound: [Double]) {
    for place in difference.indices {
      #expect(abs(difference[place]) <= bound[place], "\(name) at \(x[place]): \(difference[place]) > \(bound[place])")
    }
  }

  @Test func sineAndCosineLieOnTheCircle() {
    let sine = Elementwise.Function.sin(x)
    let cosine = Elementwise.Function.cos(x)
    check("sin² + cos² = 1", zip(sine, cosine).map { $0 * $0 + $1 * $1 - 1 }, within: x.map { _ in 10 * ulp })
  }

  @Test func errorFunctionsAreComplementary() {
    let difference = zip(Elementwise.Function.erf(x), Elementwise.Function.erfc(x)).map { $0 + $1 - 1 }
    check("erf + erfc = 1", difference, within: x.map { _ in 12 * ulp })
    let below = Elementwise.Function.normalCDF(x)
    let above = Elementwise.Function.normalCDF(minusX)
    check("Φ(x) + Φ(−x) = 1", zip(below, above).map { $0 + $1 - 1 }, within: x.map { _ in 5 * ulp })
  }

  @Test func exponentialsOfOppositesAreReciprocal() {
    let product = zip(Elementwise.Function.exp(x), Elementwise.Function.exp(minusX)).map { $0 * $1 - 1 }
    check("exp(x) exp(−x) = 1", product, within: x.map { _ in 9 * ulp })
    let logarithm = Elementwise.Function.log(Elementwise.Function.exp(x))
    check("log exp x = x", zip(logarithm, x).map { $0 - $1 }, within: x.map { 4 * ulp + 4 * ulp * abs($0) })
  }

  @Test func oneMinusFormsInvertEachOther() {
    let there = Elementwise.Function.log1p(Elementwise.Function.expm1(x))
    // An error of expm1(x) is divided by eˣ on the way back.
    let bound = x.map { x in
      let slope = x < 0 ? Elementwise.Function.expm1([-x])[0] : 1
      return 4 * ulp * abs(x) + 4 * ulp * max(slope, 1)
    }
    check("log1p expm1 x = x", zip(there, x).map { $0 - $1 }, within: bound)
  }

  /// tanh x = 2 sigmoid(2x) − 1; softplus x − softplus −x = x; silu x − silu −x = x (sigmoid x + sigmoid −x) = x.
  @Test func sigmoidsHangTogether() {
    let half = Elementwise.Function.sigmoid(x.map { 2 * $0 })
    check("tanh", zip(Elementwise.Function.tanh(x), half).map { $0 - (2 * $1 - 1) }, within: x.map { _ in 13 * ulp })
    let softplus = zip(Elementwise.Function.softplus(x), Elementwise.Function.softplus(minusX)).map { $0 - $1 }
    check("softplus", zip(softplus, x).map { $0 - $1 }, within: x.map { 9 * ulp * max(1, abs($0)) })
    let silu = zip(Elementwise.Function.silu(x), Elementwise.Function.silu(minusX)).map { $0 - $1 }
    check("silu", zip(silu, x).map { $0 - $1 }, within: x.map { 9 * ulp * max(1, abs($0)) })
  }

  @Test func geluSplitsTheIdentity() {
    let sum = zip(Elementwise.Function.gelu(x), Elementwise.Function.gelu(minusX)).map { $0 - $1 }
    check("gelu x − gelu −x = x", zip(sum, x).map { $0 - $1 }, within: x.map { 5 * ulp * max(1, abs($0)) })
  }

  @Test func arcsineAndArccosineAddUpToARightAngle() {
    let unit = x.map { $0 / 6 }
    let sum = zip(Elementwise.Function.asin(unit), Elementwise.Function.acos(unit)).map { $0 + $1 - .pi / 2 }
    check("asin + acos = π/2", sum, within: x.map { _ in 12 * ulp })
    let square = zip(Elementwise.Function.sqrt(unit.map(abs)), unit).map { $0 * $0 - abs($1) }
    check("√² = 1", square, within: x.map { _ in 2 * ulp })
  }

  @Test func gaussianIsTheSquareOfHalfTheExponent() {
    let narrow = Elementwise.Function.gaussian(x)
    let wide = Elementwise.Function.exp(x.map { -0.5 * $0 * $0 })
    // Here −x²/2 is rounded, which exp turns into a relative error of x²/2 half units.
    check("exp(−x²/2)", zip(narrow, wide).map { $0 / $1 - 1 }, within: x.map { (9 + $0 * $0) * ulp })
  }

  /// Monotone functions stay so from one number to the next, up to their promised errors.
  @Test(arguments: [Elementwise.Function.exp, .expm1, .tanh, .sigmoid, .softplus, .erf, .normalCDF])
  func monotoneFunctionsDoNotTurnBack(_ function: Elementwise.Function) {
    let sorted = x.sorted()
    let values = function(sorted)
    for place in 1..<values.count {
      #expect(values[place] >= values[place - 1] - 8 * values[place - 1].ulp, "\(function) near \(sorted[place])")
    }
  }
}
