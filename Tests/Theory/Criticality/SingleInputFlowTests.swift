import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("The 1/n expansion on one input")
struct SingleInputFlowTests {
  private func flow(
    _ activation: Activation, weight: Double, bias: Double, kernel: Double, count: Int, width: Int = 100,
    rates: (bias: Double, weight: Double) = (1, 1)
  ) -> SingleInputFlow {
    // The first layer passes its input through: K^(1) = q, Θ^(1) as the rates say.
    let first = LayerInitialization(weightVariance: weight, biasVariance: bias)
    return SingleInputFlow(
      activation, layers: Array(repeating: first, count: count), fanIns: Array(repeating: width, count: count),
      meanSquaredInput: (kernel - bias) / weight,
      learningRates: Array(repeating: LayerLearningRates(bias: rates.bias, weight: rates.weight), count: count))
  }

  static let functions: [String: ActivationFunction] = ["tanh": .tanh, "relu": .relu, "gelu": .gelu]

  @Test("K, Θ, V, G1, U6, χ against the reference, 1e-9", arguments: 0..<4)
  func reference(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["single_input"][index]
    let function = try #require(Self.functions[try block["act"].string])
    let rows = try block["layers"].elements
    let flow = flow(
      Activation(function), weight: try block["C_W"].double, bias: try block["C_b"].double,
      kernel: try block["K1"].double, count: rows.count,
      rates: (try block["lambda_b"].double, try block["lambda_W"].double))
    for (layer, row) in zip(flow.layers, rows) {
      #expect(relativeError(layer.kernel, try row["K"].double) < 1e-9)
      #expect(relativeError(layer.neuralTangentKernel, try row["Theta"].double) < 1e-9)
      #expect(abs(layer.fourPointVertex - (try row["V"].double)) <= 1e-9 * max(1e-3, try row["V"].double))
      #expect(abs(layer.kernelCorrection - (try row["G1"].double)) <= 1e-9 * max(1, abs(try row["G1"].double)))
      #expect(abs(layer.sixPointVertex - (try row["U6"].double)) <= 1e-9 * max(1e-3, try row["U6"].double))
      #expect(relativeError(layer.susceptibility.parallel, try row["chi_par"].double) < 1e-9)
      #expect(relativeError(layer.susceptibility.perpendicular, try row["chi_perp"].double) < 1e-9)
    }
  }

  @Test("Exact moments of homogeneous networks against the reference", arguments: 0..<2)
  func homogeneous(_ index: Int) throws {
    let row = try Fixtures.json("effective_theory")["exact_homogeneous"][index]
    let activation = Activation(.twoSlope(positive: try row["ap"].double, negative: try row["am"].double))
    let widths = Array(repeating: try row["n"].int, count: try row["L"].int - 1)
    let law = try #require(HomogeneousKernelLaw(activation, widths: widths))
    #expect(relativeError(law.secondMoment, try row["E_g2"].double) < 1e-13)
    #expect(relativeError(law.thirdMoment, try row["E_g3"].double) < 1e-13)
  }

