import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Three predictors of a deep ReLU network's kernel, and where each leaves the truth as L/n grows.
///
/// Order 1/n: Ĝ/K of mean 1 and variance νr, r the hidden layers over n. Log-normal: ln Ĝ/K of variance νr and mean −νr/2, which is
/// off by O(1/n) at any r. The Gram chain: exact. With cumulants κ_p of the squared activation over its mean,
/// Var ln X = κ₂/n + (5κ₂²/2 − κ₃)/n² and E ln X = −κ₂/2n + (κ₃/3 − 3κ₂²/4)/n² for each layer's factor X of Ĝ. Source: Hanin and
/// Nica 2018, PDLT ch. 3. Domain: homogeneous activations at criticality. Measured on real networks, on ln Ĝ and quantiles,
/// which heavy tails leave alone.
public struct ThreePredictors: Law {
  public static let statement = LawStatement(
    key: "three-predictors", chapter: .limits, title: "Three predictors, failing in order",
    text:
      "As depth over width grows, order 1/n is the first to fail, at a tenth for ReLU; the log-normal law keeps its share of error, of "
      + "order 1/n, at any depth; the Gram chain does not fail.",
    formula:
      "r = (L − 1)/n: Var G/K^{2} = νr (order 1/n), ln G/K ~ N(−νr/2, νr) (log-normal), Markov chain of Gram matrices (exact)",
    domain: "Homogeneous activations at criticality, equal widths.",
    experiment:
      "Real ReLU networks of width 64 through 128 hidden layers (r = 2), and of slopes 1 and 0.1 at width 8 through 32 (r = 4). The "
      + "chain's numbers are sampled beforehand, with their own error.",
    truncationRule:
      "Where order 1/n fails is predicted by the exact moments; the log-normal's two numbers to second order in 1/n, with δ the square "
      + "of the second relative to the first; the chain leaves nothing out.",
    smallestEffect: "0.04 of r where order 1/n fails, 0.05 of a ratio, a tenth of a standard deviation of ln G.",
    sources: [.fourPointVertex, .homogeneousMoments, .gramChain])

  static let keys = [
    "order-one-fails", "log-normal-variance", "log-normal-mean", "chain-spread", "chain-low", "chain-high",
    "narrow-spread",
  ]
  /// How far off a predictor of Var Ĝ/K² is said to have failed.
  static let failure = 0.2

