import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Two inputs through the layers")
struct PairKernelRecursionTests {
  static let functions: [String: ActivationFunction] = [
    "relu": .relu, "tanh": .tanh, "erf": .erf, "gelu": .gelu, "sin": .sin,
  ]

  private func pair(_ k11: Double, _ k22: Double, _ k12: Double) -> PairKernel {
    PairKernel(first: k11, second: k22, oneMinusCorrelation: 1 - k12 / (k11 * k22).squareRoot())
  }

  @Test("⟨σ₁σ₂⟩ and ⟨σ′₁σ′₂⟩ against the reference, by quadrature and by duals", arguments: 0..<5)
  func reference(_ index: Int) throws {
    let row = try Fixtures.json("effective_theory")["pair_kernels"][index]
    let activation = Activation(try #require(Self.functions[try row["act"].string]))
    let kernel = pair(try row["K"][0][0].double, try row["K"][1][1].double, try row["K"][0][1].double)
    for integrator in [PairQuadrature(activation) as any PairIntegrator, activation.pairIntegrator] {
      let expectation = integrator.expectation(at: kernel)
      #expect(relativeError(expectation.cross, try row["ss"].double) < 1e-10)
      #expect(relativeError(expectation.slopes, try row["pp"].double) < 1e-10)
      #expect(relativeError(expectation.first, try row["s1s1"].double) < 1e-10)
      #expect(relativeError(expectation.second, try row["s2s2"].double) < 1e-10)
    }
  }

  @Test("Kernels of two different inputs, layer by layer, against the reference", arguments: 0..<3)
  func recursion(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["two_input"][index]
    let activation = Activation(try #require(Self.functions[try block["act"].string]))
    let (weight, bias) = (try block["C_W"].double, try block["C_b"].double)
    let rows = try block["layers"].elements
    func kernel(_ row: JSONValue) throws -> PairKernel {
      pair(try row["K"][0][0].double, try row["K"][1][1].double, try row["K"][0][1].double)
    }
    for (row, following) in zip(rows, rows.dropFirst()) {
      let expected = try kernel(following)
      for integrator in [PairQuadrature(activation) as any PairIntegrator, activation.pairIntegrator] {
        let next = integrator.expectation(at: try kernel(row)).next(weightVariance: weight, biasVariance: bias)
        #expect(relativeError(next.first, expected.first) < 1e-10)
        #expect(relativeError(next.second, expected.second) < 1e-10)
        #expect(abs(next.cross - expected.cross) < 1e-10 * expected.first)
      }
    }
  }

  @Test(
    "Quadrature and duals agree, from opposite to nearly equal inputs",
    arguments: [
      Activation(.tanh), Activation(.gelu), Activation(.silu), Activation(.elu(alpha: 1)), Activation(.relu),
      Activation(.leakyReLU(slope: 0.3), inputScale: 2), Activation(.reluSquared), Activation(.sigmoid),
    ])
  func twoMethods(_ activation: Activation) {
    for gap in [1e-6, 1e-3, 0.2, 1, 1.9] {
      let kernel = PairKernel(first: 1.2, second: 1.2, oneMinusCorrelation: gap)
      let a = PairQuadrature(activation).expectation(at: kernel)
      let b = activation.pairIntegrator.expectation(at: kernel)
      #expect(relativeError(a.halfSquaredDifference, b.halfSquaredDifference) < 1e-8)
      #expect(relativeError(a.slopes, b.slopes) < 1e-8)
    }
  }

  @Test("Close inputs of the same norm: (1 − c)′ = χ_⊥ (K/K′) (1 − c)")
  func linearResponse() {
    for activation in [Activation(.tanh), Activation(.gelu), Activation(.silu)] {
      let map = KernelMap(activation, weightVariance: 1.4, biasVariance: 0.1)
      let moments = ActivationMoments(activation, kernel: 0.8)
      let factor = Susceptibility(moments, weightVariance: 1.4).perpendicular * 0.8 / map(0.8)
      for gap in [1e-5, 1e-8, 1e-13, 1e-20] {
        let kernel = PairKernel(first: 0.8, second: 0.8, oneMinusCorrelation: gap)
        let next = activation.pairIntegrator.expectation(at: kernel).next(weightVariance: 1.4, biasVariance: 0.1)
        #expect(abs(next.oneMinusCorrelation / (factor * gap) - 1) < 2 * gap + 1e-7)
      }
    }
  }

  /// K_[2]′ = χ_⊥K_[2] + h K_[1]² for inputs that differ in norm by K_[1] and besides by K_[2] (PDLT §5.1).
  @Test("Different norms: the second-order term has coefficient h")
  func normsAndAngles() {
    let activation = Activation(.gelu)
    let kernel = 1.3
    let moments = ActivationMoments(activation, kernel: kernel)
    let susceptibility = Susceptibility(moments, weightVariance: 1.7)
    for (k1, k2) in [(1e-3, 1e-6), (2e-3, 0.0), (0, 1e-6)] {
      // K₊₊ = K₀ + K₁ + K₂, K₋₋ = K₀ − K₁ + K₂, K₊₋ = K₀ − K₂.
      let (plus, minus, cross) = (kernel + k1 + k2, kernel - k1 + k2, kernel - k2)
      let scale = (plus * minus).squareRoot()
      // scale − cross = 2K₂ − K₁²/2K to the order needed; taken exactly from (scale² − cross²)/(scale + cross).
      let gap = (plus * minus - cross * cross) / (scale * (scale + cross))
      let next = activation.pairIntegrator
        .expectation(at: PairKernel(first: plus, second: minus, oneMinusCorrelation: max(gap, 0)))
        .next(weightVariance: 1.7, biasVariance: 0.2)
      let second = (next.first + next.second - 2 * next.cross) / 4
      let expected = susceptibility.perpendicular * k2 + susceptibility.mixed * k1 * k1
      #expect(gap >= 0 || k2 == 0)
      if gap >= 0 { #expect(abs(second - expected) < 1e-2 * (abs(expected) + 1e-8)) }
    }
  }

  @Test("The trajectory is the recursion, and ends where its fixed point says")
  func trajectory() throws {
    let layers = Array(repeating: LayerInitialization(weightVariance: 2.5, biasVariance: 0.05), count: 200)
    let trajectory = KernelTrajectory(
      Activation(.tanh), layers: layers, meanSquaredInput: 0.4, oneMinusCorrelation: 0.01)
    let map = KernelMap(Activation(.tanh), weightVariance: 2.5, biasVariance: 0.05)
    #expect(relativeError(trajectory.kernels[0], 1.05) < 1e-15)
    for (k, next) in zip(trajectory.kernels.prefix(5), trajectory.kernels.dropFirst()) {
      #expect(relativeError(map(k), next) < 1e-14)
    }
    let reference = try Fixtures.json("effective_theory")["fixed_points"][1]
    #expect(relativeError(trajectory.kernels[199], try reference["K_star"].double) < 1e-10)
    #expect(abs(trajectory.correlations[199] - (try reference["c_star"].double)) < 1e-5)
    // Towards c* distances shrink by χ_c a layer.
    let (a, b) = (trajectory.correlations[59], trajectory.correlations[79])
    let star = try reference["c_star"].double
    #expect(abs(pow((b - star) / (a - star), 1.0 / 20) - (try reference["chi_c"].double)) < 5e-3)
  }

  @Test("In the first layer the correlation of inputs is diluted by the bias only")
  func firstLayer() {
    let layers = [LayerInitialization(weightVariance: 2, biasVariance: 0.5)]
    let trajectory = KernelTrajectory(
      Activation(.relu), layers: layers, meanSquaredInput: 0.25, oneMinusCorrelation: 0.4)
    // K = 1, K₁₂ = 0.5 + 2·0.25·0.6 = 0.8.
    #expect(relativeError(trajectory.correlations[0], 0.8) < 1e-15)
  }
}
