import OrreryAnalysis
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

/// Duals against independent numbers (`effective_theory.json`, block `pair_kernels`).
@Suite struct PairKernelTests {
  @Test func agreesWithReference() throws {
    let cases = try Fixtures.json("effective_theory")["pair_kernels"].elements
    #expect(cases.count == 5)
    for entry in cases {
      let dual = try #require(Self.activations[try entry["act"].string]).dual
      let k = try entry["K"].rows
      let pair = GaussianPair(k11: k[0][0], k22: k[1][1], k12: k[0][1])
      let moments = dual.pair(pair)
      let name = try entry["act"].string
      let computed = [moments.product, moments.derivative, moments.second1, moments.second2]
      let expected = try ["ss", "pp", "s1s1", "s2s2"].map { try entry[$0].double }
      #expect(elementwiseRelativeError(computed, expected) < 1e-10, "\(name)")
    }
  }

  static let activations: [String: Activation] = [
    "relu": Activation(.relu), "tanh": Activation(.tanh), "erf": Activation(.erf), "gelu": Activation(.gelu),
    "sin": Activation(.sin),
  ]
}
