import Foundation
import OrreryFindings
import OrreryReports

/// A full page with invented numbers, labelled as such, for looking at and for structural tests.
enum SamplePage {
  static let recursion = Source(
    key: "kernel-recursion", title: "kernel recursion", statement: "K^(ℓ+1) = C_b + C_W ⟨σ σ⟩_K^(ℓ), exact as n → ∞.",
    citation: "Roberts, Yaida, Hanin, The Principles of Deep Learning Theory (2022), chapter 4",
    link: "https://arxiv.org/abs/2106.10165")
  static let chain = Source(
    key: "gram-chain", title: "Gram chain",
    statement:
      "Given layer ℓ, the neurons of ℓ + 1 are independent Gaussians with covariance C_b + (C_W/n) Σ_j σ_j σ_j.",
    citation: "Yaida, Non-Gaussian processes and neural networks at finite widths (2019)",
    link: "https://arxiv.org/abs/1910.00019")
  static let depth = Source(
    key: "depth-scale", title: "correlation map", statement: "ξ = −1/ln χ_⊥; rounding ends it where 1 − c < ε.",
    citation: "Schoenholz, Gilmer, Ganguli, Sohl-Dickstein, Deep information propagation (2017)",
    link: "https://arxiv.org/abs/1611.01232")

  static var headline: Headline {
    let table = Table(
      columns: [
        .init(""), .init("nn.Linear", .right), .init("He(2, 0)", .right), .init("critical", .right), .init("law"),
      ],
      rows: [
        .init(["output kernel K, n = ∞", "1.4e-3", "2.7e-6", "3.56", "[kernel recursion](#kernel-recursion)"]),
        .init(["one network, 95 % range", .none, .none, "×0.23–3.2", "[Gram chain](#gram-chain)"], indent: 1),
        .init(["correlation of two images .30 →", "1 to rounding", "0.64", "0.94", "[correlation map](#depth-scale)"]),
        .init(["gradient rms, first layer", "9e-19", "2.0e-5", "9.4e-3", "[kernel recursion](#kernel-recursion)"]),
        .init(
          [
            "against Adam ε = 1e-8", .chip(.init(.bad, "frozen")), .chip(.init(.good, "ok")),
            .chip(.init(.good, "ok")), .text(""),
          ], indent: 1),
        .init(["depth at float32 horizon", "16", ">30", ">30", "[correlation map](#depth-scale), rounding"]),
      ])
    return Headline(
      forecast: "30 hidden × 256, GELU(erf), Fashion-MNIST, cross-entropy, Adam, batch 128, float32",
      verdict: [
        .init("Will NOT train with nn.Linear defaults.", .bad),
        .init("Trains with He or critical initialization.", .good),
        .init("Deep for its width: L/n = 31/256 = 0.12, ν L/n = 0.59 (strongly coupled).", .caution),
      ],
      table: table,
      changes: [
        "replace the default initialization (decisive)", "He against critical: no difference under Adam",
        "less depth, or skips and LayerNorm",
      ],
      notSaid: ["final accuracy, the loss curve under Adam: no theory here covers them."])
  }

  static let depths = (1...30).map(Double.init)

  /// Deterministic noise between −1 and 1.
  static func noise(_ index: Int) -> Double {
    let value = sin(Double(index) * 12.9898) * 43758.5453
    return 2 * (value - value.rounded(.down)) - 1
  }

