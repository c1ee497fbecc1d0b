import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// A wide network's outputs are described by few couplings, order by order in 1/n.
///
/// On N inputs there are p = N(N + 1)/2 pairs. Infinite width: K, p numbers, for any number of outputs. Order 1/n: V, symmetric in its pairs,
/// p(p + 1)/2, and G1, p. Order 1/n²: U6, symmetric in three pairs, p(p + 1)(p + 2)/6, and the second orders of V and G1. The outputs'
/// cumulants follow: κ₂ = E Ĝ, κ₄ = 3 Var Ĝ, κ₆ = 15 κ₃(Ĝ). Source: PDLT §4 ("sparsity"), Banta et al. 2023. Domain:
/// νL/n ≪ 1. Measured on real networks, from kernels and from raw outputs.
public struct SparseDescription: Law {
  public static let statement = LawStatement(
    key: "sparsity", chapter: .limits, title: "Few couplings describe the outputs of a wide network",
    text:
      "Instead of a moment for every product of outputs, one matrix describes a network of infinite width; a tensor of four inputs is "
      + "added at order 1/n and one of six at 1/n^{2}, and the cumulants of real outputs follow from them.",
    formula:
      "p = N(N + 1)/2 couplings at infinite width; p(p + 1)/2 + p more at order 1/n; p(p + 1)(p + 2)/6 + p(p + 1)/2 + p more at "
      + "1/n^{2}. κ_2 = E G, κ_4 = 3 Var G, κ_6 = 15 κ_3(G)",
    domain: "Independent Gaussian weights, ν L/n ≪ 1.",
    experiment:
      "Real critical tanh networks of six layers and width 24 with eight outputs, on two inputs of correlation 1/2: cumulants from the "
      + "kernels of the last layer, and from raw outputs.",
    truncationRule:
      "κ_2 and κ_4 are predicted with two orders in 1/n, δ the last kept times its size relative to the one before; κ_6 and the cumulant "
      + "of two inputs with their leading one, δ three (two) times the relative next orders of V and K, one for each factor G.",
    smallestEffect: "0.02 of κ_2, a fifth of κ_4, the whole of κ_6: what the order before leaves out.",
    sources: [.fourPointVertex, .sixPointVertex, .kernelCorrection])

