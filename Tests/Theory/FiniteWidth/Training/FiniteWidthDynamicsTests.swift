import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Whether `value` is x + c/n but for rounding.
///
/// It may have been computed by a quotient or by c · (1/n), by a fused sum or not: at most three roundings, each of at most
/// u (|x| + |c|/n), and as many on this side: 6u(|x| + |c|/n), with 1 % for terms in u².
func isExpansion(_ value: Double, _ x: Double, _ c: Double, width: Double) -> Bool {
  abs(value - (x + c / width)) <= 6.06 * 0x1p-53 * (abs(x) + abs(c) / width)
}

/// The mean output of trained networks at order 1/n.
@Suite("Trained networks at order 1/n")
struct FiniteWidthDynamicsTests {
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)

  private func column(_ values: [Double]) -> Matrix<Double> {
    Matrix(rows: values.count, columns: 1, elements: values)
  }

  /// The dynamics of a network whose λ_W and λ_b are given.
  private func dynamics(
    _ function: ActivationFunction, depth: Int, rates: LayerLearningRates, weight: Double, bias: Double,
    inputs: Matrix<Double>, targets: [Double]
  ) throws -> FiniteWidthDynamics {
    let network = ChainNetworks.network(
      function, widths: Array(repeating: 10, count: depth - 1), inputs: inputs.columns, weight: weight, bias: bias)
    let flow = try FiniteWidthFlow(
      network, inputs: inputs, learningRates: Array(repeating: rates, count: depth))
    return try FiniteWidthDynamics(
      output: try #require(flow.layers.last), trainSamples: targets.count, targets: column(targets), loss: Self.loss)
  }

  @Test("One training sample against the reference, each contribution apart", arguments: 0..<3)
  func oneSample(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["trained_mean"][index]
    let (weight, bias) = (try block["C_W"].double, try block["C_b"].double)
    let input = ((try block["K1"].double - bias) / weight).squareRoot()
    let target = try block["y"].double
    let dynamics = try dynamics(
      try block["act"].string == "tanh" ? .tanh : .gelu, depth: Int(try block["depth"].double),
      rates: LayerLearningRates(bias: try block["lambda_b"].double, weight: try block["lambda_W"].double),
      weight: weight, bias: bias, inputs: Matrix([[input]]), targets: [target])
    let mean = try dynamics.mean(time: try block["t"].double).train
    let names: [FiniteWidthContribution: String] = [
      .tangentKernelMean: "H1", .tangentKernelFluctuation: "AB", .differential: "PQ", .secondDifferential: "dd",
    ]
    for (contribution, name) in names {
      let found = try #require(mean.contributions[contribution])[0, 0]
      #expect(relativeError(found, try block["terms"][name].double) < 1e-8, "\(name)")
    }
    #expect(relativeError(mean.correction[0, 0], try block["n_times_delta_mean_eps"].double) < 1e-8)
    #expect(relativeError(mean.infiniteWidth[0, 0] - target, try block["lead_mean_eps"].double) < 1e-9)
    #expect(isExpansion(mean.mean[0, 0], mean.infiniteWidth[0, 0], mean.correction[0, 0], width: 10))
  }

  @Test("Two training samples and a test sample against the reference's time grid")
  func severalSamples() throws {
    let block = try Fixtures.json("effective_theory")["trained_mean_multi"]
    let dynamics = try dynamics(
      .tanh, depth: 3,
      rates: LayerLearningRates(bias: try block["lambda_b"].double, weight: try block["lambda_W"].double),
      weight: try block["C_W"].double, bias: try block["C_b"].double,
      inputs: Matrix(try block["x_train"].rows + [try block["x_test"].flattened]), targets: try block["y"].flattened)
    let mean = try dynamics.mean(time: try block["t"].double)
    let found = mean.train.correction.tensor.elements + mean.test.correction.tensor.elements
    #expect(relativeError(found, try block["n_delta"].flattened) < 1e-4)
    let lead = try block["lead"].flattened
    #expect(abs(mean.test.infiniteWidth[0, 0] - lead[2]) < 1e-7)
    for (sample, target) in try block["y"].flattened.enumerated() {
      #expect(abs(mean.train.infiniteWidth[sample, 0] - target - lead[sample]) < 1e-7)
    }
  }

  /// Every Kronecker delta and every time written out.
  @Test("Every contribution against the hierarchy written out", arguments: [1, 2])
  func plain(_ outputs: Int) throws {
    let training = try PlainTraining(outputs: outputs, loss: Self.loss)
    let (dynamics, plain) = (training.dynamics, training.plain)
    let mean = try dynamics.mean(time: 0.35)
    for contribution in FiniteWidthContribution.ofMean {
      let expected = plain.correction(contribution, at: 0.35)
      let found = try #require(mean.train.contributions[contribution]).tensor.elements
      #expect(relativeError(found, expected.prefix(2).flatMap { $0 }) < 1e-9, "\(contribution)")
      let foundTest = try #require(mean.test.contributions[contribution]).tensor.elements
      #expect(relativeError(foundTest, expected[2]) < 1e-9, "\(contribution) of a test sample")
    }
  }

  /// E z at widths n and 2n of the exact solution: 2n(E z − z_∞) − n(E z − z_∞), twice, leaves an error of order n^(−3).
  @Test("A linear network of two layers is solved exactly", arguments: [0.2, 0.7, 2])
  func linear(_ time: Double) throws {
    let exact = LinearPair(kappa: 0.6, target: 1.5)
    let network = ChainNetworks.network(.linear, widths: [10], inputs: 1, weight: 1)
    let dynamics = try FiniteWidthDynamics(
      network, train: ChainNetworks.single(exact.kappa.squareRoot()), targets: Matrix([[exact.target]]),
      loss: Self.loss)
    let mean = try dynamics.mean(time: time).train
    func scaled(_ width: Double) -> Double {
      width * (exact.mean(width: width, time: time) - mean.infiniteWidth[0, 0])
    }
    let (a, b, c) = (scaled(400), scaled(800), scaled(1600))
    let extrapolated = (a - 6 * b + 8 * c) / 3
    #expect(abs(extrapolated - mean.correction[0, 0]) < 1e-6)
    // Without the term the error falls as 1/n, with it as 1/n².
    let (before, after) = (exact.mean(width: 64, time: time), exact.mean(width: 128, time: time))
    let bare = log2((before - mean.infiniteWidth[0, 0]) / (after - mean.infiniteWidth[0, 0]))
    let corrected = log2(
      (before - mean.infiniteWidth[0, 0] - mean.correction[0, 0] / 64)
        / (after - mean.infiniteWidth[0, 0] - mean.correction[0, 0] / 128))
    #expect(abs(bare - 1) < 0.15)
    #expect(abs(corrected - 2) < 0.15)
  }

  /// c₂/n² + c₃/n³ has the slope −2 − c₃/(c₂n): half as far from −2 with each doubling of the widths, from −1 likewise.
  @Test("Slopes over widths approach powers as 1/n")
  func slopes() throws {
    let exact = LinearPair(kappa: 0.6, target: 1.5)
    let network = ChainNetworks.network(.linear, widths: [10], inputs: 1, weight: 1)
    let dynamics = try FiniteWidthDynamics(
      network, train: ChainNetworks.single(exact.kappa.squareRoot()), targets: Matrix([[exact.target]]),
      loss: Self.loss)
    let mean = try dynamics.mean(time: 2).train
    /// By least squares over n, 2n, 4n, 8n.
    func slope(from width: Double, less shift: Double) -> Double {
      let logarithms = (0..<4).map { step -> Double in
        let n = width * pow(2, Double(step))
        return log2(abs(exact.mean(width: n, time: 2) - mean.infiniteWidth[0, 0] - shift / n))
      }
      return (3 * (logarithms[3] - logarithms[0]) + logarithms[2] - logarithms[1]) / 10
    }
    for (shift, power) in [(0, -1.0), (mean.correction[0, 0], -2.0)] {
      let distances = [16.0, 32, 64, 128].map { slope(from: $0, less: shift) - power }
      #expect(distances[0] > 0.03 && distances[0] < 0.06)
      for (wide, narrow) in zip(distances.dropFirst(), distances) { #expect(abs(narrow / wide - 2) < 0.2) }
    }
  }

  /// Two coincident samples learn the mean of their targets twice as fast, and their difference stays.
  @Test("Coincident training samples", arguments: [0.3, 4, Double.infinity])
  func coincident(_ time: Double) throws {
    let network = ChainNetworks.network(.gelu, widths: [12, 9], weight: 1.6, bias: 0.1)
    let inputs = ChainNetworks.inputs(3)
    let test = inputs.selectingRows([2])
    let single = try FiniteWidthDynamics(
      network, train: inputs.selectingRows([0]), test: test, targets: column([0.5]), loss: Self.loss)
    let double = try FiniteWidthDynamics(
      network, train: inputs.selectingRows([0, 0]), test: test, targets: column([1.5, -0.5]), loss: Self.loss)
    #expect(double.infiniteWidth.eigenvalues[0] == 0)
    #expect(double.nullCoupling < 1e-9)
    let (expected, found) = (try single.mean(time: 2 * time), try double.mean(time: time))
    for contribution in FiniteWidthContribution.ofMean {
      let (x, y) = (
        try #require(expected.train.contributions[contribution])[0, 0],
        try #require(found.train.contributions[contribution])
      )
      #expect(abs(x - y[0, 0]) < 1e-8 * max(1, abs(x)))
      #expect(abs(x - y[1, 0]) < 1e-8 * max(1, abs(x)))
    }
    #expect(relativeError(found.test.correction[0, 0], expected.test.correction[0, 0]) < 1e-8)
  }

  @Test("Start, short times and the end of training")
  func times() throws {
    let network = ChainNetworks.network(.tanh, widths: [16, 16], weight: 1.3, bias: 0.1)
    let inputs = ChainNetworks.inputs(4, seed: 8)
    let targets = [1.0, -0.5, 0.3]
    let flow = try FiniteWidthFlow(
      network, inputs: inputs,
      learningRates: network.denseScales.map { LayerLearningRates(bias: $0.biasRate, weight: $0.weightRate) })
    let output = try #require(flow.layers.last)
    let dynamics = try FiniteWidthDynamics(
      output: output, trainSamples: 3, targets: column(targets), loss: Self.loss)
    let start = try dynamics.mean(time: 0)
    #expect(start.train.mean.tensor.elements.allSatisfy { $0 == 0 })
    #expect(start.test.mean.tensor.elements.allSatisfy { $0 == 0 })
    // M = t H1 y + O(t²).
    let h = try #require(output.tangentKernel).correction
    let short = try dynamics.mean(time: 1e-7)
    for (sample, found) in (short.train.correction.tensor.elements + short.test.correction.tensor.elements).enumerated()
    {
      let slope = (0..<3).reduce(0.0) { $0 + h[sample, $1] * targets[$1] }
      #expect(abs(found / 1e-7 - slope) < 1e-5)
    }
    let (late, end) = (try dynamics.mean(time: 5000), try dynamics.mean(time: .infinity))
    #expect(end.train.correction.tensor.elements.allSatisfy { $0 == 0 })
    #expect(late.train.correction.tensor.elements.allSatisfy { abs($0) < 1e-8 })
    for contribution in FiniteWidthContribution.ofMean {
      let (x, y) = (
        try #require(late.test.contributions[contribution])[0, 0],
        try #require(end.test.contributions[contribution])[0, 0]
      )
      #expect(relativeError(x, y) < 1e-9)
    }
  }

  @Test("Conventions of the loss are units of time")
  func losses() throws {
    let network = ChainNetworks.network(.tanh, widths: [16], weight: 1.3)
    let inputs = ChainNetworks.inputs(3, seed: 4)
    func correction(_ loss: Loss, _ time: Double) throws -> Double {
      try FiniteWidthDynamics(
        network, train: inputs.selectingRows([0, 1]), test: inputs.selectingRows([2]), targets: column([1, -1]),
        loss: loss
      ).mean(time: time).test.correction[0, 0]
    }
    let expected = try correction(Self.loss, 0.8)
    for (loss, factor) in [
      (Loss.meanSquaredError(reduction: .sum, half: false), 0.5),
      (Loss.meanSquaredError(reduction: .mean, half: true), 2), (.meanSquaredError(reduction: .mean, half: false), 1),
    ] { #expect(relativeError(try correction(loss, 0.8 * factor), expected) < 1e-12) }
    // A linear model has no correction.
    let shallow = ChainNetworks.network(.linear, widths: [], weight: 1)
    let flat = try FiniteWidthDynamics(
      shallow, train: inputs.selectingRows([0, 1]), test: inputs.selectingRows([2]), targets: column([1, -1]),
      loss: Self.loss)
    #expect(try flat.mean(time: 1).test.correction[0, 0] == 0)
  }

  /// Three samples in two features: Θ of a linear network has a mode of eigenvalue 0, which stays at every width.
  @Test("Training ends where a network has fewer features than samples")
  func fewFeatures() throws {
    let network = ChainNetworks.network(.linear, widths: [16, 16], inputs: 2, weight: 1)
    let inputs = ChainNetworks.inputs(4, features: 2, seed: 6)
    let dynamics = try FiniteWidthDynamics(
      network, train: inputs.selectingRows([0, 1, 2]), test: inputs.selectingRows([3]),
      targets: column([1, -0.5, 0.8]), loss: Self.loss)
    #expect(dynamics.infiniteWidth.eigenvalues.count { $0 == 0 } == 1)
    let (late, end) = (try dynamics.mean(time: 1e4), try dynamics.mean(time: .infinity))
    #expect(relativeError(late.test.correction[0, 0], end.test.correction[0, 0]) < 1e-9)
    #expect(end.train.correction.tensor.elements.allSatisfy { abs($0) < 1e-9 })
    let (wide, wider) = (try dynamics.covariance(time: 1e4), try dynamics.covariance(time: .infinity))
    #expect(relativeError(wide.correction[3, 3], wider.correction[3, 3]) < 1e-8)
  }

  /// The standard parametrization with learning rates C_W/fan-in and C_b is the NTK one.
  @Test("Multipliers of learning rates")
  func multipliers() throws {
    var network = ChainNetworks.network(.tanh, widths: [8, 12], weight: 1.3, bias: 0.2)
    let inputs = ChainNetworks.inputs(3, seed: 4)
    func correction(_ multipliers: LearningRateMultipliers = [:]) throws -> Double {
      try FiniteWidthDynamics(
        network, train: inputs.selectingRows([0, 1]), test: inputs.selectingRows([2]), targets: column([1, -1]),
        loss: Self.loss, multipliers: multipliers
      ).mean(time: 0.7).test.correction[0, 0]
    }
    let expected = try correction()
    network.parametrization = .standard
    let found = try correction([
      "W1": 1.3 / 3, "W2": 1.3 / 8, "W3": 1.3 / 12, "b1": 0.2, "b2": 0.2, "b3": 0.2,
    ])
    #expect(relativeError(found, expected) < 1e-10)
  }

  @Test("Weights that are not Gaussian are refused, with their layer")
  func weights() throws {
    let inputs = ChainNetworks.inputs(2)
    func make(_ layer: Int, _ distribution: WeightDistribution) throws {
      var network = ChainNetworks.network(.tanh, widths: [16, 16], weight: 1.3)
      network.layers[layer].weightDistribution = distribution
      _ = try FiniteWidthDynamics(network, train: inputs, targets: column([1, -1]), loss: Self.loss)
    }
    for layer in 0..<3 {
      for distribution in [WeightDistribution.uniform, .truncatedGaussian] {
        #expect(throws: FiniteWidthDynamicsError.nonGaussianWeights(layer: layer + 1)) {
          try make(layer, distribution)
        }
      }
      #expect(throws: FiniteWidthError.dependentWeights(layer: layer + 1)) { try make(layer, .orthogonal) }
      #expect(throws: Never.self) { try make(layer, .gaussian) }
    }
    #expect("\(FiniteWidthDynamicsError.nonGaussianWeights(layer: 2))".contains("weights: gaussian"))
  }

  @Test("What cannot be given is a sentence")
  func errors() throws {
    let network = ChainNetworks.network(.tanh, widths: [16], weight: 1.3)
    let inputs = ChainNetworks.inputs(2)
    func make(_ targets: [Double], _ loss: Loss = Self.loss) throws -> FiniteWidthDynamics {
      try FiniteWidthDynamics(network, train: inputs, targets: column(targets), loss: loss)
    }
    #expect(throws: FiniteWidthDynamicsError.targetNotFinite(sample: 1, output: 0)) { try make([1, .nan]) }
    #expect(throws: DynamicsError.self) { try make([1]) }
    #expect(throws: DynamicsError.notSquaredError(loss: Loss.crossEntropy.name)) { try make([1, 2], .crossEntropy) }
    #expect(throws: DynamicsError.badNumber(name: "time", value: -1)) { try make([1, 2]).mean(time: -1) }
    #expect(throws: FiniteWidthDynamicsError.overflow(time: 1)) { try make([1e200, 1e200]).mean(time: 1) }
    let flow = try FiniteWidthFlow(network, inputs: inputs, extent: .tangentKernel)
    #expect(throws: FiniteWidthDynamicsError.noDifferentials(layer: 2)) {
      try FiniteWidthDynamics(
        output: try #require(flow.layers.last), trainSamples: 2, targets: column([1, 1]), loss: Self.loss)
    }
    #expect(throws: FiniteWidthDynamicsError.noOutput(1, outputs: 1)) {
      try make([1, 2]).covariance(time: 1, output: 1)
    }
    #expect(throws: FiniteWidthDynamicsError.noOutput(-1, outputs: 1)) {
      try make([1, 2]).variances(time: 1, output: -1)
    }
    // Nearly coincident: Θ has an eigenvalue below rounding, the fluctuating NTK has not.
    let near = Matrix([[1, 0.5, 0.2], [1 + 2e-7, 0.5, 0.2]])
    let nearly = try FiniteWidthDynamics(network, train: near, targets: column([1, 0]), loss: Self.loss)
    #expect(throws: Never.self) { try nearly.mean(time: 3) }
    #expect { try nearly.mean(time: .infinity) } throws: { "\($0)".contains("nearly coincide") }
  }

  /// Expectations over three different inputs have errors of their own, from which what nearly coincides must be told apart.
  @Test("Three samples of which two are 1e-7 apart have no end of training; two that coincide have")
  func nearlyCoincident() throws {
    let network = ChainNetworks.network(.tanh, widths: [16], weight: 1.3)
    let test = ChainNetworks.inputs(1, seed: 9)
    func make(_ distance: Double, tolerance: Double) throws -> FiniteWidthDynamics {
      try FiniteWidthDynamics(
        network, train: Matrix([[1, 0.5, 0.2], [-0.4, 0.9, 0.6], [1 + distance, 0.5, 0.2]]), test: test,
        targets: column([1, -0.5, 0.4]), loss: Self.loss, tolerance: tolerance)
    }
    for tolerance in [1e-8, 1e-12] {
      let near = try make(1e-7, tolerance: tolerance)
      #expect(near.infiniteWidth.eigenvalues.count { $0 == 0 } == 1)
      #expect { try near.mean(time: .infinity) } throws: { "\($0)".contains("nearly coincide") }
      #expect { try near.covariance(time: .infinity) } throws: { "\($0)".contains("nearly coincide") }
      #expect(throws: Never.self) { try near.covariance(time: 3) }
    }
    for tolerance in [1e-8, 1e-12] {
      let same = try make(0, tolerance: tolerance)
      #expect(same.nullCoupling <= 9e-12 + tolerance)
      let (late, end) = (
        try same.testLoss(time: 1e4, targets: column([0])), try same.testLoss(time: .infinity, targets: column([0]))
      )
      #expect(relativeError(late.mean.value, end.mean.value) < 1e-8)
    }
  }
}
