import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// V/K² → ν ℓ, with one ν for a universality class.
///
/// At criticality n Var Ĝ^(ℓ)/K² grows by ν a layer: 2/3 where K* = 0 (tanh, sin), 3c − 1 with c = ⟨σ⁴⟩/⟨σ²⟩² scaled to unit K for
/// scale-invariant σ: 2 for linear networks, 5 for ReLU (PDLT §5.4). Domain: ν ℓ/n ≪ 1 ≪ ℓ.
///
/// Measured: the slope of X(ℓ) = 2X_{2n}(ℓ) − X_n(ℓ), X_n = n Var Ĝ/(E Ĝ)², over the layers 2 … L, by least squares
/// with equal weights, errors by the bootstrap over networks.
public struct VertexGrowth: Law {
  public static let statement = LawStatement(
    key: "vertex-growth", chapter: .fluctuations, title: "The four-point vertex grows as ν ℓ",
    text:
      "From layer to layer a critical network's kernel wanders further from its mean: its relative variance grows by "
      + "ν/n a layer, with one ν for all activations of a class.",
    formula: "n Var G^(ℓ)/K^2 → ν ℓ, with ν = 2/3 where K^{★} = 0 (tanh, sin), 2 for linear networks, 5 for ReLU",
    domain: "Critical networks of independent weights, equal widths, ν ℓ/n ≪ 1 ≪ ℓ.",
    experiment:
      "Kernels of real networks at two widths n and 2n, on one input; 1/n is removed by Richardson's 2X_{2n} − X_n, and "
      + "all layers from the second are fitted with a line.",
    truncationRule:
      "The slope is that of the exact recursion over the same layers, which is near its limit ν. δ is ν times the square of the "
      + "relative next order at the last layer: what Richardson leaves.",
    smallestEffect: "A fifth of ν: the classes are further apart.", sources: [.fourPointVertex])

  struct Case: Sendable {
    var activation: Activation
    var name: String
    var layers: Int
    var width: Int

    /// ℓ = 2 … L.
    var depths: [Double] { (2...layers).map(Double.init) }

    func point() throws -> CriticalPoint { try Criticality.points(of: activation).choice() }

    func network(width: Int) throws -> UniformNetwork {
      UniformNetwork(try point(), firstKernel: 1, layers: layers, width: width)
    }
  }

  let budget: LawBudget
  let cases: [Case]
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    cases = [
      Case(activation: Activation(.tanh), name: "tanh", layers: 16, width: 64),
      Case(activation: Activation(.sin), name: "sin", layers: 16, width: 64),
      Case(activation: Activation(.linear), name: "linear", layers: 8, width: 64),
      Case(activation: Activation(.relu), name: "ReLU", layers: 8, width: 128),
    ]
    networks = budget.pick(2_000, 20_000, 150_000)
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in cases {
      let nu = try one.point().exponents.nu
      let layers = try one.network(width: one.width).flow().layers
      let recursion = layers.dropFirst().map { $0.relativeVariance * Double(one.width) }
      let last = layers[one.layers - 1]
      let next = last.nextVariance / last.variance
      claims.append(
        LawClaim(
          one.name.lowercased(), "slope of \(one.name), towards ν = \(NumberText.text(nu, digits: 3))",
          value: StraightLine.slope(one.depths, recursion), truncationError: nu * next * next, smallestEffect: nu / 5))
      curves.append(LawCurve(one.name, x: one.depths, y: recursion))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var measurements: [LawMeasurement] = []
    var plot = Plot(title: "n Var G/K^2 in units of ν", x: PlotAxis("layer ℓ"), y: PlotAxis("n Var G/(ν K^2)"))
    for (index, one) in cases.enumerated() {
      laboratory.progress?("networks of \(one.name)", Double(index) / Double(cases.count))
      let ensembles = try [1, 2].map { factor in
        try one.network(width: factor * one.width).ensemble(
          networks: networks, seed: laboratory.seed(2 * index + factor), in: laboratory
        ).kernelsByLayer()
      }
      let depth = one.layers - 1
      let width = Double(one.width)
      let bootstrap = Resampling.bootstrap(
        networks: networks, replicates: 200, seed: laboratory.seed(100 + index)
      ) { picked in
        let sample = PickedNetworks(picked)
        let x = (0..<depth).map { layer in
          2 * 2 * width * sample.relativeVariance(ensembles[1][layer])
            - width * sample.relativeVariance(ensembles[0][layer])
        }
        return x + [StraightLine.slope(one.depths, x)]
      }
      let estimates = bootstrap.estimates
      measurements.append(LawMeasurement(one.name.lowercased(), estimates[depth], networks: networks))
      let nu = try one.point().exponents.nu
      let color = PlotColor.series(index)
      plot.layers.append(
        .points(
          InlineText(verbatim: one.name), x: one.depths,
          y: estimates[..<depth].map { $0.value / nu },
          yError: estimates[..<depth].map { $0.error / nu }, color: color))
      if let curve = forecast.curve(one.name) {
        plot.layers.append(
          .line(InlineText(verbatim: one.name), x: curve.x, y: curve.y.map { $0 / nu }, color: color))
      }
    }
    let deepest = Double(cases.map(\.layers).max()!)
    plot.layers.append(.line("ℓ", x: [2, deepest], y: [2, deepest], dash: .dashed))
    return LawEvidence(
      measurements,
      figures: [
        Figure(
          "vertex-growth", plot,
          caption:
            "Points: real networks, extrapolated in 1/n; lines: the recursion at order 1/n. All run along ℓ, each from an offset of "
            + "its own.")
      ])
  }
}