  static var phaseDiagram: Plot {
    let xEdges = (0...48).map { 0.5 + 2.5 * Double($0) / 48 }
    let yEdges = (0...32).map { 0.4 * Double($0) / 32 }
    var values: [Double] = []
    for row in 0..<32 {
      for column in 0..<48 {
        let (cw, cb) = (xEdges[column] + 0.026, yEdges[row] + 0.006)
        values.append(tanh(0.8 * (cw - 1.2) - 0.6 * cb) + 1)
      }
    }
    values[40] = .nan
    let line = (0...40).map { 0.4 * Double($0) / 40 }
    return Plot(
      title: "Phase diagram", x: PlotAxis("weight variance C_W"), y: PlotAxis("bias variance C_b"),
      layers: [
        .heatMap(
          HeatMapLayer("χ_⊥", xEdges: xEdges, yEdges: yEdges, values: values, colors: .diverging(center: 1))),
        .line("χ_⊥ = 1", x: line.map { 1.2 + 0.75 * $0 }, y: line, color: .ink, labelledDirectly: true),
        .annotation("ordered", x: 0.8, y: 0.3), .annotation("chaotic", x: 2.5, y: 0.12),
        .mark("this network", x: 1.98, y: 0.173),
      ])
  }

  static var kernelAgainstDepth: Plot {
    let kernel = depths.map { 3.56 - 0.9 / $0 }
    return Plot(
      title: "Kernel against depth", x: PlotAxis("layer ℓ"), y: PlotAxis("kernel K^(ℓ)"),
      layers: [
        .band(
          "one network, 95 % range", x: depths, lower: zip(kernel, depths).map { $0 * (1 - 0.02 * $1) },
          upper: zip(kernel, depths).map { $0 * (1 + 0.045 * $1) }),
        .line("theory, n = ∞", x: depths, y: kernel),
        .points(
          "200 networks, n = 256", x: depths,
          y: depths.indices.map { kernel[$0] * (1 + 0.02 * noise($0)) }, yError: depths.map { 0.02 * $0 + 0.03 }),
        .horizontal("K* = 3.562", at: 3.562),
      ])
  }

  static var varianceAgainstWidth: Plot {
    let widths = [16.0, 32, 64, 128, 256, 512]
    return Plot(
      title: "Variance of the output kernel against width", x: .log("width n", ticks: widths),
      y: .log("Var Ĝ^(L) / K^2"),
      layers: [
        .line("V/n, leading order", x: widths, y: widths.map { 14 / $0 }),
        .points(
          "chain, 10^6 networks", x: widths, y: widths.map { 14 / $0 * (1 + 9 / $0) },
          yError: widths.map { 0.05 / $0 }),
        .points(
          "200 networks", x: widths, y: widths.enumerated().map { 14 / $1 * (1 + 9 / $1) * (1 + 0.1 * noise($0)) },
          yError: widths.map { 2 / $0 }),
        .line("slope −1", x: [40, 400], y: [0.09, 0.009], dash: .dashed, color: .muted, labelledDirectly: true),
      ])
  }

  static var correlationAgainstDepth: Plot {
    func curve(_ rate: Double) -> [Double] { depths.map { 0.7 * exp(-$0 * rate) } }
    return Plot(
      title: "How far two images stay apart", x: PlotAxis("layer ℓ"), y: .log("1 − c^(ℓ)", range: 1e-9...1),
      layers: [
        .line("nn.Linear", x: depths, y: curve(1.05)), .line("He", x: depths, y: curve(0.02)),
        .line("critical", x: depths, y: curve(0.09)),
        .horizontal("float32 rounding", at: 6e-8),
        .points("measured", x: [5, 10, 15, 20], y: [0.0037, 1.9e-5, 1e-7, .nan], color: .series(0)),
      ], size: .wide)
  }

  static var outputHistogram: Plot {
    let edges = (0...30).map { -6 + 0.4 * Double($0) }
    let centers = (0...120).map { -6 + 0.1 * Double($0) }
    func density(_ z: Double) -> Double { exp(-z * z / 4.5) / sqrt(4.5 * .pi) }
    return Plot(
      title: "One output over networks", x: PlotAxis("output z_1", unit: "√K"), y: PlotAxis("density"),
      layers: [
        .histogram(
          "200 networks", edges: edges,
          heights: (0..<30).map { density(edges[$0] + 0.2) * (1 + 0.25 * noise($0 + 7)) }),
        .line("Gaussian, n = ∞", x: centers, y: centers.map(density), color: .ink),
        .histogram(
          "chain", edges: edges, heights: (0..<30).map { density((edges[$0] + 0.2) * 1.05) * 1.05 }, style: .steps,
          color: .series(1)),
      ])
  }