  let budget: LawBudget
  let networks: Int
  let chainNetworks: Int
  let wide = UniformNetwork(Activation(.relu), weightVariance: 2, firstKernel: 1, layers: 129, width: 64)
  let narrow: UniformNetwork
  static let nu = 5.0

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(3000, 30_000, 250_000)
    chainNetworks = budget.pick(20_000, 200_000, 1_000_000)
    let slopes = Activation(.twoSlope(positive: 1, negative: 0.1))
    narrow = UniformNetwork(slopes, weightVariance: 2 / 1.01, firstKernel: 1, layers: 33, width: 8)
  }

  /// The number of hidden layers, interpolated, at which νk/n falls short of the relative variance by a fifth of it.
  static func failingDepth(_ relativeVariances: [Double], width: Double) -> Double {
    var last = (depth: 0.0, shortfall: 0.0)
    for (index, variance) in relativeVariances.enumerated() {
      let depth = Double(index + 1)
      let shortfall = 1 - nu * depth / width / variance
      if shortfall >= failure, index > 0 {
        return last.depth + (depth - last.depth) * (failure - last.shortfall) / (shortfall - last.shortfall)
      }
      last = (depth, shortfall)
    }
    return .nan
  }

  /// κ₂ and κ₃ of σ(u)²/A₂.
  private static func cumulants(_ activation: Activation) -> (second: Double, third: Double) {
    guard let one = HomogeneousKernelLaw(activation, widths: [1]) else { return (.nan, .nan) }
    return (one.secondMoment - 1, one.thirdMoment - 3 * one.secondMoment + 2)
  }

  private func chain(_ network: UniformNetwork, layers: [Int], seed: UInt64) throws -> [Int: [Double]] {
    let entries = layers.map { KernelEntry(layer: $0, 0, 0) }
    let ensemble = try network.chain().sample(
      networks: chainNetworks, seed: seed,
      options: GramChainOptions(method: .plain, tracked: entries, covariances: false))
    return Dictionary(uniqueKeysWithValues: zip(layers, entries.map { (ensemble.trace($0) ?? []).map { log($0) } }))
  }

  /// Layers of the picture: r = 1/32 … 2.
  static let shown = [3, 5, 9, 17, 33, 65, 129]
  /// Layers of the chain's curves.
  static let traced = [3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 81, 97, 113, 129]
  static let levels = [0.05, 0.5, 0.95]

  public func forecast() throws -> LawForecast {
    let n = Double(wide.width)
    let exact = wide.relativeVariances[..<16].map(\.value)
    let (second, third) = Self.cumulants(wide.activation)
    let ofVariance = (2.5 * second * second - third) / second / n
    let ofMean = (third / 3 - 0.75 * second * second) / (-second / 2) / n
    let ends = try chain(wide, layers: Self.traced, seed: 0xC4A1)
    let narrowEnd = try chain(narrow, layers: [narrow.layers], seed: 0xC4A2)[narrow.layers] ?? []
    func spread(_ logarithms: [Double]) -> Estimate {
      let variance = StreamingMoments(logarithms).varianceEstimate
      let value = variance.value.squareRoot()
      return Estimate(value: value, error: variance.error / (2 * value))
    }
    let last = (ends[wide.layers] ?? []).sorted()
    func quantile(_ level: Double) -> Estimate { Self.quantile(level, sorted: last) }
    let (wideSpread, narrowSpread) = (spread(last), spread(narrowEnd))
    func sampled(_ key: String, _ title: InlineText, _ estimate: Estimate, effect: Double) -> LawClaim {
      LawClaim(key, title, value: estimate.value, samplingError: estimate.error, smallestEffect: effect)
    }
    let tenth = wideSpread.value / 10
    let claims = [
      LawClaim(
        Self.keys[0], "order 1/n: r where Var G/K^{2} is short by a fifth",
        value: Self.failingDepth(exact, width: n) / n, smallestEffect: 0.04),
      LawClaim(
        Self.keys[1], "log-normal, r = 2: Var ln G/(νr) (→ 1)", value: 1 + ofVariance,
        truncationError: ofVariance * ofVariance, smallestEffect: 0.05),
      LawClaim(
        Self.keys[2], "log-normal, r = 2: E ln G/(−νr/2) (→ 1)", value: 1 + ofMean,
        truncationError: ofMean * ofMean, smallestEffect: 0.05),
      sampled(Self.keys[3], "chain, r = 2: standard deviation of ln G", wideSpread, effect: tenth),
      sampled(Self.keys[4], "chain, r = 2: 5 % quantile of ln G", quantile(0.05), effect: tenth),
      sampled(Self.keys[5], "chain, r = 2: 95 % quantile of ln G", quantile(0.95), effect: tenth),
      sampled(
        Self.keys[6], "chain, n = 8, r = 4: standard deviation of ln G", narrowSpread,
        effect: narrowSpread.value / 10),
      LawClaim(
        "narrow-log-normal", "log-normal, n = 8, r = 4: Var ln G/(νr)", value: 1, isDeciding: false),
    ]
    var curves: [LawCurve] = []
    let x = Self.traced.map { Double($0 - 1) / n }
    for (place, level) in Self.levels.enumerated() {
      curves.append(
        LawCurve(
          "chain-\(place)", x: x, y: Self.traced.map { Self.quantile(level, sorted: (ends[$0] ?? []).sorted()).value }))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  /// A quantile with the error of half the spread of order statistics one binomial deviation to either side.
  private static func quantile(_ level: Double, sorted: [Double]) -> Estimate {
    let count = Double(sorted.count)
    let deviation = (level * (1 - level) / count).squareRoot()
    func order(_ q: Double) -> Double { sorted[min(max(Int(q * (count - 1)), 0), sorted.count - 1)] }
    return Estimate(value: order(level), error: (order(level + deviation) - order(level - deviation)) / 2)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    laboratory.progress?("networks of width 64", 0)
    let kernels = try wide.ensemble(networks: networks, seed: laboratory.seed(1), in: laboratory).kernelsByLayer()
    laboratory.progress?("networks of width 8", 0.8)
    let narrowEnd = try narrow.ensemble(networks: networks, seed: laboratory.seed(2), in: laboratory)
      .conditionalKernels(layer: narrow.layers, 0, 0).map { log($0) }
    let (n, depth) = (Double(wide.width), Double(wide.layers - 1))
    let coupling = Self.nu * depth / n
    let narrowCoupling = Self.cumulants(narrow.activation).second * Double(narrow.layers - 1) / Double(narrow.width)
    let early = Array(kernels[..<16])
    let last = kernels[wide.layers - 2].map { log($0) }
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 200, seed: laboratory.seed(3)) { picked in
      let sample = PickedNetworks(picked)
      let variance = sample.variance(last)
      let narrowVariance = sample.variance(narrowEnd)
      let quantiles = Statistics.quantiles([0.05, 0.95], of: picked.map { last[$0] })
      return [
        Self.failingDepth(early.map(sample.relativeVariance), width: n) / n, variance / coupling,
        sample.mean(last) / (-coupling / 2), variance.squareRoot(), quantiles[0], quantiles[1],
        narrowVariance.squareRoot(), narrowVariance / narrowCoupling,
      ]
    }
    return LawEvidence(
      bootstrap.measurements(Self.keys + ["narrow-log-normal"], networks: networks),
      covariance: bootstrap.covariance(first: Self.keys.count), figures: [figure(forecast, kernels)],
      tables: [table(forecast, kernels)],
      remarks: [
        "The log-normal law fails with width and not with depth: its variance of ln G is off by the same O(1/n) share at every depth, 6 % "
          + "for ReLU at n = 64; the row *beside* shows how much at n = 8."
      ])
  }

  private func figure(_ forecast: LawForecast, _ kernels: [[Double]]) -> Figure {
    let n = Double(wide.width)
    var plot = Plot(
      title: "Quantiles of the kernel of ReLU networks, width 64", x: .log("r = (L − 1)/n"),
      y: PlotAxis("ln G/K: 5, 50, 95 %", range: -12...4), size: .wide)
    let x = Self.shown.map { Double($0 - 1) / n }
    let fine = (0...60).map { x[0] * pow(x[x.count - 1] / x[0], Double($0) / 60) }
    for (place, level) in Self.levels.enumerated() {
      let measured = Self.shown.map { layer in
        Self.quantile(level, sorted: kernels[layer - 2].map { log($0) }.sorted())
      }
      plot.layers.append(
        .points("networks", x: x, y: measured.map(\.value), yError: measured.map(\.error), color: .ink))
      if let curve = forecast.curve("chain-\(place)") {
        plot.layers.append(.line("Gram chain", x: curve.x, y: curve.y, color: .series(0)))
      }
      let z = Distributions.normalQuantile(level)
      plot.layers.append(
        .line(
          "log-normal", x: fine, y: fine.map { -Self.nu * $0 / 2 + z * (Self.nu * $0).squareRoot() }, dash: .dashed,
          color: .series(1)))
      let positive = fine.filter { 1 + z * (Self.nu * $0).squareRoot() > 0 }
      plot.layers.append(
        .line(
          "order 1/n", x: positive, y: positive.map { log(1 + z * (Self.nu * $0).squareRoot()) },
          dash: .dashed, color: .series(2)))
    }
    return Figure(
      "three-predictors", plot,
      caption:
        "Points: real networks with standard errors. The 5 % quantile of order 1/n ends at r = 0.07, where it reaches zero, "
        + "and its median stays at K while half of all networks sink below it exponentially.")
  }

  private func table(_ forecast: LawForecast, _ kernels: [[Double]]) -> Table {
    var table = Table(
      columns: [
        .init("r"), .init("median of G/K", .decimal), .init("order 1/n", .decimal), .init("log-normal", .decimal),
        .init("chain", .decimal),
      ])
    for layer in Self.shown {
      let r = Double(layer - 1) / Double(wide.width)
      let chain = Self.traced.firstIndex(of: layer).flatMap { forecast.curve("chain-1")?.y[$0] } ?? .nan
      let median = Self.quantile(0.5, sorted: kernels[layer - 2].sorted())
      table.rows.append(
        Table.Row([
          .number(r, digits: 3), .measured(median.value, error: median.error), .number(1),
          .number(exp(-Self.nu * r / 2)), .number(exp(chain)),
        ]))
    }
    return table
  }
}
