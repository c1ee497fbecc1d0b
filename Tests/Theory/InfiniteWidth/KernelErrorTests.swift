import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Bad input is found before work begins, and says what to do.
@Suite struct KernelErrorTests {
  private func network(_ activation: Activation, weight: Double, depth: Int = 40) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: 8, activation: activation), inputs: 3,
      layers: Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: 0), count: depth + 1),
      parametrization: .ntk)
  }
  private let x = Matrix<Double>([[1, 2, 3], [0, 1, -1]])

  @Test func overflowNamesTheLayer() throws {
    let kernels = try InfiniteWidthKernels(network(Activation(.relu), weight: 1e12))
    let single = Matrix<Float>([[1, 2, 3], [0, 1, -1]])
    do {
      _ = try kernels.matrices(single)
      Issue.record("There should be an overflow.")
    } catch let error as InfiniteWidthError {
      guard case .overflow(let layer, 41, "NNGP kernel", "float32") = error else {
        Issue.record("\(error)")
        return
      }
      // |x|²/d = 14/3 and each layer multiplies by C_W/2: beyond 2¹²⁴ at 5e11^ℓ ~ 10³⁷.
      #expect(layer == 4)
      #expect(error.description.contains("layer 4 of 41") && error.description.contains("lower the weight variance"))
    }
    #expect(throws: InfiniteWidthError.self) {
      try InfiniteWidthKernels(network(Activation(.exp), weight: 2)).matrices(x)
    }
    // The plain path says the same.
    #expect(throws: InfiniteWidthError.self) {
      _ = try KernelState(ResolvedNetwork(network(Activation(.exp), weight: 2)), rows: x, tangents: true)
    }
  }

  @Test func jumpsHaveNoTangentKernel() throws {
    #expect(throws: InfiniteWidthError.discontinuousActivation(layer: 2)) {
      try InfiniteWidthKernels(network(Activation(.sign), weight: 1))
    }
    let nngp = try InfiniteWidthKernels(network(Activation(.sign), weight: 1, depth: 1), tangents: false).matrices(x)
    #expect(nngp.ntk == nil)
    #expect(relativeError(nngp.nngp[0, 0], 1) < 1e-15)
    #expect(throws: InfiniteWidthError.self) {
      _ = try KernelState(ResolvedNetwork(network(Activation(.step), weight: 1)), rows: x, tangents: true)
    }
  }

  @Test func badDataAreNamed() throws {
    let kernels = try InfiniteWidthKernels(network(Activation(.relu), weight: 2))
    #expect(throws: InfiniteWidthError.wrongFeatureCount(expected: 3, found: 2, matrix: "the data")) {
      try kernels.matrices(Matrix<Double>([[1, 2]]))
    }
    #expect(throws: InfiniteWidthError.inputNotFinite(row: 1, column: 2, matrix: "the second data")) {
      try kernels.matrices(x, Matrix<Double>([[1, 2, 3], [1, 2, .nan]]))
    }
    #expect(throws: InfiniteWidthError.wrongScaleCount(expected: 41, found: 0)) {
      try InfiniteWidthKernels(network(Activation(.relu), weight: 2), scales: [])
    }
    #expect(throws: InfiniteWidthError.self) { try InfiniteWidthKernels(network(Activation(.relu), weight: -1)) }
  }

  /// Inputs of zero norm have K = C_b-kernels and no NaN.
  @Test func zeroInputsAreFinite() throws {
    let zeros = Matrix<Double>([[0, 0, 0], [1, 2, 3], [0, 0, 0]])
    for activation in ActivationCases.functions.map({ Activation($0) }) where !activation.isDiscontinuous {
      for bias in [0, 0.1] {
        let resolved = PerceptronView(
          architecture: MultilayerPerceptron(depth: 1, width: 8, activation: activation), inputs: 3,
          layers: Array(repeating: LayerInitialization(weightVariance: 0.5, biasVariance: bias), count: 2),
          parametrization: .ntk)
        let (nngp, ntk) = try InfiniteWidthKernels(resolved).matrices(zeros)
        #expect(nngp.tensor.elements.allSatisfy { $0.isFinite }, "\(activation.function)")
        #expect(ntk!.tensor.elements.allSatisfy { $0.isFinite }, "\(activation.function)")
      }
    }
  }
}
