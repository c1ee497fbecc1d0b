import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Error bars say how far off a measurement is: over independent sub-ensembles the pulls (measured − predicted)/σ of all tensors at
/// order 1/n have mean 0 and variance 1.
///
/// V, G1, H1, A, B, D, F on two inputs, each sub-ensemble of networks extrapolated from widths n, 2n, 4n by itself. Elements of one
/// ensemble are correlated: pulls are whitened with the covariance over networks before their variance is taken, and the number of
/// independent quantities (Σλ)²/Σλ², λ of the pulls' correlation matrix, is told.
///
/// Source: PDLT chapters 4 and 8 for what is predicted. Domain: two hidden layers, so that what extrapolation leaves, of order n⁻³, is
/// below what a sub-ensemble can see.
public struct Calibration: Law {
  public static let statement = LawStatement(
    key: "calibration", chapter: .fluctuations, title: "Error bars are as large as they say",
    text:
      "Measured again and again on other networks, the tensors at order 1/n scatter about the prediction by the standard errors "
      + "that each measurement gave itself.",
    formula: "pulls (X − X_{theory})/σ of V, G_1, H_1, A, B, D, F: mean 0, variance 1",
    domain: "Critical tanh and ReLU networks of two hidden layers, two inputs at 60°.",
    experiment:
      "Independent sub-ensembles, each extrapolated from n = 16, 32, 64 as (X_n − 6X_{2n} + 8X_{4n})/3. The means of pulls, of the "
      + "kernel's tensors and of the tangent kernel's, use each sub-ensemble's own errors; the variance is that of modes whitened "
      + "with the covariance over all networks. Errors are over sub-ensembles.",
    truncationRule: "None: what the extrapolation leaves is of order n^-3.",
    smallestEffect: "0.25 of a mean, 0.2 of the variance.", sources: [.tangentKernelStatistics, .fourPointVertex])

  static let widths = [16, 32, 64]
  static let weights = [1.0 / 3, -2, 8.0 / 3]
  /// Modes of the correlation matrix below this part of the largest are sums that vanish by symmetry, or as good as.
  static let smallestMode = 1e-3

  struct Case: Sendable {
    var activation: Activation
    var name: String
    var key: String { name.lowercased() }
    func network(_ width: Int) throws -> UniformNetwork {
      try UniformNetwork.critical(activation, layers: 3, width: width)
    }
  }

  /// Two inputs of mean square one at an angle of 60°.
  static let inputs = Matrix<Double>(rows: 2, columns: 2, elements: [2, 0, 0.5, 1.5].map { $0.squareRoot() })

  let budget: LawBudget
  let cases: [Case]
  let ensembles: Int
  /// Of each sub-ensemble.
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    cases = [Case(activation: Activation(.tanh), name: "tanh"), Case(activation: Activation(.relu), name: "ReLU")]
    ensembles = budget.pick(60, 120, 400)
    networks = budget.pick(60, 250, 500)
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in cases {
      claims += [
        LawClaim("\(one.key)-kernel", "mean pull of V and G_1, \(one.name)", value: 0, smallestEffect: 0.25),
        LawClaim("\(one.key)-tangent", "mean pull of H_1, A, B, D, F, \(one.name)", value: 0, smallestEffect: 0.25),
        LawClaim("\(one.key)-variance", "variance of whitened pulls, \(one.name)", value: 1, smallestEffect: 0.2),
        LawClaim(
          "\(one.key)-own-variance", "variance of pulls by their own errors, \(one.name)", value: 1, isDeciding: false),
      ]
      let layer = try one.network(64).tensors(Self.inputs, extent: .tangentKernel).layers.last!
      let values = TensorList(inputs: 2).values(layer)
      curves.append(LawCurve(one.key, x: values.indices.map { Double($0) }, y: values))
      let tangent = layer.tangentKernel!
      curves.append(
        LawCurve(
          "\(one.key) means", x: [0, 1, 2, 3, 4, 5],
          y: TensorList.pairs(2).map { layer.kernel[$0.0, $0.1] } + TensorList.pairs(2).map { tangent.mean[$0.0, $0.1] }
        ))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var measurements: [LawMeasurement] = []
    var blocks: [Matrix<Double>] = []
    var remarks: [InlineText] = []
    var plot = Plot(title: "Whitened pulls", x: PlotAxis("pull"), y: PlotAxis("density"))
    let edges = stride(from: -4.0, through: 4.0, by: 0.4).map { $0 }
    for (index, one) in cases.enumerated() {
      let (predicted, offsets) = (forecast.curve(one.key)!.y, forecast.curve("\(one.key) means")!.y)
      // Of each width, the moments of each sub-ensemble.
      let moments = try Self.widths.enumerated().map { place, width in
        laboratory.progress?(
          "\(one.name), n = \(width)", (Double(index) + Double(place) / 3) / Double(cases.count))
        let statistics = try one.network(width).tangentStatistics(
          Self.inputs, networks: ensembles * networks, seed: laboratory.seed(10 * index + place), in: laboratory)
        return (0..<ensembles).map { ensemble in
          TensorList(inputs: 2).moments(
            statistics, (ensemble * networks)..<((ensemble + 1) * networks), offsets: offsets)
        }
      }
      let pulls = PullStatistics(
        moments: moments, weights: Self.weights, predicted: predicted, smallestMode: Self.smallestMode)
      let list = TensorList(inputs: 2)
      let rows = pulls.perEnsemble(kernel: list.kernelTensors)
      let means = Statistics.means(rows)
      for (place, name) in ["kernel", "tangent", "variance", "own-variance"].enumerated() {
        measurements.append(LawMeasurement("\(one.key)-\(name)", means[place], networks: ensembles))
      }
      var block = Statistics.covariance(rows)
      block = Matrix(
        rows: 3, columns: 3, elements: (0..<3).flatMap { i in (0..<3).map { block[i, $0] / Double(ensembles) } })
      blocks.append(block)
      remarks.append(
        "\(one.name): \(predicted.count) elements are worth \(pulls.effectiveNumber) independent quantities; "
          + "\(pulls.modes) modes were kept, \(pulls.modes * ensembles) pulls.")
      let white = pulls.whitened.flatMap { $0 }
      let heights = zip(edges, edges.dropFirst()).map { lower, upper in
        Double(white.count { $0 >= lower && $0 < upper }) / Double(white.count) / (upper - lower)
      }
      plot.layers.append(
        .histogram("\(one.name)", edges: edges, heights: heights, style: .steps, color: .series(index)))
    }
    let x = stride(from: -4.0, through: 4.0, by: 0.1).map { $0 }
    plot.layers.append(
      .line("normal", x: x, y: x.map { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }, color: .ink))
    return LawEvidence(
      measurements, covariance: .blockDiagonal(blocks),
      figures: [
        Figure(
          "calibration", plot,
          caption:
            "Modes of all tensors over all sub-ensembles, in units of their standard errors, beside a normal density.")
      ], remarks: remarks)
  }
}
