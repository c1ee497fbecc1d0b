import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The chain at large width against the 1/n expansion's reference numbers: two independent methods for one law.
@Suite("Gram-matrix chain against the 1/n expansion", .tags(.statistical))
struct GramChainExpansionTests {
  private struct Case {
    var chain: (Int) throws -> GramChain
    var rows: [JSONValue]
  }

  /// The single-input reference of an activation: K, V, G1 for ℓ = 1, 2, …; chains of any width for its first layers.
  private func reference(_ name: String, layers: Int) throws -> Case {
    let functions: [String: ActivationFunction] = ["tanh": .tanh, "relu": .relu, "gelu": .gelu]
    let block = try #require(
      try Fixtures.json("effective_theory")["single_input"].elements.first { try $0["act"].string == name })
    let (weight, bias) = (try block["C_W"].double, try block["C_b"].double)
    let kernel = try block["K1"].double
    let function = try #require(functions[name])
    return Case(
      chain: { width in
        try GramChain(
          ChainNetworks.network(
            function, widths: Array(repeating: width, count: layers - 1), weight: weight, bias: bias),
          firstKernel: ChainNetworks.single(kernel))
      }, rows: Array(try block["layers"].elements.prefix(layers)))
  }

  @Test("V = n Var(Ĝ), extrapolated in 1/n", arguments: ["tanh", "relu", "gelu"])
  func fourPointVertex(_ name: String) throws {
    let reference = try reference(name, layers: 4)
    let (narrow, wide) = (
      try reference.chain(128).sample(networks: 150_000, seed: 1),
      try reference.chain(256).sample(networks: 150_000, seed: 2)
    )
    for (index, row) in reference.rows.enumerated() where index > 0 {
      let entry = KernelEntry(layer: index + 1, 0, 0)
      let exact = try row["V"].double
      // What is left is of order (ℓ/n)²: at n = 128 and ℓ = 4 some 0.1 %.
      checkExtrapolationAgrees(
        predicted: exact, narrow: narrow.variance(entry).scaled(by: 128), wide: wide.variance(entry).scaled(by: 256),
        systematic: 2e-3 * exact)
    }
  }

  /// X(n) = X + a/n + b/n² + …, from n, 2n and 4n without a and b: what is left is of the third relative order, ℓ/n · ℓ/2n · ℓ/4n.
  @Test("G1 = n (E Ĝ − K), extrapolated in 1/n", arguments: ["tanh", "gelu"])
  func meanCorrection(_ name: String) throws {
    let reference = try reference(name, layers: 4)
    let widths = [32, 64, 128]
    let ensembles = try widths.map { try reference.chain($0).sample(networks: 400_000, seed: UInt64($0)) }
    for (index, row) in reference.rows.enumerated() where index > 0 {
      let entry = KernelEntry(layer: index + 1, 0, 0)
      let kernel = try row["K"].double
      let corrections = zip(widths, ensembles).map { width, ensemble in
        let mean = ensemble.mean(entry)
        return Estimate(value: Double(width) * (mean.value - kernel), error: Double(width) * mean.error)
      }
      let factors = [1.0 / 3, -2, 8.0 / 3]
      let measured = zip(factors, corrections).reduce(0) { $0 + $1.0 * $1.1.value }
      let error = zip(factors, corrections).reduce(0) { $0 + pow($1.0 * $1.1.error, 2) }.squareRoot()
      let exact = try row["G1"].double
      let third = widths.reduce(1.0) { $0 * Double(index + 1) / Double($1) }
      checkMonteCarloAgrees(
        predicted: exact, measured: measured, standardError: error,
        systematic: third * max(abs(exact), try row["V"].double / kernel))
    }
  }

  @Test("κ₃(Ĝ) n² = U6, extrapolated in 1/n")
  func sixPointVertex() throws {
    let reference = try reference("tanh", layers: 3)
    let entry = KernelEntry(layer: 3, 0, 0)
    let exact = try reference.rows[2]["U6"].double
    func vertex(_ width: Int) throws -> Estimate {
      let ensemble = try reference.chain(width).sample(networks: 1_000_000, seed: UInt64(width) + 6)
      let moments = ensemble.moments(of: entry)
      // Var k₃ ≈ 6 σ⁶/M for a nearly Gaussian sample.
      let error = (6 * pow(moments.variance, 3) / Double(moments.count)).squareRoot()
      return Estimate(value: ensemble.thirdCumulant(entry), error: error).scaled(by: Double(width * width))
    }
    // What is left is of the second relative order, ℓ/n · ℓ/2n.
    checkExtrapolationAgrees(
      predicted: exact, narrow: try vertex(32), wide: try vertex(64), systematic: abs(exact) * 3 / 32 * 3 / 64)
  }
}
