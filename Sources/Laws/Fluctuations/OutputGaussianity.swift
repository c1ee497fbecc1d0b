import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Outputs are Gaussian at infinite width, and depart from it as 1/n.
///
/// Given Ĝ an output is N(0, Ĝ), so that over networks its excess kurtosis is 3 Var Ĝ/(E Ĝ)² → 3V/(nK²), and the squares of two outputs
/// are correlated by Var Ĝ. Source: Yaida 2020, PDLT §4. Domain: independent Gaussian weights and biases, νL/n ≪ 1. Measured from
/// Ĝ^(L) of real networks (the last weights' noise averaged exactly) and from their raw outputs.
public struct OutputGaussianity: Law {
  public static let statement = LawStatement(
    key: "gaussianity", chapter: .fluctuations, title: "Outputs are Gaussian at infinite width, and off by 1/n",
    text:
      "Over random weights an output of a wide network is Gaussian; its excess kurtosis falls as 1/n, and at the same order "
      + "the outputs of one network know of each other.",
    formula: "κ_4/K^{2} = 3 Var G/(E G)^2 → 3V/(n K^2); E z_1^2 z_2^2/(E z^2)^2 − 1 → V/(n K^2)",
    domain: "Independent Gaussian weights and biases, equal widths, ν L/n ≪ 1.",
    experiment:
      "Critical tanh (six layers) and ReLU (four layers) networks at widths 32 to 256. Kurtosis from the kernels of the last layer, "
      + "its power of n by a line on logarithms, its coefficient by Richardson's 2X_{2n} − X_n at 128 and 256; at width 32 also from "
      + "sixteen raw outputs a network.",
    truncationRule:
      "Predicted are two orders in 1/n for tanh, with δ the number times the square of the second relative to the first at the "
      + "smallest width that enters; for ReLU the exact moments, δ = 0. Richardson leaves twice the square of what the widths differ by, as τ.",
    smallestEffect: "0.1 of the power, a tenth of a coefficient, a fifth of a raw number.",
    sources: [.fourPointVertex, .homogeneousMoments])

  static let widths = [32, 64, 128, 256]
  static let outputs = 16
  static let keys = ["tanh-power", "tanh-coefficient", "relu-power", "relu-coefficient", "raw-kurtosis", "raw-pairs"]

  struct Case: Sendable {
    var name: String
    var activation: Activation
    var layers: Int
    /// Whether raw outputs are looked at too.
    var hasRawOutputs = false
  }
  static let cases = [
    Case(name: "tanh", activation: Activation(.tanh), layers: 6, hasRawOutputs: true),
    Case(name: "ReLU", activation: Activation(.relu), layers: 4),
  ]

