import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// What the theory leaves out falls as n⁻¹ at infinite width, and as n⁻² once the 1/n term is added:
///
///     Var Ĝ ~ n⁻¹,   Var Ĝ − V/n ~ n⁻²;    E Θ̂ − Θ ~ n⁻¹,   E Θ̂ − Θ − H1/n ~ n⁻².
///
/// Sources: S. Yaida 2020 (arXiv:1910.00019), PDLT chapters 4 and 8. Infinite width says Var Ĝ = 0 and E Θ̂ = Θ: before the 1/n
/// term the deviations are those numbers themselves. Measured on the output layer's Ĝ and on the NTK M with the output weights
/// integrated out; powers are fitted by ``WidthSlope``.
public struct NextOrder: Law {
  public static let statement = LawStatement(
    key: "next-order", chapter: .limits, title: "What order 1/n leaves out falls as n^-2",
    text:
      "At infinite width the theory is off by a term that falls as 1/n. With that term added what is left falls as 1/n^2: the "
      + "series is an expansion, and its first two terms are right.",
    formula: "Var G ∝ n^-1 and Var G − V/n ∝ n^-2; E Θ_n − Θ ∝ n^-1 and E Θ_n − Θ − H_1/n ∝ n^-2",
    domain: "Critical networks of equal widths with Gaussian weights, ν L/n well below 1.",
    experiment:
      "One input, depth 3; 6 for tanh. Var G: the Gram chain at n = 8, 16, 32, 64, 128 and real networks at n = 8, "
      + "12, 16, 24, 32. The NTK's mean: real networks at those widths, the output weights integrated out, with control variates "
      + "whose mean is exactly 0; of ReLU, where E Θ_n = Θ on one input at every width, between two inputs at 60 degrees. Straight lines in logarithms, all "
      + "widths weighted alike; a width whose deviation is below five standard errors cannot tell and leaves the fit.",
    truncationRule:
      "A power fitted at finite widths is off by the order after. Where that is known (Var G before the term; after it for ReLU, "
      + "whose law is exact) δ is how far it moves the fitted power. Elsewhere it is how far a correction 1 + L/n does, for real networks; for "
      + "the chain, whose noise is small, τ is how far a correction of relative order 1/n does, of the size that leaving out the narrowest width "
      + "shows.",
    smallestEffect: "0.2 for the chain, 0.5 for real networks: powers of neighbouring orders differ by 1.",
    sources: [.fourPointVertex, .tangentKernelStatistics, .homogeneousMoments])

  enum Observable: String, Sendable {
    case chainVariance = "chain"
    case variance = "networks"
    case tangentKernel = "ntk"
    /// Between two inputs.
    case tangentPair = "ntk-pair"
  }

  struct Case: Sendable {
    var activation: Activation
    var name: String
    var observable: Observable
    /// The widths' networks; the fewest of all.
    var networks: Int
    /// L.
    var layers = 4
    var isDeciding = true
    var key: String { "\(name.lowercased())-\(observable.rawValue)" }
    var widths: [Int] { observable == .chainVariance ? [8, 16, 32, 64, 128] : [8, 12, 16, 24, 32] }
    func network(_ width: Int) throws -> UniformNetwork {
      try UniformNetwork.critical(activation, layers: layers, width: width)
    }

    /// Of mean square one; two at 60 degrees.
    var inputs: Matrix<Double> { observable == .tangentPair ? UniformNetwork.pair(gap: 0.5) : UniformNetwork.single }
    /// Whether theory has the order after 1/n.
    var hasKnownOrders: Bool { observable == .chainVariance || observable == .variance }

    var title: InlineText {
      switch observable {
      case .chainVariance: "Var G of \(name), chain"
      case .variance: "Var G of \(name), networks"
      case .tangentKernel: "E Θ_n of \(name), networks"
      case .tangentPair: "E Θ_n of \(name), two inputs, networks"
      }
    }
  }

  let budget: LawBudget
  let cases: [Case]

