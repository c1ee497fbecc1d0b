import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Fluctuations depend on depth and width through L/n alone.
///
/// At criticality Var Ĝ^(ℓ)/K² → ν ℓ/n to leading order, and what follows is a function of ℓ/n up to corrections of relative order 1/ℓ and
/// 1/n: for scale-invariant activations e^{νr} − 1, r the number of hidden layers below over n. Source: PDLT §5.4, Hanin and
/// Nica 2018. Domain: 1 ≪ ℓ, 1 ≪ n. Measured on real networks of three widths, each through all depths.
public struct AspectRatioCollapse: Law {
  public static let statement = LawStatement(
    key: "aspect-ratio", chapter: .fluctuations, title: "Depth and width enter as their ratio",
    text:
      "How far a kernel wanders between networks of one description depends on depth and width through their ratio alone: "
      + "twice as deep and twice as wide is the same.",
    formula: "Var G/(E G)^2 = f(r), r = (ℓ − 1)/n, f → ν r for r → 0; f = e^{5r} − 1 for ReLU",
    domain: "Critical networks of independent weights and equal widths, 1 ≪ ℓ and 1 ≪ n.",
    experiment:
      "Real ReLU and tanh networks of widths 32, 64 and 128, through all depths up to r = 1/16 (ReLU; beyond, few networks "
      + "decide a sample variance) and r = 1/4 (tanh).",
    truncationRule:
      "Predicted for ReLU are the exact moments, δ = 0; for tanh two orders in 1/n, δ the number times the square of the second "
      + "relative to the first. Titles name the limit.",
    smallestEffect: "A fifth of each number; were width alone to matter, ratios at equal r would be 1/4.",
    sources: [.aspectRatio, .fourPointVertex, .homogeneousMoments])

  struct Case: Sendable {
    var name: String
    var activation: Activation
    /// The largest r.
    var reach: Double
    /// Where the collapse is judged.
    var ratio: Double
    var nu: Double
  }

  static let widths = [32, 64, 128]
  static let cases = [
    Case(name: "ReLU", activation: Activation(.relu), reach: 1.0 / 16, ratio: 1.0 / 32, nu: 5),
    Case(name: "tanh", activation: Activation(.tanh), reach: 1.0 / 4, ratio: 1.0 / 8, nu: 2.0 / 3),
  ]
  static let keys = cases.flatMap { one in ["collapse", "slope", "depth"].map { "\(one.name.lowercased())-\($0)" } }

  let budget: LawBudget
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(3000, 30_000, 300_000)
  }

  private func network(_ one: Case, width: Int) throws -> UniformNetwork {
    UniformNetwork(
      try Criticality.points(of: one.activation).choice(), firstKernel: 1,
      layers: 1 + Int(one.reach * Double(width)), width: width)
  }

  /// What is judged, from relative variances of layers 2 … L at the three widths: n = 128 over n = 32 at equal r; the slope in r over
  /// the deeper half at n = 128 (for ReLU that of ln(1 + Var Ĝ/(E Ĝ)²), which is ν at any r); n = 32 over n = 128 at equal depth.
  static func numbers(_ one: Case, _ values: [[Double]]) -> [Double] {
    func at(_ index: Int, _ hidden: Double) -> Double { values[index][Int(hidden) - 1] }
    let deepest = values[2].count
    let x = (deepest / 2...deepest).map { Double($0) / 128 }
    let y = (deepest / 2...deepest).map { one.nu > 1 ? log(1 + values[2][$0 - 1]) : values[2][$0 - 1] }
    let equalDepth = 32 * one.ratio
    return [
      at(2, 128 * one.ratio) / at(0, 32 * one.ratio), StraightLine.slope(x, y),
      at(0, 2 * equalDepth) / at(2, 2 * equalDepth),
    ]
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in Self.cases {
      let orders = try Self.widths.map { try network(one, width: $0).relativeVariances }
      let values = Self.numbers(one, orders.map { $0.map(\.value) })
      let largest = orders.map { $0[Int(one.ratio * Double(Self.widths[0])) - 1].next }.max() ?? 0
      let slopeNext = orders[2].last?.next ?? 0
      let titles: [InlineText] = [
        "\(one.name): n = 128 over n = 32 at r = 1/\(Int(1 / one.ratio)) (→ 1)",
        one.nu > 1
          ? "\(one.name): slope of ln(1 + Var G/(E G)^2) in r (→ ν = 5)"
          : "\(one.name): slope of Var G/(E G)^2 in r (→ ν = 2/3)",
        "\(one.name): n = 32 over n = 128 at equal depth (→ 4)",
      ]
      let nexts = [largest, slopeNext, largest]
      for place in 0..<3 {
        claims.append(
          LawClaim(
            Self.keys[claims.count], titles[place], value: values[place],
            truncationError: values[place] * nexts[place] * nexts[place], smallestEffect: values[place] / 5))
      }
      for (index, width) in Self.widths.enumerated() {
        curves.append(
          LawCurve(
            "\(one.name)-\(width)", x: orders[index].indices.map { Double($0 + 1) / Double(width) },
            y: orders[index].map(\.value)))
      }
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var kernels: [[[[Double]]]] = []
    for (index, one) in Self.cases.enumerated() {
      laboratory.progress?("networks of \(one.name)", Double(index) / 2)
      kernels.append(
        try Self.widths.enumerated().map { place, width in
          try network(one, width: width).ensemble(
            networks: networks, seed: laboratory.seed(10 * index + place), in: laboratory
          ).kernelsByLayer()
        })
    }
    let all = kernels
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 200, seed: laboratory.seed(50)) { picked in
      let sample = PickedNetworks(picked)
      let variances = all.map { $0.map { $0.map(sample.relativeVariance) } }
      let numbers = Self.cases.indices.flatMap { Self.numbers(Self.cases[$0], variances[$0]) }
      return numbers + variances.flatMap { $0.flatMap { $0 } }
    }
    let estimates = bootstrap.estimates
    var place = Self.keys.count
    var plot = Plot(
      title: "Relative variance of the kernel", x: .log("r = (ℓ − 1)/n"), y: .log("Var G/(E G)^2"), size: .wide)
    for (index, one) in Self.cases.enumerated() {
      for (number, width) in Self.widths.enumerated() {
        let depth = kernels[index][number].count
        let part = Array(estimates[place..<(place + depth)])
        place += depth
        let shown = PlotLayer.thinned(depth)
        plot.layers.append(
          .points(
            "\(one.name), n = \(width)", x: shown.map { Double($0 + 1) / Double(width) },
            y: shown.map { part[$0].value }, yError: shown.map { part[$0].error }, color: .series(3 * index + number),
            isOpen: index == 1))
      }
      let x = (1...64).map { one.reach * pow(128 * one.reach, Double($0 - 64) / 63) }
      let y = x.map { one.nu > 1 ? exp(one.nu * $0) - 1 : one.nu * $0 }
      plot.layers.append(.line(one.nu > 1 ? "e^{5r} − 1" : "2r/3", x: x, y: y, color: index == 0 ? .ink : .muted))
    }
    return LawEvidence(
      bootstrap.measurements(Self.keys, networks: networks), covariance: bootstrap.covariance(first: Self.keys.count),
      figures: [
        Figure(
          "aspect-ratio", plot,
          caption:
            "Points: real networks of three widths, every depth; lines: the limit at fixed r of infinite depth and width. What is "
            + "left of each activation's own beginning falls as 1/ℓ.")
      ])
  }
}
