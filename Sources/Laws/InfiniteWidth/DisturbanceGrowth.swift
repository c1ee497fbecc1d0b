import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// How a small disturbance of the input spreads through depth in the three phases.
///
/// The squared distance of two inputs' preactivations, D = K_11 + K_22 − 2K_12 = 2K(1 − c), goes as D′ = χ_⊥(K) D while it is small:
/// it falls as χ_⊥^ℓ in the ordered phase; at tanh's critical point as ℓ^(−p_⊥) with p_⊥ = 1, as K itself, so that 1 − c stays;
/// in the chaotic phase it grows as χ_⊥^ℓ until c reaches c* < 1. Source: Poole et al. 2016, Schoenholz et al. 2017, PDLT §5.1.
/// Domain: ℓ/n ≪ 1. Measured as means of Ĝ_11 + Ĝ_22 − 2Ĝ_12 over real networks in float64.
public struct DisturbanceGrowth: Law {
  public static let statement = LawStatement(
    key: "disturbance", chapter: .infiniteWidth, title: "A small disturbance dies, stays or grows",
    text:
      "Two nearly equal inputs come together exponentially in the ordered phase, keep their angle at criticality, and part "
      + "exponentially in the chaotic phase until their correlation is c^{★}.",
    formula:
      "D = 2K(1 − c): D ∝ χ_⊥^ℓ with χ_⊥ = C_W ⟨σ′^2⟩ < 1 (ordered) or > 1 (chaotic, until c = c^{★}); D ∝ ℓ^{−1} at C_b = 0, C_W = 1 "
      + "(tanh)",
    domain: "Wide networks, ℓ/n ≪ 1; rates while 1 − c ≪ 1.",
    experiment:
      "Real tanh networks of width 256 in float64, on two inputs: 1 − c = 10^-4 for the rates, 0.1 where it shall "
      + "saturate. Ordered: C_b = 0.05, C_W = 0.9 at its K^{★}; critical: C_b = 0, C_W = 1; chaotic: C_b = 0.05, C_W = 4 at its K^{★}.",
    truncationRule:
      "Predicted is the recursion with its order 1/n over the same layers; titles name the limit. δ is what half the square of the "
      + "order-1/n correction would do to the number.",
    smallestEffect: "0.03 of a rate per layer (the phases differ by 0.5), 0.1 of a power, 0.03 of c^{★}.",
    sources: [.correlationMap, .susceptibility, .fixedPoints, .kernelCorrection])

  let budget: LawBudget
  let networks: Int
  let gaps = [1e-4, 1e-4, 1e-4, 0.1]
  let cases: [UniformNetwork]