  static var table: Table {
    let rows: [(QuantityKind, Int, Double, Double, Double, Double)] = [
      (.kernel, 1, 3.5616, 0, 3.5602, 0.0034), (.kernel, 5, 3.41, 0.021, 3.452, 0.017),
      (.kernel, 31, 2.97, 0.31, 3.66, 0.04), (.kernelVariance, 5, 0.0214, 0.0008, 0.0231, 0.0002),
      (.kernelVariance, 31, 1.234e-5, 0, 1.229e-5, 4.5e-8), (.outputExcessKurtosis, 31, 0.42, 0, 0.31, 0.40),
    ]
    let confrontations = rows.map { kind, layer, value, truncation, measured, error in
      let quantity = Quantity(kind, layer: layer, samples: [0, 0], width: 256)
      return Confrontation(
        Prediction(
          quantity, value: value, samplingError: layer == 31 ? error / 3 : 0, truncationError: truncation,
          source: layer == 31 ? chain : recursion),
        Measurement(quantity, value: measured, standardError: error, networks: 200, estimator: "mean"),
        smallestEffect: kind == .outputExcessKurtosis ? 0.2 : .infinity)
    }
    return .confrontations(confrontations, caption: "Every prediction beside its measurement (invented numbers).")
  }

  static let description = """
    orrery: 1
    seed: 7
    network:
      mlp: { depth: 30, width: 256, activation: gelu, outputs: 10 }
      init: critical
    data: { name: fashion-mnist, train: 64, normalize: sphere }   # <not real>

    """

  static var page: Page {
    Page(
      title: "Thirty layers of GELU on Fashion-MNIST",
      subtitle: "A sample of the page. **Every number here is invented**; only the shape is real.",
      facts: [
        .init("date", "2026-11-21"), .init("seed", "7"), .init("networks", "200"), .init("run", "`3fd1c2a9`"),
      ],
      sections: [
        Section("Forecast", [.headline(headline)]),
        Section(
          "What theory says, and what 200 networks do",
          [
            .paragraph(
              """
              Both susceptibilities are one at the critical point, χ_∥ = χ_⊥ = 1, so a difference between inputs neither \
              grows nor dies from layer to layer. At finite width the kernel of *one* network spreads about its mean \
              with variance V/n + O(n^-2); see [Gram chain](#gram-chain).
              """),
            .figures([
              Figure("phase-diagram", phaseDiagram, caption: "Where this initialization lies: on the line χ_⊥ = 1."),
              Figure(
                "kernel-against-depth", kernelAgainstDepth,
                caption: "The kernel of one input. The band is the range of one network in twenty."),
              Figure(
                "output-histogram", outputHistogram,
                caption: "One output over networks has heavier tails than the Gaussian of infinite width."),
              Figure(
                "variance-against-width", varianceAgainstWidth,
                caption: "The order-1/n law holds once L/n is small; below n = 64 the next order shows."),
            ]),
            .figure(
              Figure(
                "correlation", correlationAgainstDepth,
                caption: "With PyTorch’s defaults two images become equal to rounding within sixteen layers.")),
          ]),
        Section(
          "Confrontation",
          [
            .table(table),
            .callout(StatusChip(.caution, "in tension"), "One law in three; see the row of layer 5."),
          ]),
        Section(
          "The laws", anchor: "laws",
          [.definitions([Definition(recursion), Definition(chain), Definition(depth)])]),
        Section(
          "What was run", [.details("The resolved description", [.code(description)])]),
      ],
      references: Reference.list([recursion, chain, depth, recursion]))
  }
}
