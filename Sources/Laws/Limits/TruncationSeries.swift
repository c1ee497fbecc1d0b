import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Truncations of one observable at orders 0, 1 and 2 in 1/n, and where the series stops to help.
///
/// The variance of the kernel, Var Ĝ = 0 + V/n + V₂/n² + …, and its mean, E Ĝ = K + G1/n + G2/n² + …: what a truncation at order k leaves
/// is of relative order (L/n)^(k+1), so that its error falls with the power k + 1 of the width. Source: PDLT §4; the second orders
/// as in `SingleInputFlow`. Domain: the next order small. Measured on the Gram chain, for the errors of order 2 need millions
/// of networks.
public struct TruncationSeries: Law {
  public static let statement = LawStatement(
    key: "truncation-series", chapter: .limits, title: "Each order in 1/n gains one power of L/n, until none does",
    text:
      "Truncated at order k the expansion in 1/n is off by (L/n)^{k+1}: every further order pays at small L/n, and "
      + "none does where L/n is large enough.",
    formula: "Var G = V/n + V_2/n^{2} + …, E G = K + G_1/n + G_2/n^{2} + …: error of order k ∝ n^{−(k+1)}",
    domain: "Critical networks at fixed depth; next orders small against the one before.",
    experiment:
      "The Gram chain, whose law is that of real networks, for tanh networks of ten layers at widths 2 to 48: the error of each "
      + "truncation, its power of n by a weighted fit of An^{−p} over widths 8 to 48, and L/n where the first order of the "
      + "variance leaves more than none. Errors by the bootstrap over a hundred blocks of networks.",
    truncationRule:
      "δ is the size of the next order relative to the last one kept at the geometric mean of the widths: the relative size of what "
      + "bends the power.",
    smallestEffect: "0.6: neighbouring truncations differ by one.",
    sources: [.fourPointVertex, .kernelCorrection, .gramChain])