  static let keys = ["ordered-rate", "critical-power", "critical-angle", "chaotic-rate", "chaotic-correlation"]
  static let names = ["ordered", "critical", "chaotic", "chaotic, larger"]

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(400, 1500, 15_000)
    func atFixedPoint(_ weight: Double, layers: Int) -> UniformNetwork {
      let map = KernelMap(Activation(.tanh), weightVariance: weight, biasVariance: 0.05)
      return UniformNetwork(
        map.activation, weightVariance: weight, biasVariance: 0.05,
        firstKernel: FixedPoints(map).reached(from: 1, by: map)?.kernel ?? .nan, layers: layers, width: 256)
    }
    cases = [
      atFixedPoint(0.9, layers: 24),
      UniformNetwork(Activation(.tanh), weightVariance: 1, firstKernel: 0.5, layers: 40, width: 256),
      atFixedPoint(4, layers: 10), atFixedPoint(4, layers: 24),
    ]
  }

  /// The numbers that decide, from squared distances of layers 2 … L of each case, and the kernels of the second and the last.
  static func numbers(_ distances: [[Double]], kernels: [[Double]]) -> [Double] {
    func rate(_ values: [Double], _ range: ClosedRange<Int>) -> Double {
      StraightLine.slope(range.map(Double.init), range.map { log(values[$0 - 2]) })
    }
    func power(_ values: [Double], _ range: ClosedRange<Int>) -> Double {
      StraightLine.slope(range.map { log(Double($0)) }, range.map { log(values[$0 - 2]) })
    }
    let relative = zip(distances[1], kernels[1]).map { $0 / $1 }
    let saturated = zip(distances[3], kernels[3]).map { 1 - $0 / (2 * $1) }[16...22]
    return [
      rate(distances[0], 2...24), -power(distances[1], 20...40), power(relative, 20...40),
      rate(distances[2], 2...10), saturated.reduce(0, +) / Double(saturated.count),
    ]
  }

  private func flows() throws -> [FiniteWidthFlow] {
    try zip(cases, gaps).map { try $0.tensors(UniformNetwork.pair(gap: $1)) }
  }

  private static func distances(_ flow: FiniteWidthFlow, next: Bool) -> [Double] {
    flow.squaredDistances.map { limit, correction in
      limit + correction + (next ? correction * correction / limit / 2 : 0)
    }
  }

  public func forecast() throws -> LawForecast {
    let flows = try flows()
    let singles = cases.map { $0.flow().layers.dropFirst() }
    let values = Self.numbers(
      flows.map { Self.distances($0, next: false) }, kernels: singles.map { $0.map { $0.kernel + $0.shift } })
    let next = Self.numbers(
      flows.map { Self.distances($0, next: true) },
      kernels: singles.map { $0.map { $0.kernel + $0.shift + $0.nextShift } })
    let limits = cases.map { network -> (rate: Double, correlation: Double) in
      let point = FixedPoints(network.map).reached(from: network.firstKernel, by: network.map)
      return point.map {
        (log($0.susceptibility.perpendicular), CorrelationFixedPoint(at: $0, of: network.map).correlation)
      } ?? (0, 1)
    }
    func text(_ value: Double) -> String { String(format: "%.4f", value) }
    let titles: [InlineText] = [
      "d ln D/dℓ, ordered, layers 2–24 (→ ln χ_⊥ = \(text(limits[0].rate)))",
      "p of D ∝ ℓ^{−p}, critical, layers 20–40 (→ 1)",
      "d ln(1 − c)/d ln ℓ, critical, layers 20–40 (→ 0)",
      "d ln D/dℓ, chaotic, layers 2–10 (→ ln χ_⊥ = \(text(limits[2].rate)))",
      "c, chaotic, layers 18–24 (→ c^{★} = \(text(limits[3].correlation)))",
    ]
    let effects = [0.03, 0.1, 0.1, 0.03, 0.03]
    let claims = Self.keys.indices.map { place in
      LawClaim(
        Self.keys[place], titles[place], value: values[place], truncationError: abs(next[place] - values[place]),
        smallestEffect: effects[place])
    }
    let curves = flows.indices.map { index in
      LawCurve(
        Self.names[index], x: (2...cases[index].layers).map(Double.init),
        y: Self.distances(flows[index], next: false))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var distances: [[[Double]]] = []
    var kernels: [[[Double]]] = []
    for (index, network) in cases.enumerated() {
      laboratory.progress?("\(Self.names[index]) networks", Double(index) / Double(cases.count))
      let ensemble = try network.ensemble(
        UniformNetwork.pair(gap: gaps[index]), networks: networks, seed: laboratory.seed(index + 1),
        precision: .float64, in: laboratory)
      distances.append(ensemble.squaredDistancesByLayer())
      let (first, second) = (ensemble.kernelsByLayer(0, 0), ensemble.kernelsByLayer(1, 1))
      kernels.append(zip(first, second).map { zip($0, $1).map { ($0 + $1) / 2 } })
    }
    let (all, sizes) = (distances, kernels)
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 300, seed: laboratory.seed(10)) { picked in
      let sample = PickedNetworks(picked)
      return Self.numbers(all.map { $0.map(sample.mean) }, kernels: sizes.map { $0.map(sample.mean) })
    }
    var plot = Plot(
      title: "Squared distance of two inputs, tanh, width 256", x: PlotAxis("layer ℓ"),
      y: .log("E(G_{11} + G_{22} − 2G_{12})"), size: .wide)
    for index in cases.indices {
      let color = PlotColor.series(index)
      let name = InlineText(verbatim: Self.names[index])
      plot.layers.append(.depth(name, distances[index], color: color, isThinned: false))
      if let curve = forecast.curve(Self.names[index]) {
        plot.layers.append(.line(name, x: curve.x, y: curve.y, color: color))
      }
    }
    return LawEvidence(
      bootstrap.measurements(Self.keys, networks: networks), covariance: bootstrap.covariance(first: Self.keys.count),
      figures: [
        Figure(
          "disturbance", plot,
          caption:
            "Points: real networks with standard errors; lines: the recursion of two inputs with its order 1/n. *Larger*: two inputs "
            + "that begin a thousand times further apart and saturate at c^{★}.")
      ])
  }
}
