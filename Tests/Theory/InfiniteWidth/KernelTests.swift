import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Fused kernels and their plain twin: one test body for both.
@Suite struct KernelTests {
  @Test(arguments: [false, true]) func agreesWithNeuralTangents(isPlain: Bool) throws {
    for entry in try ReferenceNetwork.all() {
      let kernels = try InfiniteWidthKernels(entry.network, isPlain: isPlain)
      for (suffix, other) in [("11", Optional<Matrix<Double>>.none), ("12", entry.x2)] {
        let (nngp, ntk) = try kernels.matrices(entry.x1, other)
        entry.check(nngp: nngp.tensor.elements, ntk: try #require(ntk).tensor.elements, suffix)
      }
    }
  }

  /// Every activation, plain and shifted and scaled, in both precisions, beside the plain twin in Double.
  @Test(arguments: ActivationCases.all) func agreesWithPlainTwin(activation: Activation) throws {
    // e^z grows so fast that kernels of two layers overflow.
    let network = ActivationCases.network(activation, depth: activation.function == .exp ? 1 : 2, inputs: 7)
    let x = ActivationCases.data(samples: 6, features: 7, seed: 11)
    let tangents = !activation.isDiscontinuous
    let plain = try InfiniteWidthKernels(network, tangents: tangents, isPlain: true).matrices(x)
    let fused = try InfiniteWidthKernels(network, tangents: tangents).matrices(x)
    let single = try InfiniteWidthKernels(network, tangents: tangents).matrices(
      Matrix<Float>(rows: x.rows, columns: x.columns, elements: x.tensor.elements.map(Float.init)))
    #expect(Self.error(fused.nngp, plain.nngp) < 1e-11)
    #expect(Self.error(single.nngp, plain.nngp) < 1e-5)
    if tangents {
      #expect(Self.error(try #require(fused.ntk), try #require(plain.ntk)) < 1e-11)
      #expect(Self.error(try #require(single.ntk), try #require(plain.ntk)) < 1e-5)
    }
  }

  @Test func doesNotDependOnThreads() throws {
    let x = ActivationCases.data(samples: 600, features: 20, seed: 3)
    defer { Parallel.setThreads(0) }
    for activation in [Activation(.relu), Activation(.tanh), Activation(.gelu)] {
      let kernels = try InfiniteWidthKernels(ActivationCases.network(activation, depth: 2, inputs: 20))
      Parallel.setThreads(1)
      let one = try kernels.matrices(x)
      Parallel.setThreads(3)
      let three = try kernels.matrices(x)
      #expect(one.nngp == three.nngp)
      #expect(one.ntk == three.ntk)
    }
  }

  @Test func tilesAreParts() throws {
    let x = ActivationCases.data(samples: 300, features: 5, seed: 4)
    let y = ActivationCases.data(samples: 270, features: 5, seed: 5)
    let kernels = try InfiniteWidthKernels(ActivationCases.network(Activation(.erf), depth: 2, inputs: 5))
    for prepared in [try kernels.prepare(x), try kernels.prepare(x, y)] {
      let whole = prepared.matrices()
      let part = prepared.tile(rows: 10..<290, columns: 3..<268)
      for (i, j) in [(0, 0), (100, 17), (279, 264), (5, 12), (250, 250)] {
        #expect(relativeError(part.nngp[i, j], whole.nngp[i + 10, j + 3]) < 1e-13)
      }
    }
  }

  static func error<Scalar: TensorScalar>(_ values: Matrix<Scalar>, _ reference: Matrix<Double>) -> Double {
    var worst = 0.0
    for i in 0..<reference.rows {
      for j in 0..<reference.columns {
        let scale = (reference[i, i] * reference[j, j]).squareRoot()
        let error = (Double(values[i, j]) - reference[i, j]).magnitude / scale
        if !(error <= worst) { worst = error }
      }
    }
    return worst
  }
}

/// Activations, networks and data that the tests of kernels share.
enum ActivationCases {
  static let functions: [ActivationFunction] = [
    .linear, .relu, .leakyReLU(slope: 0.1), .twoSlope(positive: 1.2, negative: -0.4), .abs, .step, .sign, .reluSquared,
    .erf, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus, .sin, .cos, .exp, .gaussian, .monomial(degree: 2),
    .monomial(degree: 3), .hermite(degree: 2), .hermite(degree: 3), .elu(alpha: 1), .elu(alpha: 0.7),
    .polynomial(coefficients: [0.3, 1, -0.2, 0.05]), .clippedLine(), .clippedLine(jump: 0.4),
  ]

  static var all: [Activation] {
    functions.flatMap {
      [
        Activation($0), Activation($0, inputScale: 1.3, outputScale: 0.6),
        Activation($0, inputScale: 0.8, inputShift: 0.4, outputScale: 0.7, outputShift: 0.2),
      ]
    }
  }

  static func network(_ activation: Activation, depth: Int, inputs: Int) -> PerceptronView {
    let layer = LayerInitialization(weightVariance: 0.9, biasVariance: 0.1)
    return PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: 32, activation: activation), inputs: inputs,
      layers: Array(repeating: layer, count: depth + 1), parametrization: .ntk)
  }

  static func data(samples: Int, features: Int, seed: UInt64) -> Matrix<Double> {
    var random = SplitMix(seed: seed)
    return Matrix(rows: samples, columns: features, elements: random.normals(samples * features))
  }
}
