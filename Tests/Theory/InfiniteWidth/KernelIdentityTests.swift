import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// What every kernel obeys, whatever its numbers.
@Suite struct KernelIdentityTests {
  /// The NNGP kernel, and the tangent kernel where there is one.
  static func kernels(_ activation: Activation) throws -> [(Matrix<Double>) throws -> Matrix<Double>] {
    let network = ActivationCases.network(activation, depth: 2, inputs: 6)
    let nngp = try InfiniteWidthKernels(network, tangents: false)
    guard !activation.isDiscontinuous else { return [{ try nngp.matrices($0).nngp }] }
    let both = try InfiniteWidthKernels(network)
    return [{ try nngp.matrices($0).nngp }, { try #require(both.matrices($0).ntk) }]
  }

  /// To the accuracy that kernels in Double promise, 1e-11.
  @Test(arguments: ActivationCases.functions) func isPositiveSemidefinite(function: ActivationFunction) throws {
    let x = ActivationCases.data(samples: 12, features: 6, seed: 7)
    for kernel in try Self.kernels(Activation(function, inputScale: 0.8, inputShift: 0.3)) {
      checkKernelIsPositiveSemidefinite(try kernel(x), tolerance: 1e-11)
    }
  }

  @Test(arguments: ActivationCases.functions) func ordersAndRotationsDoNotMatter(function: ActivationFunction) throws {
    let x = ActivationCases.data(samples: 6, features: 6, seed: 8)
    for kernel in try Self.kernels(Activation(function, inputScale: 0.8, inputShift: 0.3)) {
      // Rotated inputs differ by rounding, which √(1 − c) of a kink or jump magnifies where inputs are close; these are not.
      try checkRotationInvariance(inputs: x, tolerance: 1e-11, kernel: kernel)
      try checkPermutationEquivariance(inputs: x, tolerance: 1e-12, kernel: kernel)
    }
  }

  /// Without biases ReLU networks are homogeneous: K(sx, tx′) = st K(x, x′).
  @Test func reluIsHomogeneous() throws {
    let x = ActivationCases.data(samples: 5, features: 4, seed: 2)
    let scaled = Matrix(rows: 5, columns: 4, elements: x.tensor.elements.map { 8 * $0 })
    let layer = LayerInitialization(weightVariance: 2, biasVariance: 0)
    let network = PerceptronView(
      architecture: MultilayerPerceptron(depth: 4, width: 8, activation: Activation(.relu)), inputs: 4,
      layers: Array(repeating: layer, count: 5), parametrization: .ntk)
    let kernels = try InfiniteWidthKernels(network)
    let (one, other) = (try kernels.matrices(x), try kernels.matrices(x, scaled))
    for i in 0..<5 {
      for j in 0..<5 {
        #expect(relativeError(other.nngp[i, j], 8 * one.nngp[i, j]) < 1e-12)
        #expect(relativeError(other.ntk![i, j], 8 * one.ntk![i, j]) < 1e-7)
      }
    }
  }

  /// A linear network's kernels are known: K^(L) by a geometric series of C_b, and Θ for C_b = 0 is L K.
  @Test func linearNetworkIsExact() throws {
    let layer = LayerInitialization(weightVariance: 1, biasVariance: 0)
    let network = PerceptronView(
      architecture: MultilayerPerceptron(depth: 6, width: 8, activation: Activation(.linear)), inputs: 2,
      layers: Array(repeating: layer, count: 7), parametrization: .ntk)
    let (nngp, ntk) = try InfiniteWidthKernels(network).matrices(Matrix([[1.0, 2], [3, -1]]))
    #expect(relativeError(nngp[0, 1], 0.5) < 1e-14)
    #expect(relativeError(ntk![0, 1], 3.5) < 1e-14)
    #expect(relativeError(ntk![1, 1], 35) < 1e-14)
  }

  /// With λ per layer of one's own, Θ is linear in them.
  @Test func ownLearningRatesEnterLinearly() throws {
    let x = ActivationCases.data(samples: 4, features: 3, seed: 21)
    let network = ActivationCases.network(Activation(.erf), depth: 2, inputs: 3)
    func tangent(_ rates: [(Double, Double)]) throws -> [Double] {
      let scales = zip(network.denseScales, rates).map { own, rate in
        DenseScales(
          weightVariance: own.weightVariance, biasVariance: own.biasVariance, weightRate: rate.0, biasRate: rate.1)
      }
      return try InfiniteWidthKernels(network, scales: scales).matrices(x).ntk!.tensor.elements
    }
    let whole = try tangent([(1, 2), (3, 4), (5, 6)])
    let parts = [
      try tangent([(1, 2), (0, 0), (0, 0)]), try tangent([(0, 0), (3, 4), (0, 0)]),
      try tangent([(0, 0), (0, 0), (5, 6)]),
    ]
    for i in whole.indices { #expect(relativeError(parts[0][i] + parts[1][i] + parts[2][i], whole[i]) < 1e-12) }
  }
}