  static let keys = ["second", "fourth", "sixth", "two-inputs", "raw-fourth", "raw-sixth"]
  let budget: LawBudget
  let networks: Int
  let network: UniformNetwork
  static let inputs = UniformNetwork.pair(gap: 0.5)

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(60_000, 600_000, 2_000_000)
    var network = UniformNetwork(Activation(.tanh), weightVariance: 1, firstKernel: 1, layers: 6, width: 24)
    network.outputs = 8
    self.network = network
  }

  /// The independent couplings on N inputs: at infinite width, added at order 1/n, added at order 1/n².
  package static func couplings(inputs: Int) -> (infinite: Int, first: Int, second: Int) {
    let p = inputs * (inputs + 1) / 2
    let pairs = p * (p + 1) / 2
    return (p, pairs + p, p * (p + 1) * (p + 2) / 6 + pairs + p)
  }

  /// The moments of orders one to six of as many variables.
  package static func moments(variables: Int) -> Int {
    (1...6).reduce(1) { $0 * (variables + $1) / $1 } - 1
  }

  public func forecast() throws -> LawForecast {
    let last = network.flow().layers[network.layers - 1]
    let (k, k2) = (last.kernel, last.kernel * last.kernel)
    let n = Double(network.width)
    let (g, g2) = (last.shift / k, last.nextShift / k)
    let (v, v2) = (last.variance / k2, last.nextVariance / k2)
    let third = last.thirdCumulant / (k2 * k)
    let relative = abs(v2 / v) + abs(g)
    let tensors = try network.tensors(Self.inputs).layers[network.layers - 1]
    let vertex = tensors.fourPointVertex
    let crossed = (vertex[0, 0, 1, 1] + 2 * vertex[0, 1, 0, 1]) / n / k2
    let fourth = 3 * (v + v2)
    let fourthError = 3 * abs(v2) * relative
    let claims = [
      LawClaim(
        "second", "κ_2/K from kernels", value: 1 + g + g2, truncationError: abs(g2 * g2 / g), smallestEffect: 0.02),
      LawClaim(
        "fourth", "κ_4/K^{2} from kernels", value: fourth, truncationError: fourthError, smallestEffect: fourth / 5),
      LawClaim(
        "sixth", "κ_6/K^{3} from kernels", value: 15 * third, truncationError: 15 * third * 3 * relative,
        smallestEffect: 15 * third),
      LawClaim(
        "two-inputs", "κ(z_1, z_1, z_2, z_2)/K^{2} of two inputs", value: crossed,
        truncationError: crossed * 2 * relative, smallestEffect: crossed / 3),
      LawClaim(
        "raw-fourth", "κ_4/K^{2} of raw outputs", value: fourth, truncationError: fourthError,
        smallestEffect: fourth / 5),
      LawClaim(
        "raw-sixth", "κ_6/K^{3} of raw outputs", value: 15 * third, truncationError: 15 * third * 3 * relative,
        smallestEffect: 15 * third),
    ]
    // Orders 0, 1, 2 of κ₂, κ₄, κ₆, κ₈ in units of K.
    let orders: [[Double]] = [
      [1, 0, 0, 0], [1 + g, 3 * v, 0, 0], [1 + g + g2, fourth, 15 * third, 0],
    ]
    return LawForecast(
      budget, claims: claims,
      curves: orders.enumerated().map { LawCurve("order-\($0)", x: [2, 4, 6, 8], y: $1) })
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    laboratory.progress?("networks", 0)
    let ensemble = try network.ensemble(
      Self.inputs, networks: networks, seed: laboratory.seed(1), in: laboratory)
    let kernel = network.flow().layers[network.layers - 1].kernel
    let kernels = [(0, 0), (1, 1), (0, 1)].map { a, b in
      ensemble.conditionalKernels(layer: network.layers, a, b).map { $0 / kernel }
    }
    let sums = zip(kernels[0], kernels[1]).map(+)
    let count = Double(network.outputs)
    let outputs = (0..<network.outputs).map { ensemble.outputs(sample: 0, output: $0) }
    let powers = [1, 2, 3].map { power in
      (0..<networks).map { place in
        outputs.reduce(0) { $0 + pow($1[place] * $1[place] / kernel, Double(power)) } / count
      }
    }
    laboratory.progress?("bootstrap", 0.8)
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 200, seed: laboratory.seed(2)) { picked in
      let sample = PickedNetworks(picked)
      let variance = sample.variance(kernels[0])
      // Cov(x, y) from Var(x + y).
      let covariance = (sample.variance(sums) - variance - sample.variance(kernels[1])) / 2
      let (m2, m4, m6) = (sample.mean(powers[0]), sample.mean(powers[1]), sample.mean(powers[2]))
      return [
        sample.mean(kernels[0]), 3 * variance, 15 * sample.thirdCumulant(kernels[0]),
        covariance + 2 * sample.variance(kernels[2]), m4 - 3 * m2 * m2, m6 - 15 * m4 * m2 + 30 * m2 * m2 * m2,
        105 * sample.fourthCumulant(kernels[0]),
      ]
    }
    return LawEvidence(
      bootstrap.measurements(Self.keys, networks: networks), covariance: bootstrap.covariance(first: Self.keys.count),
      figures: [figure(forecast, bootstrap.estimates)], tables: [counts],
      remarks: [
        "The eighth cumulant, which needs order 1/n^{3}, is left out by all three truncations; the picture shows how much that is."
      ])
  }

  private func figure(_ forecast: LawForecast, _ estimates: [Estimate]) -> Figure {
    var plot = Plot(
      title: "Cumulants of an output, tanh, six layers, n = 24",
      x: PlotAxis("order m of the cumulant", ticks: [2, 4, 6, 8]),
      y: .log("κ_m/((m − 1)!! K^{m/2})"), size: .wide)
    // (m − 1)!!: what a cumulant of G is multiplied with.
    let factors = [1.0, 3, 15, 105]
    for order in 0..<3 {
      guard let curve = forecast.curve("order-\(order)") else { continue }
      if order == 0 {
        plot.layers.append(.mark("infinite width", x: 2, y: 1))
        continue
      }
      let known = 0...order
      plot.layers.append(
        .line(
          order == 1 ? "order 1/n" : "order 1/n^{2}", x: known.map { curve.x[$0] },
          y: known.map { curve.y[$0] / factors[$0] }, dash: order == 2 ? .solid : .dashed, color: .series(order)))
    }
    let kernels = [0, 1, 2, 6].map { estimates[$0] }
    plot.layers.append(
      .points(
        "networks, kernels", x: [2, 4, 6, 8], y: zip(kernels, factors).map { $0.value / $1 },
        yError: zip(kernels, factors).map { $0.error / $1 }, color: .ink))
    let raw = zip([estimates[4], estimates[5]], [3.0, 15])
    plot.layers.append(
      .points(
        "networks, raw outputs", x: [4.1, 6.1], y: raw.map { $0.value / $1 }, yError: raw.map { $0.error / $1 },
        color: .series(3), isOpen: true))
    return Figure(
      "sparsity", plot,
      caption:
        "Points: real networks with standard errors, raw outputs drawn beside; lines join what each truncation predicts and end where it "
        + "says 0.")
  }

  /// How many numbers describe the outputs.
  private var counts: Table {
    var table = Table(
      columns: [
        .init("inputs N", .right), .init("infinite width", .right), .init("order 1/n", .right),
        .init("order 1/n^{2}", .right), .init("moments to order 6 of ten outputs", .right),
      ])
    for inputs in [1, 2, 4, 8] {
      let couplings = Self.couplings(inputs: inputs)
      table.rows.append(
        Table.Row([
          .integer(inputs), .integer(couplings.infinite), .integer(couplings.infinite + couplings.first),
          .integer(couplings.infinite + couplings.first + couplings.second),
          .integer(Self.moments(variables: 10 * inputs)),
        ]))
    }
    table.notes = [
      "Independent numbers up to each order, for any number of outputs; beside them the moments of a distribution of ten outputs on "
        + "each input that is known to have nothing in common with these."
    ]
    return table
  }
}
