import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Couplings of deep critical networks")
struct AsymptoticSlopeTests {
  private static func network(_ function: ActivationFunction, layers: Int) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(depth: layers - 1, width: 1, activation: Activation(function)), inputs: 1,
      layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: layers),
      parametrization: .ntk)
  }

  private static func flow(
    _ function: ActivationFunction, layers: Int, rate: (Int) -> LayerLearningRates
  ) throws -> FiniteWidthFlow {
    try FiniteWidthFlow(
      network(function, layers: layers), inputs: Matrix(rows: 1, columns: 1, elements: [1]),
      learningRates: (1...layers).map(rate), extent: .differentials)
  }

  /// a of x(ℓ) = aℓ^p (1 + b ln ℓ/ℓ + c/ℓ) from three depths; the next terms, of order ln²ℓ/ℓ², are 2e-4 at ℓ = 150.
  private static func slope(_ values: [Double], power: Double = 1) throws -> Double {
    let depths = [150, 300, 600]
    let design = Matrix<Double>(depths.map { [1, log(Double($0)) / Double($0), 1 / Double($0)] })
    let scaled = depths.map { values[$0 - 1] / pow(Double($0), power) }
    return try LinearFit(design: design, values: scaled, errors: [1, 1, 1]).parameters[0].value
  }

  /// λ_b^(ℓ) = λ̃_b/ℓ and λ_W, with r = λ̃_b/Θ* of any size: ReLU-like growth of D and A is r's alone.
  @Test("Slopes of the class K* = 0 against the reference", arguments: [0, 0.3, 0.7])
  func slopes(_ share: Double) throws {
    let fixture = try Fixtures.json("effective_theory")["asymptotic_slopes_K0_class"]["per_l"]
    // tanh: a₁ = −2, k = ½; Θ* = λ̃_b + λ_W k = 1.
    let flow = try Self.flow(.tanh, layers: 600) {
      LayerLearningRates(bias: share / Double($0), weight: 2 * (1 - share))
    }
    let expected: [(String, String, Coupling, Double)] = [
      ("V_K2", "2/3", .fourPointVertex, 2.0 / 3), ("F_KTh", "1/4", .crossMixing, 0.25),
      ("B_Th2", "1/3", .tangentKernelMixing, 1.0 / 3), ("D_KTh", "-(2/9) r", .crossCorrelation, -2 * share / 9),
      ("A_Th2", "(4/27) r^2", .tangentKernelCovariance, 4 * share * share / 27),
      ("P_Th2", "-1/12", .differentialP, -1.0 / 12), ("Q_Th2", "-r/16", .differentialQ, -share / 16),
      ("R", "-(1-r/4)/12 (R K/Theta^3)", .secondDifferentialR, -(1 - share / 4) / 12),
      ("S", "(1-r)/12", .secondDifferentialS, (1 - share) / 12),
      ("T", "r^2/32", .secondDifferentialT, share * share / 32),
    ]
    for (name, text, coupling, value) in expected {
      #expect(try fixture[name].string == text)
      let values = flow.layers.map { $0.coupling(coupling, input: 0)! }
      let found = try Self.slope(values)
      #expect(abs(found - value) < 2e-3, "\(name): \(found) for \(value)")
    }
  }

  @Test("Slopes of G1 and of the six-point vertex against the reference")
  func preactivations() throws {
    let fixture = try Fixtures.json("effective_theory")["asymptotic_slopes_K0_class"]["per_l"]
    #expect(try fixture["G1_K"].string == "-1/3")
    #expect(try fixture["U6_K3_l2"].string == "16/15")
    let layers = SingleInputFlow(Self.network(.tanh, layers: 600), meanSquaredInput: 1).layers
    let six = layers.map { $0.sixPointVertex / pow($0.kernel, 3) }
    #expect(abs(try Self.slope(six, power: 2) - 16.0 / 15) < 5e-3)
    let first = layers.map { $0.kernelCorrection / $0.kernel }
    #expect(abs(try Self.slope(first) + 1.0 / 3) < 2e-3)
  }

  /// K = 1 and k = λ_W: Θ = kℓ, F = k²ℓ(ℓ − 1)/2 of a product of ℓ Gaussian matrices and its derivative by each, by counting pairs of layers.
  @Test("Deep linear networks are exact")
  func linear() throws {
    let rate = 0.7
    let flow = try Self.flow(.linear, layers: 9) { _ in LayerLearningRates(bias: 0, weight: rate) }
    for layer in flow.layers {
      let l = Double(layer.layer)
      let tangent = try #require(layer.tangentKernel)
      func check(_ found: Double, _ exact: Double) { #expect(abs(found - exact) < 1e-11 * max(1, abs(exact))) }
      check(layer.kernel[0, 0], 1)
      check(layer.fourPointVertex[0, 0, 0, 0], 2 * (l - 1))
      check(tangent.mean[0, 0], rate * l)
      check(tangent.correction[0, 0], 0)
      check(tangent.f[0, 0, 0, 0], rate * l * (l - 1) / 2)
      check(tangent.d[0, 0, 0, 0], rate * l * (l - 1))
      check(tangent.b[0, 0, 0, 0], rate * rate * (l - 1) * l * (2 * l - 1) / 6)
      check(tangent.a[0, 0, 0, 0], rate * rate * (l - 1) * l * (2 * l - 1) / 3)
    }
  }
}