  /// In the exact variance K²(Π(1 + a/n_ℓ) − 1), a = 3c − 1, the two leading orders are Σ a/n_ℓ and Σ_(ℓ<ℓ′) a²/(n_ℓ n_ℓ′).
  @Test("Two orders of the variance agree with the exact law of homogeneous networks, unequal widths")
  func twoOrders() throws {
    let widths = [70, 50, 110, 64, 90, 31]
    for function in [ActivationFunction.relu, .linear, .leakyReLU(slope: 0.2)] {
      let activation = Activation(function)
      let weight = try Criticality.points(of: activation).choice().weightVariance
      let layers = Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: 0), count: 7)
      let flow = SingleInputFlow(activation, layers: layers, fanIns: [10] + widths, meanSquaredInput: 0.3)
      let last = try #require(flow.layers.last)
      let a = try Criticality.points(of: activation).choice().exponents.nu
      let inverse = widths.map { a / Double($0) }
      let sum = inverse.reduce(0, +)
      let pairs = (sum * sum - inverse.reduce(0) { $0 + $1 * $1 }) / 2
      #expect(relativeError(last.variance, sum * last.kernel * last.kernel) < 1e-12)
      #expect(relativeError(last.nextVariance, pairs * last.kernel * last.kernel) < 1e-12)
      #expect(abs(last.shift) < 1e-14 && abs(last.nextShift) < 1e-14)
      // What is left after two orders is of third order, and V/n alone is off by about the estimate.
      let exact = try #require(HomogeneousKernelLaw(activation, widths: widths)).relativeVariance
      let two = (last.variance + last.nextVariance) / (last.kernel * last.kernel)
      #expect(abs(exact - two) < sum * sum * sum)
      #expect(abs(exact - last.relativeVariance) < 2 * last.varianceTruncation / (last.kernel * last.kernel))
    }
  }

  @Test("Asymptotic slopes of the K* = 0 class: V/K² → 2ℓ/3, G1/K → −ℓ/3, U6/K³ → 16ℓ²/15")
  func powerLawSlopes() throws {
    for function in [ActivationFunction.tanh, .sin] {
      let depth = 600
      let flow = flow(Activation(function), weight: 1, bias: 0, kernel: 0.01, count: depth)
      let (x, y) = (flow.layers[depth - 201], flow.layers[depth - 1])
      func slope(_ f: (SingleInputLayer) -> Double) -> Double { (f(y) - f(x)) / 200 }
      // A start at K = 0.01 is a shift of ℓ by 1/(−a₁K) ≲ 100, so that only slopes compare, with corrections O(100/ℓ).
      #expect(abs(slope { $0.fourPointVertex / ($0.kernel * $0.kernel) } / (2.0 / 3) - 1) < 0.04)
      #expect(abs(slope { $0.kernelCorrection / $0.kernel } * -3 - 1) < 0.08)
      #expect(abs(slope { ($0.sixPointVertex / pow($0.kernel, 3)).squareRoot() } / (16.0 / 15).squareRoot() - 1) < 0.04)
    }
  }

  @Test("ELU: V/K² → 2ℓ/3 too")
  func eluSlope() throws {
    let flow = flow(Activation(.elu(alpha: 1)), weight: 1, bias: 0, kernel: 0.3, count: 800)
    let (x, y) = (flow.layers[399], flow.layers[799])
    func relative(_ layer: SingleInputLayer) -> Double { layer.fourPointVertex / (layer.kernel * layer.kernel) }
    #expect(abs((relative(y) - relative(x)) / 400 / (2.0 / 3) - 1) < 0.02)
  }

  @Test("The next order falls as n⁻², the leading one as n⁻¹")
  func orders() {
    let narrow = flow(Activation(.gelu), weight: 1.9, bias: 0.2, kernel: 1, count: 6, width: 50).layers[5]
    let wide = flow(Activation(.gelu), weight: 1.9, bias: 0.2, kernel: 1, count: 6, width: 100).layers[5]
    #expect(relativeError(narrow.variance, 2 * wide.variance) < 1e-13)
    #expect(relativeError(narrow.shift, 2 * wide.shift) < 1e-13)
    #expect(relativeError(narrow.nextVariance, 4 * wide.nextVariance) < 1e-12)
    #expect(relativeError(narrow.nextShift, 4 * wide.nextShift) < 1e-12)
    #expect(relativeError(narrow.thirdCumulant, 4 * wide.thirdCumulant) < 1e-13)
  }

  @Test("Optimal aspect ratios against the reference")
  func aspectRatios() throws {
    let reference = try Fixtures.json("effective_theory")["aspect_ratio"]
    for (name, nu) in [("relu", 5), ("linear", 2), ("K0class", 2.0 / 3)] {
      for outputs in [2, 10] {
        let expected = try reference[name][String(outputs)].double
        #expect(relativeError(try #require(AspectRatio.optimal(outputs: outputs, nu: nu)), expected) < 1e-14)
      }
    }
    #expect(AspectRatio.optimal(outputs: 1, nu: 2) == nil)
  }

  @Test("30 × 256 GELU is deep for its width: ν L/n = 0.59")
  func coupling() throws {
    let point = try Criticality.points(of: Activation(.gelu)).choice()
    let ratio = AspectRatio(MultilayerPerceptron(depth: 30, width: 256, activation: Activation(.gelu)), point: point)
    #expect(abs(ratio.value - 31.0 / 256) < 1e-12)
    #expect(abs(ratio.coupling - 0.594) < 1e-3)
    #expect(ratio.regime == .stronglyCoupled)
    #expect(CouplingRegime(relativeVariance: 0.01) == .effectivelyInfinite)
    #expect(CouplingRegime(relativeVariance: 0.1) == .perturbative)
  }

  @Test("Behind orthogonal weights nothing is said of fluctuations; kernels are those of any weights")
  func orthogonalWeights() {
    func flow(_ distributions: [WeightDistribution]) -> SingleInputFlow {
      SingleInputFlow(
        Activation(.tanh),
        layers: distributions.map {
          LayerInitialization(weightVariance: 1.2, biasVariance: 0.1, weightDistribution: $0)
        }, fanIns: [5, 16, 16, 16], meanSquaredInput: 1)
    }
    let plain = flow([.gaussian, .gaussian, .gaussian, .gaussian])
    let mixed = flow([.gaussian, .orthogonal, .gaussian, .gaussian])
    #expect(mixed.layers.map(\.kernel) == plain.layers.map(\.kernel))
    #expect(mixed.layers.map(\.neuralTangentKernel) == plain.layers.map(\.neuralTangentKernel))
    // What leaves the second layer has passed through its weights.
    #expect(mixed.layers.map(\.isFluctuationKnown) == [true, true, false, false])
    #expect(mixed.layers[1].variance == plain.layers[1].variance)
    for layer in mixed.layers[2...] {
      for value in [
        layer.variance, layer.shift, layer.thirdCumulant, layer.relativeVariance, layer.kernelTruncation,
        layer.varianceTruncation, layer.excessKurtosis,
      ] { #expect(value.isNaN) }
    }
    #expect(mixed.relativeVariance.isNaN && plain.relativeVariance > 0)
    // The last layer's own weights do not enter its kernel.
    #expect(flow([.gaussian, .gaussian, .gaussian, .orthogonal]).relativeVariance == plain.relativeVariance)
  }
}