  let budget: LawBudget
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(5000, 50_000, 400_000)
  }

  private func network(_ one: Case, width: Int) throws -> UniformNetwork {
    var network = UniformNetwork(
      try Criticality.points(of: one.activation).choice(), firstKernel: 1, layers: one.layers, width: width)
    network.outputs = Self.outputs
    return network
  }

  /// Var Ĝ/(E Ĝ)² of the output: of tanh to second order in 1/n with the size of the second relative to the first, of ReLU exact.
  private func relativeVariance(_ one: Case, width: Int) throws -> (value: Double, next: Double) {
    try network(one, width: width).relativeVariances[one.layers - 2]
  }

  /// The power of n and n κ at infinite width, from relative variances at the four widths.
  static func numbers(_ relativeVariances: [Double]) -> [Double] {
    let n = widths.map(Double.init)
    return [
      StraightLine.slope(n.map { log($0) }, relativeVariances.map { log($0) }),
      3 * (2 * n[3] * relativeVariances[3] - n[2] * relativeVariances[2]),
    ]
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in Self.cases {
      let key = one.name.lowercased()
      let orders = try Self.widths.map { try relativeVariance(one, width: $0) }
      let power = Self.numbers(orders.map(\.value))[0]
      let next = orders[0].next
      claims.append(
        LawClaim(
          "\(key)-power", "\(one.name): power of n (→ −1)", value: power, truncationError: next * next,
          smallestEffect: 0.1))
      let last = try network(one, width: Self.widths[3]).flow().layers[one.layers - 1]
      let coefficient = 3 * last.relativeVariance * Double(Self.widths[3])
      claims.append(
        LawClaim(
          "\(key)-coefficient", "\(one.name): n κ_4/K^{2} → 3V/K^{2}", value: coefficient,
          smallestEffect: coefficient / 10))
      curves.append(
        LawCurve(one.name, x: Self.widths.map(Double.init), y: orders.map { 3 * $0.value }))
      guard one.hasRawOutputs else { continue }
      let raw = orders[0].value
      for (key, title, factor) in [
        ("raw-kurtosis", "tanh, n = 32: κ_4/K^{2} of raw outputs" as InlineText, 3.0),
        ("raw-pairs", "tanh, n = 32: E z_1^2 z_2^2/(E z^2)^2 − 1 of raw outputs", 1),
      ] {
        claims.append(
          LawClaim(
            key, title, value: factor * raw, truncationError: factor * raw * next * next,
            smallestEffect: factor * raw / 5))
      }
    }
    return LawForecast(budget, claims: Self.keys.map { key in claims.first { $0.key == key }! }, curves: curves)
  }

  /// Σ z², Σ z⁴ and the mean of z_i²z_j², i ≠ j, over the outputs of each network.
  private static func powers(_ outputs: [[Double]]) -> [[Double]] {
    let m = Double(outputs.count)
    let squares = outputs[0].indices.map { k in outputs.reduce(0) { $0 + $1[k] * $1[k] } }
    let fourths = outputs[0].indices.map { k in outputs.reduce(0) { $0 + $1[k] * $1[k] * $1[k] * $1[k] } }
    return [
      squares.map { $0 / m }, fourths.map { $0 / m },
      zip(squares, fourths).map { ($0 * $0 - $1) / (m * (m - 1)) },
    ]
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var kernels: [[[Double]]] = []
    var raw: [[Double]] = []
    for (index, one) in Self.cases.enumerated() {
      kernels.append([])
      for (place, width) in Self.widths.enumerated() {
        laboratory.progress?("\(one.name) networks of width \(width)", Double(4 * index + place) / 8)
        let ensemble = try network(one, width: width).ensemble(
          networks: networks, seed: laboratory.seed(10 * index + place), in: laboratory)
        kernels[index].append(ensemble.conditionalKernels(layer: one.layers, 0, 0))
        if index == 0, place == 0 {
          raw = Self.powers((0..<Self.outputs).map { ensemble.outputs(sample: 0, output: $0) })
        }
      }
    }
    let (all, powers) = (kernels, raw)
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 200, seed: laboratory.seed(50)) { picked in
      let sample = PickedNetworks(picked)
      let variances = all.map { $0.map(sample.relativeVariance) }
      let square = pow(sample.mean(powers[0]), 2)
      let numbers = variances.flatMap { Self.numbers($0) }
      return numbers + [sample.mean(powers[1]) / square - 3, sample.mean(powers[2]) / square - 1]
        + variances.flatMap { $0.map { 3 * $0 } }
    }
    var measurements = bootstrap.measurements(Self.keys, networks: networks)
    for (place, index) in [(1, 0), (3, 1)] {
      let at = Self.keys.count + 4 * index
      let (less, more) = (bootstrap.values[at + 2] * 128, bootstrap.values[at + 3] * 256)
      measurements[place].systematicBound = Propagation.leftByRichardson(
        Estimate(value: more - less, error: 0), of: more)
    }
    var plot = Plot(
      title: "Excess kurtosis of an output over networks", x: .log("width n"), y: .log("κ_4/K^{2}"), size: .wide)
    for (index, one) in Self.cases.enumerated() {
      let estimates = Array(bootstrap.estimates[(Self.keys.count + 4 * index)...].prefix(4))
      let label = InlineText(verbatim: "\(one.name), \(one.layers) layers")
      let n = Self.widths.map(Double.init)
      plot.layers.append(
        .points(
          label, x: n, y: estimates.map(\.value), yError: estimates.map(\.error), color: .series(index)))
      plot.layers.append(.line(label, x: n, y: forecast.curve(one.name)?.y ?? [], color: .series(index)))
      let leading = forecast.claim("\(one.name.lowercased())-coefficient")?.value ?? .nan
      plot.layers.append(
        .line("leading order", x: n, y: n.map { leading / $0 }, dash: .dashed, color: .muted))
    }
    let kurtosis = bootstrap.estimates[4]
    plot.layers.append(
      .points(
        "tanh, raw outputs", x: [36], y: [kurtosis.value], yError: [kurtosis.error], color: .series(2), isOpen: true))
    return LawEvidence(
      measurements, covariance: bootstrap.covariance(first: Self.keys.count),
      figures: [
        Figure(
          "gaussianity", plot,
          caption:
            "Points: real networks, the noise of the last weights averaged exactly; open: from raw outputs at width 32, drawn beside. "
            + "Lines: two orders for tanh, the exact moments for ReLU; dashed: 3V/(nK^{2}).")
      ])
  }
}
