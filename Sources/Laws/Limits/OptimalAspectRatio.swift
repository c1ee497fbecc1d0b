import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The optimal aspect ratio: where the information that a network's outputs share is largest, if its series is cut at third order.
///
/// Two groups of m outputs of a random network share I = m²[v²/8 − v³(20 + 6m)/48 + …], v = Var Ĝ/(E Ĝ)². Cut there, it is
/// largest at v* = 4/(20 + 3n_L), n_L = 2m, so that r* = v*/ν. The whole series has no such maximum: outputs are a
/// scale mixture of Gaussians, and the wider the law of Ĝ, the more one output tells of another. Source: PDLT appendix A. Domain
/// of the two coefficients: v ≪ 1. Measured on the Gram chain, by radial quadrature of the mixture.
public struct OptimalAspectRatio: Law {
  public static let statement = LawStatement(
    key: "optimal-aspect-ratio", chapter: .limits, title: "The optimal aspect ratio is where a cut series turns",
    text:
      "The mutual information of a network's outputs begins as PDLT's series says, whose first two terms have their maximum at r^{★}; "
      + "the information itself goes on to grow with L/n.",
    formula:
      "I = m_1 m_2 [v^{2}/8 − v^{3}(20 + 3n_L)/48 + …], n_L = m_1 + m_2, v = Var G/(E G)^2; first two terms largest at r^{★} = "
      + "4/((20 + 3n_L) ν)",
    domain: "One input, equal groups of outputs; the two terms for v ≪ 4/(20 + 3n_L).",
    experiment:
      "Kernels of the Gram chain, whose law is that of real networks: ReLU at width 512 and tanh at width 64 at small v, where "
      + "I/(m^{2}v^{2}) is fitted with a parabola in v; ReLU at width 128 to L/n = 1. Errors by leaving out blocks of networks; τ is what half as many "
      + "values for the law of G change.",
    truncationRule:
      "Predicted are the same fits to a shifted log-normal law with the variance and the third cumulant of G, titles name the series' own "
      + "numbers; δ is a tenth of their difference. At large L/n δ is half of what two log-normals differ by, one with the second "
      + "moment of G, one with the variance of ln G.",
    smallestEffect: "A fifth of each number.", sources: [.aspectRatio, .gramChain, .homogeneousMoments])

  static let keys = [
    "relu-2", "relu-10", "tanh-2", "tanh-10", "coefficient-2", "coefficient-10", "growth-2", "growth-10",
  ]
  /// Outputs in each of the two groups.
  static let groups = [1, 5]
  /// Layers below, at width 512 and 64: v = 0.01 … 0.08.
  struct Case: Sendable {
    var name: String
    var activation: Activation
    var weightVariance: Double
    var width: Int
    var depths: [Int]
    /// ν.
    var nu: Double
    /// Whether the kernel's moments are known exactly, as those of homogeneous networks are; else to second and leading order.
    var isExact: Bool

    func network(width: Int, hidden: Int) -> UniformNetwork {
      UniformNetwork(activation, weightVariance: weightVariance, firstKernel: 1, layers: hidden + 1, width: width)
    }
  }
  static let relu = Case(
    name: "ReLU", activation: Activation(.relu), weightVariance: 2, width: 512, depths: [1, 2, 3, 4, 6, 8], nu: 5,
    isExact: true)
  static let tanh = Case(
    name: "tanh", activation: Activation(.tanh), weightVariance: 1, width: 64, depths: [2, 3, 4, 5, 6, 8], nu: 2.0 / 3,
    isExact: false)
  /// Layers below, at width 128: r = 1/128 … 1; r* of two outputs is at four, of ten at two.
  static let growthDepths = [1, 2, 4, 8, 16, 32, 64, 128]

