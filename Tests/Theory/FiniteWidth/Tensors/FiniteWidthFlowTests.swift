import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Tensors at order 1/n on several inputs: exact cases, symmetries, and the Gram chain.
@Suite("Representation group flow on several inputs")
struct FiniteWidthFlowTests {
  /// A linear network's Ĝ is a product of Wishart matrices: V_(12)(34) = (ℓ − 1)(K_13K_24 + K_14K_23) at C_W = 1, C_b = 0, and
  /// its mean is exact, G1 = 0.
  @Test("Deep linear networks have their exact vertex")
  func linear() throws {
    let network = ChainNetworks.network(.linear, widths: [20, 20, 20, 20], weight: 1)
    let flow = try FiniteWidthFlow(network, inputs: ChainNetworks.inputs(4), extent: .preactivations)
    for layer in flow.layers {
      let k = layer.kernel
      for a in 0..<4 {
        for b in 0..<4 {
          #expect(abs(layer.kernelCorrection[a, b]) < 1e-12)
          for c in 0..<4 {
            for d in 0..<4 {
              let exact = Double(layer.layer - 1) * (k[a, c] * k[b, d] + k[a, d] * k[b, c])
              #expect(abs(layer.fourPointVertex[a, b, c, d] - exact) < 1e-11)
            }
          }
        }
      }
    }
  }

  @Test("Every tensor has its symmetries", arguments: [ActivationFunction.tanh, .gelu, .relu])
  func symmetries(_ function: ActivationFunction) throws {
    let network = ChainNetworks.network(function, widths: [10, 20, 15], weight: 1.4, bias: 0.2)
    let flow = try FiniteWidthFlow(network, inputs: ChainNetworks.inputs(3), tolerance: 1e-9)
    let layer = try #require(flow.layers.last)
    let tangent = try #require(layer.tangentKernel)
    let d = try #require(layer.differentials)
    func same(_ x: Double, _ y: Double, _ name: String) {
      #expect(abs(x - y) <= 1e-7 * max(abs(x), abs(y), 1e-2), "\(name)")
    }
    for a in 0..<3 {
      for b in 0..<3 {
        for c in 0..<3 {
          for e in 0..<3 {
            let v = layer.fourPointVertex
            same(v[a, b, c, e], v[c, e, a, b], "V")
            same(v[a, b, c, e], v[b, a, c, e], "V")
            same(tangent.a[a, b, c, e], tangent.a[c, e, a, b], "A")
            same(tangent.a[a, b, c, e], tangent.a[b, a, c, e], "A")
            same(tangent.d[a, b, c, e], tangent.d[b, a, c, e], "D")
            same(tangent.d[a, b, c, e], tangent.d[a, b, e, c], "D")
            same(tangent.f[a, b, c, e], tangent.f[c, e, a, b], "F")
            same(tangent.b[a, b, c, e], tangent.b[c, e, a, b], "B")
            same(tangent.b[a, b, c, e], tangent.b[b, a, e, c], "B")
            same(d.p[a, b, c, e], d.p[a, c, b, e], "P")
            same(d.r[a, b, c, e], d.r[a, b, e, c], "R")
            same(d.s[a, b, c, e], d.s[b, a, e, c], "S")
            same(d.t[a, b, c, e], d.t[c, e, a, b], "T")
            same(d.u[a, b, c, e], d.u[c, e, a, b], "U")
          }
        }
      }
    }
  }