  public init(_ budget: LawBudget) {
    self.budget = budget
    let chain = budget.pick(150_000, 2_000_000, 10_000_000)
    let networks = budget.pick(12_000, 150_000, 1_000_000)
    let tangents = budget.pick(6_000, 60_000, 400_000)
    // Tanh takes depth to show its second order: in shallow networks that nearly vanishes.
    let tanh = Case(activation: Activation(.tanh), name: "tanh", observable: .chainVariance, networks: chain, layers: 7)
    let gelu = Case(activation: Activation(.gelu), name: "GELU", observable: .chainVariance, networks: chain)
    let relu = Case(activation: Activation(.relu), name: "ReLU", observable: .chainVariance, networks: chain)
    func with(_ observable: Observable, _ networks: Int) -> (Case) -> Case {
      { one in
        var own = one
        (own.observable, own.networks) = (observable, networks)
        return own
      }
    }
    cases =
      [tanh, gelu, relu] + [tanh, gelu, relu].map(with(.variance, networks))
      + [tanh, gelu].map(with(.tangentKernel, tangents))
      // What is left of ReLU's is a tenth of the term at n = 8: too little to tell a power with these networks.
      + [
        Case(
          activation: Activation(.relu), name: "ReLU", observable: .tangentPair, networks: tangents, isDeciding: false)
      ]
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in cases {
      let (before, after) = try Self.truncation(one)
      let effect = one.observable == .chainVariance ? 0.2 : 0.5
      claims.append(
        LawClaim(
          one.key + "-after", "power of \(one.title), 1/n added", value: -2, truncationError: after,
          smallestEffect: effect, isDeciding: one.isDeciding))
      claims.append(
        LawClaim(
          one.key + "-before", "power of \(one.title)", value: -1, truncationError: before, smallestEffect: effect,
          isDeciding: false))
      let (zeroth, first) = try Self.expansion(one)
      curves.append(LawCurve(one.key, x: [0, 1], y: [zeroth, first]))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  /// X_0 and X_1 of X = X_0 + X_1/n.
  static func expansion(_ one: Case) throws -> (Double, Double) {
    if one.hasKnownOrders { return (0, try one.network(64).flow().layers.last!.fourPointVertex) }
    let tangent = try one.network(64).tensors(one.inputs, extent: .tangentKernel).layers.last!.tangentKernel!
    return (tangent.mean[0, one.inputs.rows - 1], tangent.correction[0, one.inputs.rows - 1])
  }

  /// How far the order after moves the two powers; 0 where the chain is to tell.
  private static func truncation(_ one: Case) throws -> (before: Double, after: Double) {
    let guess = WidthSlope.expansionError(widths: one.widths, layers: one.layers)
    guard one.hasKnownOrders else { return (guess, guess) }
    let layer = try one.network(64).flow().layers.last!
    let (first, second) = (layer.fourPointVertex, layer.nextVariance * 64 * 64)
    let kernel = layer.kernel
    let before = WidthSlope.exact(widths: one.widths) { first / $0 + second / ($0 * $0) }
    guard one.activation.slopes != nil else { return (abs(before + 1), one.observable == .chainVariance ? 0 : guess) }
    let after = WidthSlope.exact(widths: one.widths) { n in
      let law = HomogeneousKernelLaw(one.activation, widths: Array(repeating: Int(n), count: one.layers - 1))!
      return law.relativeVariance * kernel * kernel - first / n
    }
    return (abs(before + 1), abs(after + 2))
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var measurements: [LawMeasurement] = []
    var plots = [Observable.chainVariance, .variance, .tangentKernel].map { observable in
      (observable, Plot(title: Self.title(observable), x: .log("width n"), y: .log("deviation")))
    }
    var table = Table(columns: [
      .init("deviation of"), .init("n", .right), .init("at infinite width", .decimal), .init("1/n added", .decimal),
      .init("fitted"),
    ])
    for (index, one) in cases.enumerated() {
      laboratory.progress?("\(one.key)", Double(index) / Double(cases.count))
      let orders = forecast.curve(one.key)!.y
      let means = try one.widths.enumerated().map { place, width in
        try Self.measure(one, width: width, seed: laboratory.seed(100 * index + place), in: laboratory)
      }
      let before = means.map { Estimate(value: $0.value - orders[0], error: $0.error) }
      let after = zip(one.widths, before).map {
        Estimate(value: $1.value - orders[1] / Double($0), error: $1.error)
      }
      let isTold = one.observable == .chainVariance && one.activation.slopes == nil
      let (first, second) = (
        WidthSlope(widths: one.widths, deviations: before), WidthSlope(widths: one.widths, deviations: after)
      )
      measurements.append(
        LawMeasurement(
          one.key + "-after", second.slope, systematicBound: isTold ? second.drift : 0, networks: one.networks))
      measurements.append(LawMeasurement(one.key + "-before", first.slope, networks: one.networks))
      for (place, width) in one.widths.enumerated() {
        table.rows.append(
          .init([
            place == 0 ? .text(one.title) : .text(""), .integer(width),
            .measured(before[place].value, error: before[place].error),
            .measured(after[place].value, error: after[place].error),
            .text(second.isUsed[place] ? "yes" : "cannot tell"),
          ]))
      }
      let plot = plots.firstIndex { $0.0 == (one.observable == .tangentPair ? .tangentKernel : one.observable) }!
      let color = PlotColor.series(["tanh": 0, "GELU": 1, "ReLU": 2][one.name]!)
      let unit = abs(before[0].value)
      Self.draw(&plots[plot].1, one.widths, before, unit, label: "\(one.name)", color: color, isOpen: true)
      Self.draw(&plots[plot].1, one.widths, after, unit, label: "\(one.name), 1/n added", color: color, isOpen: false)
    }
    for place in plots.indices {
      let widths = cases.first { $0.observable == plots[place].0 }!.widths.map(Double.init)
      let ends = [widths.first!, widths.last!]
      plots[place].1.layers.append(
        .line("n^-1", x: ends, y: ends.map { ends[0] / $0 }, dash: .dashed, color: .muted))
      plots[place].1.layers.append(
        .line("n^-2", x: ends, y: ends.map { 0.3 * ends[0] * ends[0] / ($0 * $0) }, color: .muted))
    }
    return LawEvidence(
      measurements,
      figures: plots.map { observable, plot in
        Figure(
          "next-order-\(observable.rawValue)", plot,
          caption:
            "In units of the deviation from infinite width at n = 8. Open: infinite width; filled: with the 1/n term. "
            + "Grey: the two powers.")
      }, tables: [table])
  }

  private static func title(_ observable: Observable) -> InlineText {
    switch observable {
    case .chainVariance: "Variance of the kernel, Gram chain"
    case .variance: "Variance of the kernel, real networks"
    case .tangentKernel, .tangentPair: "Mean of the NTK, real networks"
    }
  }

  private static func draw(
    _ plot: inout Plot, _ widths: [Int], _ values: [Estimate], _ unit: Double, label: InlineText, color: PlotColor,
    isOpen: Bool
  ) {
    // What is not two standard errors from 0 has no place on a logarithmic axis.
    let places = widths.indices.filter { abs(values[$0].value) > 2 * values[$0].error }
    plot.layers.append(
      .points(
        label, x: places.map { Double(widths[$0]) }, y: places.map { abs(values[$0].value) / unit },
        yError: places.map { values[$0].error / unit }, color: color, isOpen: isOpen))
  }

  private static func measure(
    _ one: Case, width: Int, seed: UInt64, in laboratory: Laboratory
  ) throws -> Estimate {
    let network = try one.network(width)
    switch one.observable {
    case .chainVariance:
      let ensemble = try network.chain().sample(
        networks: one.networks, seed: seed, isCancelled: { laboratory.isStopped })
      return ensemble.variance(KernelEntry(layer: network.layers, 0, 0))
    case .variance:
      let ensemble = try network.ensemble(networks: one.networks, seed: seed, in: laboratory)
      return StreamingMoments(ensemble.conditionalKernels(layer: network.layers, 0, 0)).varianceEstimate
    case .tangentKernel:
      let statistics = try network.tangentStatistics(
        networks: one.networks, seed: seed, withControls: true, in: laboratory)
      return statistics.controlledTangentMean(0)
    case .tangentPair:
      let statistics = try network.tangentStatistics(one.inputs, networks: one.networks, seed: seed, in: laboratory)
      // On one input nothing is shifted at any width: Ĝ_aa and Ĥ_aa are controls.
      let limits = try network.tensors(one.inputs, extent: .tangentKernel).layers.last!
      let controls = (0..<2).flatMap { a in
        [
          statistics.kernels(a, a).map { $0 - limits.kernel[a, a] },
          statistics.tangentKernels(a, a).map { $0 - limits.tangentKernel!.mean[a, a] },
        ]
      }
      return statistics.controlledTangentMean(0, 1, by: controls)
    }
  }
}
