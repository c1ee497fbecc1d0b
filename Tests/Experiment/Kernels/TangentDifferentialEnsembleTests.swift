import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Means over networks of the differentials' contractions against the effective theory of order 1/n: P … U over the width.
@Suite(
  .tags(.statistical),
  .enabled(if: ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1", "The nightly group."))
struct TangentDifferentialEnsembleTests {
  private typealias Tensor = TangentDifferentialStatistics.Tensor

  /// Networks of three hidden layers of n neurons, tanh, with a fixture's variances and learning rates.
  private static func statistics(
    width n: Int, networks: Int, inputs: [[Double]], block: JSONValue
  ) throws -> TangentDifferentialStatistics {
    let network = ExperimentNetworks.network(
      .tanh, widths: [n, n, n], inputs: inputs[0].count, weight: try block["C_W"].double,
      bias: try block["C_b"].double, outputs: 2)
    let rates = LayerLearningRates(bias: try block["lambda_b"].double, weight: try block["lambda_W"].double)
    return try TangentDifferentialsExperiment(
      network, inputs: Matrix(inputs), learningRates: Array(repeating: rates, count: network.layers.count)
    ).run(networks: networks, seed: 12)
  }

  @Test func oneInput() throws {
    let blocks = try Fixtures.json("effective_theory")["single_input"].elements
    // K^1 = 0.7 with C_b = 0.1 and C_W = 1.3.
    let block = blocks[3]
    let square = (try block["K1"].double - block["C_b"].double) / (try block["C_W"].double)
    let inputs = [[square.squareRoot()]]
    let layer = block["layers"][3]
    let (narrow, wide) = (
      try Self.statistics(width: 24, networks: 12_000, inputs: inputs, block: block),
      try Self.statistics(width: 48, networks: 12_000, inputs: inputs, block: block)
    )
    for tensor in Tensor.allCases {
      checkExtrapolationAgrees(
        predicted: try layer[tensor.rawValue.uppercased()].double, narrow: narrow.estimate(tensor, 0, 0, 0, 0),
        wide: wide.estimate(tensor, 0, 0, 0, 0))
    }
  }

  @Test func twoInputs() throws {
    let block = try Fixtures.json("effective_theory")["two_input"][0]
    let inputs = try block["x"].elements.map { try $0.elements.map { try $0.double } }
    let layer = block["layers"][3]
    let (narrow, wide) = (
      try Self.statistics(width: 16, networks: 2000, inputs: inputs, block: block),
      try Self.statistics(width: 32, networks: 2000, inputs: inputs, block: block)
    )
    // T and U are stored with the pairs that share an output side by side.
    let orders: [Tensor: [Int]] = [.t: [0, 2, 1, 3], .u: [0, 3, 1, 2]]
    for tensor in Tensor.allCases {
      for place in 0..<16 {
        let samples = [place >> 3 & 1, place >> 2 & 1, place >> 1 & 1, place & 1]
        let order = (orders[tensor] ?? [0, 1, 2, 3]).map { samples[$0] }
        let (a, b, c, d) = (samples[0], samples[1], samples[2], samples[3])
        checkExtrapolationAgrees(
          predicted: try layer[tensor.rawValue.uppercased()][order[0]][order[1]][order[2]][order[3]].double,
          narrow: narrow.estimate(tensor, a, b, c, d), wide: wide.estimate(tensor, a, b, c, d))
      }
    }
  }
}
