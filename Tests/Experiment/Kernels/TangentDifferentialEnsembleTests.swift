import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Means over networks of the differentials' contractions against the effective theory of order 1/n: P … U over the width.
@Suite(
  .enabled(if: ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1", "The nightly group."))
struct TangentDifferentialEnsembleTests {
  private static let names = ["p", "q", "r", "s", "t", "u"]

  /// n times the means over networks of three hidden layers of n neurons, tanh, by name.
  private static func means(
    width n: Int, networks: Int, inputs: [[Double]], block: JSONValue
  ) throws -> [String: [Estimate]] {
    func network(weight: Double, bias: Double) -> ResolvedNetwork {
      ResolvedNetwork(
        ExperimentNetworks.network(
          .tanh, widths: [n, n, n], inputs: inputs[0].count, weight: weight, bias: bias, outputs: 2))
    }
    // Units of the optimizer's parameters are √(λ_W/fan-in) and √λ_b, whatever variances the draws have.
    let rates = network(weight: try block["lambda_W"].double, bias: try block["lambda_b"].double)
    let drawn = network(weight: try block["C_W"].double, bias: try block["C_b"].double)
    let samples = inputs.count
    let programs = try TangentDifferentials<Double>.Programs(rates, samples: samples)
    let x = inputs.flatMap { $0 }
    let parameters = try NetworkParameters(drawn)
    let parts = Parallel.map(networks) { member -> [String: [Double]] in
      var w = [Double](repeating: 0, count: parameters.layout.count)
      w.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: 12, member: member) }
      return w.withUnsafeBufferPointer { w in
        x.withUnsafeBufferPointer { x in
          let differentials = TangentDifferentials(programs, parameters: w.baseAddress!, inputs: x.baseAddress!)
          let values = TangentContractions(differentials, outputs: differentials.outputs()).values
          return Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.elements) })
        }
      }
    }
    let places = samples * samples * samples * samples
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        (
          name,
          (0..<places).map { place in
            let estimate = Statistics.mean(parts.map { Double(n) * $0[name]![place] })
            return estimate
          }
        )
      })
  }

  /// Extrapolated from widths n and 2n, which leaves terms of order 1/n²; their size from the last difference d, as d²/|limit|: each order
  /// is smaller than the one before by about the same factor.
  private static func check(
    _ narrow: [String: [Estimate]], _ wide: [String: [Estimate]], _ expected: (String, Int) -> Double
  ) {
    for name in names {
      for place in narrow[name]!.indices {
        let (a, b) = (narrow[name]![place], wide[name]![place])
        let error = (4 * b.error * b.error + a.error * a.error).squareRoot()
        let exact = expected(name, place)
        let difference = abs(a.value - b.value)
        checkMonteCarloAgrees(
          predicted: exact, measured: 2 * b.value - a.value, standardError: error,
          systematic: difference * difference / max(abs(exact), difference))
      }
    }
  }

  @Test func oneInput() throws {
    let blocks = try Fixtures.json("effective_theory")["single_input"].elements
    // K^1 = 0.7 with C_b = 0.1 and C_W = 1.3.
    let block = blocks[3]
    let square = (try block["K1"].double - block["C_b"].double) / (try block["C_W"].double)
    let inputs = [[square.squareRoot()]]
    let layer = block["layers"][3]
    let exact = try Dictionary(uniqueKeysWithValues: Self.names.map { ($0, try layer[$0.uppercased()].double) })
    let (narrow, wide) = (
      try Self.means(width: 24, networks: 12_000, inputs: inputs, block: block),
      try Self.means(width: 48, networks: 12_000, inputs: inputs, block: block)
    )
    Self.check(narrow, wide) { name, _ in exact[name]! }
  }

  @Test func twoInputs() throws {
    let block = try Fixtures.json("effective_theory")["two_input"][0]
    let inputs = try block["x"].elements.map { try $0.elements.map { try $0.double } }
    let layer = block["layers"][3]
    let (narrow, wide) = (
      try Self.means(width: 16, networks: 2000, inputs: inputs, block: block),
      try Self.means(width: 32, networks: 2000, inputs: inputs, block: block)
    )
    // T and U are stored with the pairs that share an output side by side.
    let orders = ["t": [0, 2, 1, 3], "u": [0, 3, 1, 2]]
    var exact: [String: [Double]] = [:]
    for name in Self.names {
      exact[name] = try (0..<16).map { place in
        let samples = [place >> 3 & 1, place >> 2 & 1, place >> 1 & 1, place & 1]
        let order = (orders[name] ?? [0, 1, 2, 3]).map { samples[$0] }
        return try layer[name.uppercased()][order[0]][order[1]][order[2]][order[3]].double
      }
    }
    Self.check(narrow, wide) { exact[$0]![$1] }
  }
}