  /// The expansion against the chain's exact law, unequal widths, three inputs: another method, no formula in common.
  @Test(
    "V on three inputs against the Gram chain", arguments: [ActivationFunction.tanh, .gelu, .leakyReLU(slope: 0.2)])
  func againstChain(_ function: ActivationFunction) throws {
    let inputs = ChainNetworks.inputs(3, seed: 9)
    func networks(_ scale: Int) -> PerceptronView {
      ChainNetworks.network(function, widths: [8 * scale, 16 * scale, 12 * scale], weight: 1.5, bias: 0.1)
    }
    let flow = try FiniteWidthFlow(networks(1), inputs: inputs, extent: .preactivations)
    let layer = try #require(flow.layers.last)
    var options = GramChainOptions()
    options.tracked = (0..<3).flatMap { a in (0...a).map { KernelEntry(layer: 4, a, $0) } }
    let (narrow, wide) = (
      try GramChain(networks(8), inputs: inputs).sample(networks: 120_000, seed: 21, options: options),
      try GramChain(networks(16), inputs: inputs).sample(networks: 120_000, seed: 22, options: options)
    )
    for (a, b, c, d) in [(0, 1, 2, 2), (0, 1, 0, 2), (0, 0, 1, 2), (1, 2, 1, 2), (0, 0, 0, 1)] {
      let (first, second) = (KernelEntry(layer: 4, a, b), KernelEntry(layer: 4, c, d))
      let (x, y) = (try Self.covariance(narrow, first, second), try Self.covariance(wide, first, second))
      checkExtrapolationAgrees(
        predicted: layer.fourPointVertex[a, b, c, d], narrow: x.scaled(by: 96), wide: y.scaled(by: 192),
        // What is left after extrapolation is of order (ℓ/n)².
        systematic: 3e-3 * layer.fourPointVertex[a, a, a, a])
    }
  }

  /// The sample covariance of two entries over networks, with its standard error.
  private static func covariance(
    _ ensemble: GramChainEnsemble, _ first: KernelEntry, _ second: KernelEntry
  ) throws -> Estimate {
    let (x, y) = (try #require(ensemble.trace(first)), try #require(ensemble.trace(second)))
    let (meanX, meanY) = (ensemble.mean(first).value, ensemble.mean(second).value)
    var moments = StreamingMoments()
    for (x, y) in zip(x, y) { moments.add((x - meanX) * (y - meanY)) }
    return moments.estimate
  }

  @Test("Bad input is a typed error with a sentence")
  func errors() throws {
    let network = ChainNetworks.network(.tanh, widths: [10, 10], weight: 1)
    #expect(throws: FiniteWidthError.wrongFeatureCount(expected: 3, found: 2)) {
      try FiniteWidthFlow(network, inputs: Matrix(rows: 1, columns: 2, elements: [1, 2]))
    }
    #expect(throws: FiniteWidthError.inputNotFinite(row: 0, column: 1)) {
      try FiniteWidthFlow(network, inputs: Matrix(rows: 1, columns: 3, elements: [1, .nan, 2]))
    }
    #expect(throws: FiniteWidthError.noInputs) {
      try FiniteWidthFlow(network, inputs: Matrix(rows: 0, columns: 3))
    }
    #expect(throws: FiniteWidthError.kinkedActivation("elu")) {
      try FiniteWidthFlow(
        ChainNetworks.network(.elu(alpha: 1), widths: [10], weight: 1), inputs: ChainNetworks.inputs(1))
    }
    var orthogonal = network
    orthogonal.layers[1].weightDistribution = .orthogonal
    #expect(throws: FiniteWidthError.dependentWeights(layer: 2)) {
      try FiniteWidthFlow(orthogonal, inputs: ChainNetworks.inputs(1))
    }
    var bare = network
    bare.layers = []
    #expect(throws: FiniteWidthError.wrongLayerCount(expected: 3, found: 0)) {
      try FiniteWidthFlow(bare, inputs: ChainNetworks.inputs(1))
    }
    #expect(throws: GramChainError.wrongLayerCount(expected: 3, found: 0)) {
      try GramChain(bare, inputs: ChainNetworks.inputs(1))
    }
    #expect(throws: FiniteWidthError.overflow(layer: 1)) {
      try FiniteWidthFlow(
        ChainNetworks.network(.relu, widths: [10, 10], weight: 1), inputs: Matrix([[1e200, 0, 0]]))
    }
    #expect {
      try FiniteWidthFlow(
        ChainNetworks.network(.gelu, widths: [10, 10], weight: 1e200), inputs: ChainNetworks.inputs(2))
    } throws: { "\($0)".contains("in layer 1") && "\($0)".contains("normalize") }
    #expect(throws: FiniteWidthError.overflow(layer: 2)) {
      try FiniteWidthFlow(
        ChainNetworks.network(.linear, widths: [10, 10], weight: 1e200), inputs: ChainNetworks.inputs(2))
    }
  }
}
