import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// What every kernel obeys, whatever its numbers.
@Suite struct KernelIdentityTests {
  static let activations = [
    Activation(.relu), Activation(.gelu), Activation(.tanh), Activation(.sin, inputShift: 0.3),
    Activation(.polynomial(coefficients: [0.1, 1, 0.2])),
  ]

  @Test(arguments: activations) func isPositiveSemidefinite(activation: Activation) throws {
    let x = ActivationCases.data(samples: 24, features: 6, seed: 7)
    let (nngp, ntk) = try InfiniteWidthKernels(ActivationCases.network(activation, depth: 2, inputs: 6)).matrices(x)
    for kernel in [nngp, try #require(ntk)] {
      var random = SplitMix(seed: 9)
      for _ in 0..<200 {
        let w = random.normals(24)
        var form = 0.0
        var size = 0.0
        for i in 0..<24 {
          for j in 0..<24 {
            form += w[i] * kernel[i, j] * w[j]
            size += (w[i] * kernel[i, j] * w[j]).magnitude
          }
        }
        #expect(form > -1e-13 * size)
      }
    }
  }

  @Test(arguments: activations) func ordersAndRotationsDoNotMatter(activation: Activation) throws {
    let x = ActivationCases.data(samples: 10, features: 6, seed: 8)
    let kernels = try InfiniteWidthKernels(ActivationCases.network(activation, depth: 2, inputs: 6))
    let (nngp, ntk) = try kernels.matrices(x)
    let order = [3, 1, 4, 0, 5, 9, 2, 6, 8, 7]
    let shuffled = try kernels.matrices(x.selectingRows(order))
    // A rotation of the first two features and a reflection of the last.
    let (c, s) = (0.6, 0.8)
    let rotated = Matrix(
      (0..<10).map { i -> [Double] in
        let r = x.row(i)
        return [c * r[0] - s * r[1], s * r[0] + c * r[1]] + r[2..<5] + [-r[5]]
      })
    let turned = try kernels.matrices(rotated)
    for i in 0..<10 {
      for j in 0..<10 {
        #expect(relativeError(shuffled.nngp[i, j], nngp[order[i], order[j]]) < 1e-12)
        #expect(relativeError(turned.nngp[i, j], nngp[i, j]) < 1e-12)
        #expect(relativeError(turned.ntk![i, j], ntk![i, j]) < 1e-12)
        #expect(nngp[i, j] == nngp[j, i])
        #expect(ntk![i, j] == ntk![j, i])
      }
    }
  }

  /// Without biases ReLU networks are homogeneous: K(sx, tx′) = st K(x, x′).
  @Test func reluIsHomogeneous() throws {
    let x = ActivationCases.data(samples: 5, features: 4, seed: 2)
    let scaled = Matrix(rows: 5, columns: 4, elements: x.tensor.elements.map { 8 * $0 })
    let layer = LayerInitialization(weightVariance: 2, biasVariance: 0)
    let network = ResolvedNetwork(
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
    let network = ResolvedNetwork(
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
