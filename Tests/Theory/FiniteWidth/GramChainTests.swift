import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// What holds for every implementation of the chain.
@Suite("Gram-matrix chain")
struct GramChainTests {
  typealias Method = GramChainOptions.Method

  @Test("A member is the same network in both implementations", arguments: [1, 2, 5, 8, 11])
  func twins(samples: Int) throws {
    let networks = 40
    for function in [ActivationFunction.tanh, .relu, .gelu] {
      let network = ChainNetworks.network(function, widths: [33, 7, 20], weight: 1.7, bias: 0.1)
      let chain = try GramChain(network, inputs: ChainNetworks.inputs(samples))
      let entries = (2...4).flatMap { layer in
        (0..<samples).map { KernelEntry(layer: layer, samples - 1, $0) }
      }
      let plain = try chain.sample(
        networks: networks, seed: 11, options: GramChainOptions(method: .plain, firstMember: 3, tracked: entries))
      let lanes = try chain.sample(
        networks: networks, seed: 11, options: GramChainOptions(method: .lanes, firstMember: 3, tracked: entries))
      // Three inputs span the features: from the fourth on kernels are nearly singular. A pivot of exact value 0 is then
      // a rounding, u times the kernel, and enters z as its root: members differ by some √u, the law only by u.
      let tolerance = samples <= 3 ? 2e-5 : 4 * Double(Float.unitRoundoff).squareRoot()
      for entry in entries {
        let (p, l) = (try #require(plain.trace(entry)), try #require(lanes.trace(entry)))
        let scale = plain.mean(KernelEntry(layer: entry.layer, entry.row, entry.row)).value
        for (a, b) in zip(p, l) { #expect(abs(a - b) <= tolerance * scale, "\(function) \(entry)") }
      }
    }
  }

  @Test("Bit-identical for any number of threads and networks", arguments: Method.allCases)
  func determinism(_ method: Method) throws {
    let network = ChainNetworks.network(.tanh, widths: [12, 9], weight: 1.3, bias: 0.1)
    let chain = try GramChain(network, inputs: ChainNetworks.inputs(3))
    let entry = KernelEntry(layer: 3, 2, 0)
    let options = GramChainOptions(method: method, tracked: [entry])
    let networks = 3001
    let many = try chain.sample(networks: networks, seed: 2, options: options)
    Parallel.setThreads(1)
    defer { Parallel.setThreads(0) }
    let one = try chain.sample(networks: networks, seed: 2, options: options)
    #expect(one.trace(entry) == many.trace(entry))
    for layer in 1...3 {
      for i in 0..<3 {
        for j in 0...i {
          let entry = KernelEntry(layer: layer, i, j)
          #expect(one.moments(of: entry) == many.moments(of: entry))
        }
      }
      #expect(one.covariance(layer: layer) == many.covariance(layer: layer))
    }
    let fewer = try chain.sample(networks: 77, seed: 2, options: options)
    #expect(fewer.trace(entry) == Array(try #require(many.trace(entry)).prefix(77)))
    var shifted = options
    shifted.firstMember = 70
    let later = try chain.sample(networks: 7, seed: 2, options: shifted)
    #expect(later.trace(entry) == Array(try #require(fewer.trace(entry)).suffix(7)))
  }

  @Test("Streamed moments are those of the traces", arguments: Method.allCases)
  func moments(_ method: Method) throws {
    let network = ChainNetworks.network(.relu, widths: [6, 5], weight: 2)
    let chain = try GramChain(network, inputs: ChainNetworks.inputs(2))
    let entries = [KernelEntry(layer: 3, 0, 0), KernelEntry(layer: 3, 1, 0)]
    let ensemble = try chain.sample(
      networks: 5000, seed: 4, options: GramChainOptions(method: method, tracked: entries))
    let traces = try entries.map { try #require(ensemble.trace($0)) }
    for (entry, trace) in zip(entries, traces) {
      let direct = StreamingMoments(trace)
      let streamed = ensemble.moments(of: entry)
      #expect(relativeError(streamed.mean, direct.mean) < 1e-12)
      #expect(relativeError(streamed.variance, direct.variance) < 1e-11)
      #expect(relativeError(streamed.skewness, direct.skewness) < 1e-10)
      #expect(relativeError(streamed.excessKurtosis, direct.excessKurtosis) < 1e-10)
    }
    let covariance = Cumulants.joint(traces).value
    let matrix = try #require(ensemble.covariance(layer: 3))
    #expect(relativeError(matrix[entries[0].packedIndex, entries[1].packedIndex], covariance) < 1e-11)
  }

  @Test("Repeated, opposite and dependent inputs stay so in every network", arguments: Method.allCases)
  func dependentInputs(_ method: Method) throws {
    // Without biases a linear network maps dependent inputs to dependent preactivations.
    let network = ChainNetworks.network(.linear, widths: [10, 12], weight: 1)
    let inputs = Matrix([[1, 2, 3], [1, 2, 3], [-1, -2, -3], [0, 1, -1], [1, 3, 2], [0, 0, 0]])
    let chain = try GramChain(network, inputs: inputs)
    let pairs = [(0, 0), (1, 0), (1, 1), (2, 0), (3, 0), (3, 3), (4, 0), (4, 4), (5, 0), (5, 5)]
    let entries = pairs.map { KernelEntry(layer: 3, $0.0, $0.1) }
    let ensemble = try chain.sample(
      networks: 64, seed: 1, options: GramChainOptions(method: method, tracked: entries))
    let g = try entries.map { try #require(ensemble.trace($0)) }
    let tolerance = method == .plain ? 1e-10 : 2e-5
    for m in 0..<64 {
      #expect(abs(g[1][m] - g[0][m]) <= tolerance * g[0][m])
      #expect(abs(g[2][m] - g[0][m]) <= tolerance * g[0][m])
      #expect(abs(g[3][m] + g[0][m]) <= tolerance * g[0][m])
      // x₄ = x₀ + x₃.
      #expect(abs(g[6][m] - g[0][m] - g[4][m]) <= 10 * tolerance * g[0][m])
      #expect(abs(g[7][m] - g[0][m] - 2 * g[4][m] - g[5][m]) <= 10 * tolerance * g[0][m])
      #expect(g[8][m] == 0 && g[9][m] == 0)
    }
  }

  @Test("Exact moments of homogeneous networks", arguments: Method.allCases, [0, 1])
  func homogeneous(_ method: Method, _ index: Int) throws {
    let row = try Fixtures.json("effective_theory")["exact_homogeneous"][index]
    let function = ActivationFunction.twoSlope(positive: try row["ap"].double, negative: try row["am"].double)
    let weight = 2 / (pow(try row["ap"].double, 2) + pow(try row["am"].double, 2))
    let layers = try row["L"].int
    let widths = Array(repeating: try row["n"].int, count: layers - 1)
    let chain = try GramChain(
      ChainNetworks.network(function, widths: widths, weight: weight), firstKernel: ChainNetworks.single(0.7))
    let entry = KernelEntry(layer: layers, 0, 0)
    let ensemble = try chain.sample(
      networks: method == .plain ? 20_000 : 400_000, seed: 8,
      options: GramChainOptions(method: method, tracked: [entry]))
    let ratios = try #require(ensemble.trace(entry)).map { $0 / 0.7 }
    let moments = (1...3).map { power in Statistics.mean(ratios.map { pow($0, Double(power)) }) }
    checkMonteCarloAgrees(
      predicted: [1, try row["E_g2"].double, try row["E_g3"].double], measured: moments.map(\.value),
      standardError: moments.map(\.error))
  }

  @Test("Unequal widths: the variance of homogeneous networks is a product over layers")
  func unequalWidths() throws {
    let widths = [40, 11, 90, 23]
    let chain = try GramChain(
      ChainNetworks.network(.relu, widths: widths, weight: 2), firstKernel: ChainNetworks.single(1))
    let ensemble = try chain.sample(networks: 200_000, seed: 3)
    for layer in 2...5 {
      let exact = widths.prefix(layer - 1).reduce(1.0) { $0 * (1 + 5 / Double($1)) } - 1
      let variance = ensemble.variance(KernelEntry(layer: layer, 0, 0))
      checkMonteCarloAgrees(predicted: exact, measured: variance.value, standardError: variance.error)
    }
  }

  @Test("Without hidden layers the kernel is the given one")
  func noHiddenLayer() throws {
    let network = ChainNetworks.network(.tanh, widths: [], weight: 1.5, bias: 0.2)
    let chain = try GramChain(network, inputs: Matrix([[1, 2, 2]]))
    let entry = KernelEntry(layer: 1, 0, 0)
    let ensemble = try chain.sample(networks: 10, seed: 1, options: GramChainOptions(tracked: [entry]))
    #expect(ensemble.mean(entry) == Estimate(value: 0.2 + 1.5 * 9 / 3, error: 0))
    #expect(ensemble.variance(entry).value == 0)
    #expect(ensemble.trace(entry) == Array(repeating: 4.7, count: 10))
    #expect(ensemble.outputMoments(sample: 0).excessKurtosis.value == 0)
  }
}