  let budget: LawBudget
  let networks: Int
  let blocks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(20_000, 200_000, 1_000_000)
    blocks = budget.pick(50, 100, 200)
  }

  /// The coefficients of v² and v³ over m², from a parabola through I/(m²v²).
  static func coefficients(_ mixtures: [(v: Double, information: Double)], group: Int) -> (
    second: Double, third: Double
  ) {
    let square = Double(group * group)
    let fit = try? LinearFit.polynomial(
      degree: 2, x: mixtures.map(\.v), y: mixtures.map { $0.information / (square * $0.v * $0.v) })
    return (fit?.parameters[0].value ?? .nan, fit?.parameters[1].value ?? .nan)
  }

  /// v* over ν: where a second and a third order turn.
  static func optimum(_ coefficients: (second: Double, third: Double), nu: Double) -> Double {
    -2 * coefficients.second / (3 * coefficients.third) / nu
  }

  /// Laws of the kernel at the fitted depths with its variance and third cumulant: of ReLU exact, of tanh to second and leading order.
  private static func fitted(_ one: Case) -> [ScaleMixture] {
    one.depths.map { hidden in
      if one.isExact { return exact(width: one.width, hidden: hidden) }
      let last = one.network(width: one.width, hidden: hidden).flow().layers[hidden]
      return ScaleMixture(
        relativeVariance: last.twoOrdersOfRelativeVariance.value,
        thirdCumulant: last.thirdCumulant / (last.kernel * last.kernel * last.kernel))
    }
  }

  /// ReLU's law of so many layers below, with its exact variance and third cumulant.
  private static func exact(width: Int, hidden: Int) -> ScaleMixture {
    let law = HomogeneousKernelLaw(Activation(.relu), widths: Array(repeating: width, count: hidden))
    let (second, third) = (law?.secondMoment ?? .nan, law?.thirdMoment ?? .nan)
    return ScaleMixture(relativeVariance: second - 1, thirdCumulant: third - 3 * second + 2)
  }

  /// I at a large depth over I at r*: the second by ``exact``, the first as two log-normals have it.
  private static func growth(_ group: Int, from: Int, to: Int) -> (first: Double, second: Double) {
    let start = exact(width: 128, hidden: from).information(ofTwiceEach: [group])[0]
    // Var ln X = κ₂/n + (5κ₂²/2 − κ₃)/n² with κ₂ = 5, κ₃ = 44 for ReLU's layers.
    let n = 128.0
    let ends = [log(1 + 5 / n), 5 / n + 18.5 / (n * n)].map {
      ScaleMixture(logVariance: Double(to) * $0).information(ofTwiceEach: [group])[0] / start
    }
    return (ends[0], ends[1])
  }

  public func forecast() throws -> LawForecast {
    var values: [String: (value: Double, limit: Double)] = [:]
    var claims: [LawClaim] = []
    for one in [Self.relu, Self.tanh] {
      let mixtures = Self.fitted(one)
      for group in Self.groups {
        let informations = mixtures.map { ($0.relativeVariance, $0.information(ofTwiceEach: [group])[0]) }
        let coefficients = Self.coefficients(informations, group: group)
        let outputs = 2 * group
        values["\(one.name.lowercased())-\(outputs)"] = (
          Self.optimum(coefficients, nu: one.nu),
          AspectRatio.optimal(outputs: outputs, nu: one.nu) ?? .nan
        )
        if one.isExact { values["coefficient-\(outputs)"] = (coefficients.second, 1.0 / 8) }
      }
    }
    for key in Self.keys where !key.hasPrefix("growth") {
      let (value, limit) = values[key]!
      let outputs = key.hasSuffix("10") ? "ten" : "two"
      let text = String(format: "%.3g", limit)
      let title: InlineText =
        key.hasPrefix("coefficient")
        ? "coefficient of v^{2}, \(outputs) outputs (→ 1/8)"
        : "r^{★} of \(key.hasPrefix("relu") ? "ReLU" : "tanh"), \(outputs) outputs (→ \(text))"
      claims.append(
        LawClaim(
          key, title, value: value, truncationError: abs(value - limit) / 10,
          smallestEffect: limit / 5))
    }
    for (group, at) in zip(Self.groups, [4, 2]) {
      let (first, second) = Self.growth(group, from: at, to: 8 * at)
      claims.append(
        LawClaim(
          "growth-\(2 * group)",
          "I at eight times r^{★} over I at r^{★}, ReLU, \(group == 1 ? "two" : "ten") outputs",
          value: (first + second) / 2, truncationError: abs(first - second) / 2, smallestEffect: (first + second) / 10))
    }
    claims.append(
      LawClaim(
        "textbook-slope-2", "d ln I/d ln r at r^{★}, two outputs: 0 if I were largest there", value: 0,
        isDeciding: false))
    claims.append(
      LawClaim(
        "textbook-slope-10", "d ln I/d ln r at r^{★}, ten outputs: 0 if I were largest there", value: 0,
        isDeciding: false))
    return LawForecast(budget, claims: claims, curves: curves)
  }

  private var curves: [LawCurve] {
    let r = (0...48).map { pow(128, Double($0) / 48) / 128 }
    return Self.groups.flatMap { group -> [LawCurve] in
      let outputs = 2 * group
      let square = Double(group * group)
      return [
        LawCurve(
          "log-normal-\(outputs)", x: r,
          y: r.map { ScaleMixture(logVariance: 5 * $0).information(ofTwiceEach: [group])[0] }),
        LawCurve(
          "series-\(outputs)", x: r,
          y: r.map { square * (25 * $0 * $0 / 8 - 125 * $0 * $0 * $0 * (20 + 3 * Double(outputs)) / 48) }),
      ]
    }
  }

  /// Kernels of the chain at some depths, sorted, with the block that each network belongs to.
  private struct Sample: Sendable {
    var sorted: [[Double]]
    var blocks: [[UInt8]]

    init(_ traces: [[Double]], blocks count: Int) {
      sorted = []
      blocks = []
      for trace in traces {
        let order = trace.indices.sorted { trace[$0] < trace[$1] }
        sorted.append(order.map { trace[$0] })
        blocks.append(order.map { UInt8($0 * count / trace.count) })
      }
    }

    /// The mixtures of all networks but one block's.
    func mixtures(without block: Int?, runs: Int) -> [ScaleMixture] {
      sorted.indices.map { depth in
        guard let block else { return ScaleMixture(sorted: sorted[depth], runs: runs) }
        var kept: [Double] = []
        kept.reserveCapacity(sorted[depth].count)
        for place in sorted[depth].indices where Int(blocks[depth][place]) != block {
          kept.append(sorted[depth][place])
        }
        return ScaleMixture(sorted: kept, runs: runs)
      }
    }
  }

  private func sample(
    _ one: Case, width: Int, depths: [Int], seed: UInt64, in laboratory: Laboratory
  ) throws -> Sample {
    let network = one.network(width: width, hidden: depths.max()!)
    let entries = depths.map { KernelEntry(layer: $0 + 1, 0, 0) }
    let ensemble = try network.chain().sample(
      networks: networks, seed: seed, options: GramChainOptions(tracked: entries, covariances: false),
      isCancelled: { laboratory.isStopped })
    return Sample(entries.map { ensemble.trace($0) ?? [] }, blocks: blocks)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    laboratory.progress?("Gram chain", 0)
    let relu = try sample(
      Self.relu, width: Self.relu.width, depths: Self.relu.depths, seed: laboratory.seed(1), in: laboratory)
    let tanh = try sample(
      Self.tanh, width: Self.tanh.width, depths: Self.tanh.depths, seed: laboratory.seed(2), in: laboratory)
    let deep = try sample(Self.relu, width: 128, depths: Self.growthDepths, seed: laboratory.seed(3), in: laboratory)
    laboratory.progress?("entropies", 0.4)
    /// What decides, in the order of the keys; the two slopes; the informations at width 128.
    @Sendable func numbers(without block: Int?, runs: Int = 100) -> [Double] {
      var second: [Double] = []
      var optima: [Double] = []
      for (one, sample) in [(Self.relu, relu), (Self.tanh, tanh)] {
        let mixtures = sample.mixtures(without: block, runs: runs)
        let informations = mixtures.map { $0.information(ofTwiceEach: Self.groups) }
        for (place, group) in Self.groups.enumerated() {
          let coefficients = Self.coefficients(
            zip(mixtures, informations).map { ($0.relativeVariance, $1[place]) }, group: group)
          optima.append(Self.optimum(coefficients, nu: one.nu))
          if one.isExact { second.append(coefficients.second) }
        }
      }
      let informations = deep.mixtures(without: block, runs: runs).map { $0.information(ofTwiceEach: Self.groups) }
      // r* is at four layers for two outputs, at two for ten; the slope is between half and twice that.
      let growth = [informations[5][0] / informations[2][0], informations[4][1] / informations[1][1]]
      let slopes = [
        log(informations[3][0] / informations[1][0]) / log(4), log(informations[2][1] / informations[0][1]) / log(4),
      ]
      return optima + second + growth + slopes + informations.flatMap { $0 }
    }
    let values = numbers(without: nil)
    let left = Parallel.map(blocks) { numbers(without: $0) }
    let count = Double(blocks)
    let spread = Statistics.covariance(Matrix(left))
    // The jackknife's (B − 1)/B Σ (x_b − x̄)², from the unbiased covariance of the x_b; and the value it corrects for bias.
    func error(_ place: Int) -> Double { ((count - 1) * (count - 1) / count * spread[place, place]).squareRoot() }
    let means = Statistics.means(Matrix(left)).map(\.value)
    let estimates = values.indices.map {
      Estimate(value: count * values[$0] - (count - 1) * means[$0], error: error($0))
    }
    let deciding = Self.keys.count
    var covariance = Matrix<Double>(rows: deciding, columns: deciding)
    for i in 0..<deciding {
      for j in 0..<deciding { covariance[i, j] = (count - 1) * (count - 1) / count * spread[i, j] }
    }
    let keys = Self.keys + ["textbook-slope-2", "textbook-slope-10"]
    // How far half as many runs move a number bounds what standing for a sample by runs does to it.
    let coarse = numbers(without: nil, runs: 50)
    let measurements = keys.indices.map {
      LawMeasurement(keys[$0], estimates[$0], systematicBound: abs(coarse[$0] - values[$0]), networks: networks)
    }
    return LawEvidence(
      measurements, covariance: covariance,
      figures: Self.groups.indices.map { place in
        figure(forecast, place, Self.growthDepths.indices.map { estimates[deciding + 2 + 2 * $0 + place] })
      },
      remarks: [
        "**The textbook's statement holds within its order only.** That outputs share most information at r^{★} is a property of the series "
          + "cut at third order: the information itself passes r^{★} on its way up, and goes on to grow as the logarithm of the spread of ln G. "
          + "Rows marked *beside* show by how much."
      ])
  }

  private func figure(_ forecast: LawForecast, _ place: Int, _ estimates: [Estimate]) -> Figure {
    let outputs = 2 * Self.groups[place]
    let optimal = AspectRatio.optimal(outputs: outputs, nu: Self.relu.nu) ?? .nan
    let top = 1.3 * (estimates.map(\.value).max() ?? 1)
    var plot = Plot(
      title: "Information shared by halves of \(outputs) outputs, ReLU", x: .log("L/n"),
      y: .log("I", unit: "nats", range: (estimates[0].value / 2)...top))
    plot.layers.append(
      .points(
        "Gram chain, n = 128", x: Self.growthDepths.map { Double($0) / 128 }, y: estimates.map(\.value),
        yError: estimates.map(\.error), color: .series(0)))
    if let exact = forecast.curve("log-normal-\(outputs)"), let series = forecast.curve("series-\(outputs)") {
      plot.layers.append(.line("log-normal law", x: exact.x, y: exact.y, color: .series(0)))
      let positive = series.x.indices.filter { series.y[$0] > 0 }
      plot.layers.append(
        .line(
          "series to v^{3}", x: positive.map { series.x[$0] }, y: positive.map { series.y[$0] }, dash: .dashed,
          color: .series(1)))
    }
    plot.layers.append(.vertical("r^{★}", at: optimal))
    return Figure(
      "information-\(outputs)", plot,
      caption:
        "Points: mutual information from sampled kernels, with jackknife errors; solid: of the log-normal law with variance νL/n; dashed: "
        + "PDLT's two terms, which turn at r^{★}.")
  }
}
