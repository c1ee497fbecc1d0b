import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Expectations of four factors by Hermite series in canonical variables, against nested quadrature.
@Suite("Gaussian expectations of four factors")
struct SmoothExpectationsTests {
  /// K on four inputs with a spread of correlations, some close. Scales are those at which six million nodes of a product rule
  /// resolve σ‴ too.
  private static func kernel(_ scale: Double, seed: UInt64) -> Matrix<Double> {
    let x = ChainNetworks.inputs(4, features: 6, seed: seed)
    var kernel = x.gram()
    for a in 0..<4 { for b in 0..<4 { kernel[a, b] = scale * kernel[a, b] / 6 + 0.2 * scale } }
    return kernel
  }

  @Test(
    "Three and four different inputs agree with four-dimensional quadrature",
    arguments: [(ActivationFunction.tanh, 0.2), (.gelu, 0.5), (.sin, 0.6), (.erf, 0.4)])
  func againstQuadrature(_ function: ActivationFunction, _ scale: Double) throws {
    let activation = Activation(function)
    let kernel = Self.kernel(scale, seed: 11)
    let expectations = SmoothExpectations(activation, kernel: kernel, extent: .differentials, tolerance: 1e-8)
    let cases: [([Int], [Int])] = [
      ([0, 1, 2, 3], [0, 0, 0, 0]), ([3, 1, 2, 0], [0, 0, 1, 1]), ([2, 0, 3, 1], [1, 1, 1, 1]),
      ([1, 3, 0, 2], [0, 1, 1, 2]), ([0, 1, 3, 2], [1, 1, 1, 3]), ([2, 3, 0, 1], [1, 1, 2, 2]),
      ([0, 0, 1, 2], [0, 0, 0, 0]), ([3, 1, 3, 0], [0, 1, 1, 2]), ([1, 2, 0, 1], [1, 1, 2, 2]),
      ([2, 2, 2, 1], [0, 1, 1, 2]), ([0, 3, 3, 0], [1, 1, 1, 3]),
    ]
    // One pass of quadrature for all: each product, and its magnitude, which is the size that its factors have.
    let exact = try GaussianExpectation.several(
      covariance: kernel, components: 2 * cases.count, tolerance: Tolerance(relative: 1e-7, absolute: 1e-7)
    ) { nodes, values in
      let count = nodes.count / 4
      let factors = (0..<4).map { input in
        (0..<4).map { activation.values(at: Array(nodes[(input * count)..<((input + 1) * count)]), order: $0) }
      }
      for (place, (inputs, orders)) in cases.enumerated() {
        for node in 0..<count {
          let product = (0..<4).reduce(1.0) { $0 * factors[inputs[$1]][orders[$1]][node] }
          values[2 * place * count + node] = product
          values[(2 * place + 1) * count + node] = abs(product)
        }
      }
    }
    for (place, (inputs, orders)) in cases.enumerated() {
      let moment = FourPointMoment(
        inputs[0], orders[0], inputs[1], orders[1], inputs[2], orders[2], inputs[3], orders[3])
      let value = expectations.four(moment)
      let (reference, size) = (exact[2 * place], exact[2 * place + 1].value)
      #expect(
        abs(value.value - reference.value) <= 1e-7 * size + reference.error, "\(function.name), \(inputs), \(orders)")
      #expect(reference.error <= 1e-6 * size, "the quadrature itself")
      #expect(value.bound <= 1e-6, "\(function.name), \(inputs), \(orders)")
    }
  }

  /// With sin^(p)(z) = sin(z + pπ/2) = Σ_s s e^(is(z + pπ/2))/(2i), s = ±1, a product of four is a sum of sixteen exponentials of
  /// normal variables, ⟨e^(i s·z)⟩ = e^(−½ sᵀKs), and (2i)⁴ = 16.
  private static func exact(_ kernel: Matrix<Double>, _ inputs: [Int], _ orders: [Int]) -> Double {
    (0..<16).reduce(0.0) { sum, choice in
      let signs = (0..<4).map { choice >> $0 & 1 == 1 ? -1.0 : 1.0 }
      let phase = zip(signs, orders).reduce(0) { $0 + $1.0 * Double($1.1) * .pi / 2 }
      var exponent = 0.0
      for a in 0..<4 { for b in 0..<4 { exponent += signs[a] * signs[b] * kernel[inputs[a], inputs[b]] } }
      return sum + signs.reduce(1, *) * cos(phase) * exp(-exponent / 2) / 16
    }
  }

  /// K to 3.5, where no product rule of four variables resolves the integrands: factors of sines are known exactly.
  @Test("Sines of large kernels are exact, on four, three and two inputs")
  func sines() {
    var kernel = Self.kernel(1, seed: 11)
    let scale = 3.5 / (0..<4).map { kernel[$0, $0] }.max()!
    for a in 0..<4 { for b in 0..<4 { kernel[a, b] *= scale } }
    let tolerance = 1e-8
    let expectations = SmoothExpectations(
      Activation(.sin), kernel: kernel, extent: .differentials, tolerance: tolerance)
    let orders = [[0, 0, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [0, 1, 1, 2], [1, 1, 1, 3], [1, 1, 2, 2]]
    let inputs = [
      [0, 1, 2, 3], [3, 1, 2, 0], [2, 0, 3, 1], [0, 0, 1, 2], [3, 1, 3, 0], [1, 2, 0, 1], [0, 0, 1, 1], [2, 3, 2, 3],
      [2, 2, 2, 1], [1, 0, 0, 0],
    ]
    for i in inputs {
      for o in orders {
        let found = expectations.four(FourPointMoment(i[0], o[0], i[1], o[1], i[2], o[2], i[3], o[3]))
        // Norms of products of sines are at most 1, so that the bound is one on the value; 1e-12 is rounding of 1e4 terms.
        #expect(abs(found.value - Self.exact(kernel, i, o)) <= found.bound + 1e-12, "\(i), \(o)")
        // What is dropped by degrees, and what within them, is at most the tolerance each.
        #expect(found.bound <= 2 * tolerance, "\(i), \(o)")
      }
    }
  }

  /// ⟨e^(Σz)⟩ = e^(½ΣΣK) of any factors, all derivatives being σ: the tails of e^(3z) are where grids end first.
  @Test("Products of exponentials are exact to the largest kernel", arguments: [1.0, 4, 6.5, 9])
  func exponentials(_ largest: Double) {
    var kernel = Self.kernel(1, seed: 11)
    let scale = largest / (0..<4).map { kernel[$0, $0] }.max()!
    for a in 0..<4 { for b in 0..<4 { kernel[a, b] *= scale } }
    let expectations = SmoothExpectations(Activation(.exp), kernel: kernel, extent: .tangentKernel, tolerance: 1e-8)
    #expect(SmoothExpectations.largestKernel(Activation(.exp)) >= largest)
    func size(_ inputs: [Int]) -> Double {
      inputs.reduce(0) { sum, a in sum + inputs.reduce(0) { $0 + kernel[a, $1] } } / 2
    }
    for i in [[0, 0, 0, 0], [3, 3, 3, 3], [0, 0, 0, 1], [1, 2, 2, 2], [0, 0, 1, 1], [2, 3, 2, 1], [0, 1, 2, 3]] {
      let found = expectations.four(FourPointMoment(i[0], 0, i[1], 0, i[2], 1, i[3], 1))
      // The largest norm of two factors that the product may be split in: e^(½(|f|² + |g|²)) with |σ_aσ_b|² = Σ of 2K, |σ³|² of
      // 18K, |σ|² of 2K.
      let counts = Dictionary(i.map { ($0, 1) }, uniquingKeysWith: +)
      let three = counts.values.contains(3)
      let norm =
        three
        ? counts.reduce(0) { $0 + Double($1.value * $1.value) * kernel[$1.key, $1.key] }
        : [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])].map { first, second in
          2 * size(first.map { i[$0] }) + 2 * size(second.map { i[$0] })
        }.max()!
      let error = abs(found.value - exp(size(i)))
      // Weights and functions of the argument u ~ 30 have rounding of u²/2 ulps.
      #expect(error <= (found.bound + 1e-13) * exp(norm), "\(i), K = \(largest)")
      #expect(found.bound < 1e-7, "\(i), K = \(largest)")
      if counts.count == 1 { #expect(relativeError(found.value, exp(size(i))) < 1e-12) }
    }
  }

  @Test("Vertices of exponentials and high powers are exact, and larger kernels are refused")
  func growing() throws {
    for kernel in [0.5, 4, 8.9] {
      let flow = try FiniteWidthFlow(
        ChainNetworks.network(.exp, widths: [10], inputs: 1, weight: 1),
        inputs: Matrix(rows: 1, columns: 1, elements: [kernel.squareRoot()]), extent: .preactivations)
      // ⟨σ⁴⟩ − ⟨σ²⟩² = e^(8K) − e^(4K).
      #expect(relativeError(flow.layers[1].fourPointVertex[0, 0, 0, 0], exp(8 * kernel) - exp(4 * kernel)) < 1e-12)
    }
    #expect {
      try FiniteWidthFlow(
        ChainNetworks.network(.exp, widths: [10], inputs: 1, weight: 1),
        inputs: Matrix(rows: 1, columns: 1, elements: [3.01]), extent: .preactivations)
    } throws: {
      guard case FiniteWidthError.kernelTooLarge(layer: 1, input: 0, _, let largest) = $0 else { return false }
      return relativeError(largest, 9) < 1e-12
    }
    // ⟨z^2m⟩ = (2m − 1)!!; a tenth of an input keeps z^180 in float64.
    for degree in [3, 12, 30] {
      let kernel = 0.01
      let flow = try FiniteWidthFlow(
        ChainNetworks.network(.monomial(degree: degree), widths: [10], inputs: 1, weight: 1),
        inputs: Matrix(rows: 1, columns: 1, elements: [0.1]), extent: .preactivations)
      func moment(_ power: Int) -> Double {
        stride(from: 1, to: power, by: 2).reduce(1) { $0 * Double($1) } * pow(kernel, Double(power) / 2)
      }
      let exact = moment(4 * degree) - pow(moment(2 * degree), 2)
      #expect(relativeError(flow.layers[1].fourPointVertex[0, 0, 0, 0], exact) < 1e-11, "degree \(degree)")
    }
  }

  /// Coincident and opposite inputs make planes into lines.
  @Test("Coincident and opposite inputs are the same as one")
  func degenerate() {
    let c = 0.3
    let kernel = Matrix<Double>([
      [0.8, c, 0.8, -0.8], [c, 0.5, c, -c], [0.8, c, 0.8, -0.8], [-0.8, -c, -0.8, 0.8],
    ])
    let expectations = SmoothExpectations(
      Activation(.gelu), kernel: kernel, extent: .preactivations, tolerance: 1e-9)
    let twice = expectations.four(FourPointMoment(0, 0, 0, 0, 1, 0, 1, 0)).value
    let apart = expectations.four(FourPointMoment(0, 0, 2, 0, 1, 0, 1, 0)).value
    #expect(relativeError(apart, twice) < 1e-9)
    let three = expectations.four(FourPointMoment(0, 0, 0, 0, 1, 0, 3, 0)).value
    let four = expectations.four(FourPointMoment(0, 0, 2, 0, 1, 0, 3, 0)).value
    #expect(relativeError(four, three) < 1e-8)
  }

  @Test("The circular basis is orthonormal to degree 128")
  func orthonormal() {
    let basis = CircularHermiteBasis.shared
    for degree in [0, 1, 2, 7, 40, 128] {
      for n in Set([0, degree / 3, degree / 2, degree]) {
        for m in Set([n, max(0, n - 2), max(0, n - 1)]) {
          func unit(_ place: Int) -> [Double] { (0...degree).map { $0 == place ? 1 : 0 } }
          let (x, y) = (basis.circular(unit(n), degree: degree), basis.circular(unit(m), degree: degree))
          let product = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (n == m ? 1 : 0)) < 1e-12, "degree \(degree), \(n), \(m)")
        }
      }
    }
  }
}