  static let widths = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48]
  static let fitted = widths.indices.filter { widths[$0] >= 8 }
  static let layers = 10
  static let keys = ["variance-0", "variance-1", "variance-2", "mean-0", "mean-1"]
  static let blocks = 100

  let budget: LawBudget
  /// In each of the blocks.
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(10_000, 100_000, 1_000_000)
  }

  private func network(width: Int) -> UniformNetwork {
    UniformNetwork(Activation(.tanh), weightVariance: 1, firstKernel: 1, layers: Self.layers, width: width)
  }

  /// Truncations of the output's Var Ĝ at orders 0, 1, 2, then of its E Ĝ.
  private func truncations(width: Int) -> [Double] {
    let last = network(width: width).flow().layers[Self.layers - 1]
    let mean = last.kernel + last.shift
    return [0, last.variance, last.variance + last.nextVariance, last.kernel, mean, mean + last.nextShift]
  }

  public func forecast() throws -> LawForecast {
    let one = network(width: 1).flow().layers[Self.layers - 1]
    let centre = Self.fitted.reduce(0) { $0 + log(Double(Self.widths[$1])) } / Double(Self.fitted.count)
    let claims = Self.keys.indices.map { place in
      let isVariance = place < 3
      let order = isVariance ? place : place - 3
      let next = abs(isVariance ? one.nextVariance / one.variance : one.nextShift / one.shift)
      return LawClaim(
        Self.keys[place], "power of n of the error of \(isVariance ? "Var G" : "E G") at order \(order)",
        value: -Double(order + 1), truncationError: next / exp(centre), smallestEffect: 0.6)
    }
    let end = Double(Self.layers) / (2 * abs(one.nextVariance / one.variance))
    return LawForecast(
      budget,
      claims: claims + [
        LawClaim(
          "series-ends", "L/n where order 1 of Var G leaves more than order 0 (estimate: V_2/n = −V/2)",
          value: end, truncationError: end / 2, isDeciding: false)
      ])
  }

  /// The moments of the output's kernel, block by block, at each width.
  private func moments(in laboratory: Laboratory) throws -> [[StreamingMoments]] {
    let entry = KernelEntry(layer: Self.layers, 0, 0)
    return try Self.widths.enumerated().map { index, width in
      laboratory.progress?("chain of width \(width)", Double(index) / Double(Self.widths.count))
      let chain = try network(width: width).chain()
      return try (0..<Self.blocks).map { block in
        try chain.sample(
          networks: networks, seed: laboratory.seed(index + 1),
          options: GramChainOptions(firstMember: block * networks, covariances: false),
          isCancelled: { laboratory.isStopped }
        ).moments(of: entry)
      }
    }
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    let moments = try moments(in: laboratory)
    let series = Self.widths.map { truncations(width: $0) }
    let all = moments.map { $0.reduce(into: StreamingMoments()) { $0.merge($1) } }
    let weights = all.map { [$0.varianceEstimate.error, $0.estimate.error] }
    let bootstrap = Resampling.bootstrap(
      networks: Self.blocks, replicates: 300, seed: laboratory.seed(50)
    ) { picked in
      // What is left of the variance and of the mean by truncations at orders 0, 1, 2.
      let left = moments.indices.map { index -> [Double] in
        let merged = picked.reduce(into: StreamingMoments()) { $0.merge(moments[index][$1]) }
        return series[index].indices.map { ($0 < 3 ? merged.variance : merged.mean) - series[index][$0] }
      }
      let powers = Self.keys.indices.map { place in
        -Self.power(
          Self.fitted.map { left[$0][place] }, errors: Self.fitted.map { weights[$0][place < 3 ? 0 : 1] },
          widths: Self.fitted.map { Double(Self.widths[$0]) })
      }
      return powers + [Self.end(left.map { abs($0[0]) }, left.map { abs($0[1]) })] + left.flatMap { $0.map(abs) }
    }
    return LawEvidence(
      bootstrap.measurements(Self.keys + ["series-ends"], networks: Self.blocks * networks),
      covariance: bootstrap.covariance(first: Self.keys.count),
      figures: [figure(Array(bootstrap.estimates[(Self.keys.count + 1)...]))],
      remarks: [
        "The series fails from its first term on: order 1 of the variance leaves more than no prediction beyond L/n of about 3.5, and order 2 "
          + "at L/n = 5, where it still leaves less than order 1."
      ])
  }

  /// p of the best fit of An^(−p) with weights 1/σ²; values may have either sign, so that noise does not pass for signal.
  static func power(_ values: [Double], errors: [Double], widths: [Double]) -> Double {
    /// What the best A takes off χ².
    func gain(_ power: Double) -> Double {
      var (top, bottom) = (0.0, 0.0)
      for index in values.indices {
        let basis = pow(widths[index] / widths[0], -power) / errors[index]
        top += basis * values[index] / errors[index]
        bottom += basis * basis
      }
      return top * top / bottom
    }
    let grid = (0...160).map { Double($0) * 0.05 }
    let best = grid.max { gain($0) < gain($1) } ?? 0
    let (below, at, above) = (gain(best - 0.05), gain(best), gain(best + 0.05))
    let curvature = below - 2 * at + above
    return curvature < 0 ? best + 0.025 * (below - above) / curvature : best
  }

  /// L/n where a truncation becomes as bad as the one before, from width 12 down; L over the narrowest where it never does.
  static func end(_ first: [Double], _ second: [Double]) -> Double {
    var last: (ratio: Double, place: Double)?
    for index in widths.indices.reversed() where widths[index] <= 12 {
      let (ratio, place) = (log(second[index] / first[index]), log(Double(layers) / Double(widths[index])))
      if ratio >= 0 {
        guard let last, last.ratio < 0 else { return exp(place) }
        return exp(last.place + last.ratio / (last.ratio - ratio) * (place - last.place))
      }
      last = (ratio, place)
    }
    return Double(layers) / Double(widths[0])
  }

  private func figure(_ estimates: [Estimate]) -> Figure {
    var plot = Plot(
      title: "What truncations leave, tanh, ten layers", x: .log("L/n"), y: .log("error of Var G/K^{2}, E G/K"),
      size: .wide)
    let x = Self.widths.map { Double(Self.layers) / Double($0) }
    let kernel = network(width: 8).flow().layers[Self.layers - 1].kernel
    for order in 0..<3 {
      for (part, name) in ["Var G", "E G"].enumerated() {
        let unit = part == 0 ? kernel * kernel : kernel
        let column = Self.widths.indices.map { estimates[6 * $0 + 3 * part + order] }
        let seen = column.indices.filter { column[$0].value > 2 * column[$0].error }
        plot.layers.append(
          .points(
            "\(name), order \(order)", x: seen.map { x[$0] }, y: seen.map { column[$0].value / unit },
            yError: seen.map { column[$0].error / unit }, color: .series(order), isOpen: part == 1))
      }
      // Through the variance at n = 12.
      let anchor = estimates[6 * 5 + order].value / (kernel * kernel)
      let guide = [0.2, 2.0]
      plot.layers.append(
        .line(
          "∝ (L/n)^{\(order + 1)}", x: guide, y: guide.map { anchor * pow($0 / x[5], Double(order + 1)) },
          dash: .dashed, color: .series(order)))
    }
    return Figure(
      "truncation-series", plot,
      caption:
        "What truncations at orders 0, 1 and 2 leave of the Gram chain's variance (filled) and mean (open), where it exceeds two standard "
        + "errors; dashed: the powers, through the variance at n = 12.")
  }
}
