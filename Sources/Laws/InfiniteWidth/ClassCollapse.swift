import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The universality class K* = 0: kernels of different activations lie on one curve.
///
/// K′ = K + a₁K² + O(K³), so that κ = −a₁K obeys κ′ = κ − κ² for every activation of the class: 1/κ rises by one a layer and
/// κ → 1/ℓ, with a₁ = s₃ + ¾s₂², s_p = σ^(p)(0)/σ′(0). Source: PDLT §5.3. Domain: κ ≪ 1, ℓ/n ≪ 1. Measured as means of
/// Ĝ^(ℓ) over real networks, all begun at the same κ.
public struct ClassCollapse: Law {
  public static let statement = LawStatement(
    key: "class-collapse", chapter: .infiniteWidth, title: "One curve for a whole class of activations",
    text:
      "Critical kernels of tanh, sin, erf and any other activation of the class K^{★} = 0 fall along one curve once each is measured "
      + "in units of its own a_1.",
    formula: "κ = −a_1 K: 1/κ^(ℓ+1) = 1/κ^(ℓ) + 1 + O(κ), so that −a_1 ℓ K → 1; a_1 = s_3 + ¾ s_2^2",
    domain: "Critical networks with σ(0) = 0, σ′(0) ≠ 0 and a_1 < 0, κ ≪ 1, ℓ/n ≪ 1.",
    experiment:
      "Mean kernels of real networks of width 256 at criticality, five activations, all begun at κ = 0.25; the slope of 1/κ over "
      + "layers 16–32, and the power of κ against ℓ + 3, where κ = 1/(ℓ + 3) if nothing but the class mattered.",
    truncationRule:
      "Predicted are the slope of each activation's own recursion with its order 1/n, for which titles name the limit 1. δ is what the "
      + "next order of the mean kernel, O(1/n^2), does to it.",
    smallestEffect: "A tenth of the slope, without a_1 they differ by factors.",
    sources: [.kernelRecursion, .criticality, .kernelCorrection])

  struct Case: Sendable {
    var key: String
    var name: String
    var activation: Activation
  }

  let budget: LawBudget
  let networks: Int
  let cases = [
    Case(key: "tanh", name: "tanh", activation: Activation(.tanh)),
    Case(key: "sin", name: "sin", activation: Activation(.sin)),
    Case(key: "erf", name: "erf", activation: Activation(.erf)),
    Case(key: "hermite", name: "z^{3} − 3z", activation: Activation(.hermite(degree: 3))),
    Case(
      key: "skewed", name: "z + z^{2}/5 − z^{3}/3",
      activation: Activation(.polynomial(coefficients: [0, 1, 0.2, -1.0 / 3]))),
  ]
  static let layers = 32
  static let width = 256
  static let start = 0.25

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(250, 2500, 25_000)
  }

  /// The critical point at K* = 0, and a₁.
  private func network(_ one: Case) throws -> (network: UniformNetwork, a1: Double) {
    let analysis = Criticality.points(of: one.activation)
    let point = try analysis.points.first { $0.kernel == 0 } ?? analysis.choice()
    let a1 = point.exponents.a1 ?? .nan
    return (
      UniformNetwork(point, firstKernel: Self.start / -a1, layers: Self.layers, width: Self.width), a1
    )
  }

  /// The slope of 1/κ and the power of κ in ℓ + 1/κ^(1) − 1, from κ of layers 2 … L.
  static func numbers(_ rescaled: [Double]) -> [Double] {
    let range = 16...layers
    let x = range.map(Double.init)
    return [
      StraightLine.slope(x, range.map { 1 / rescaled[$0 - 2] }),
      -StraightLine.slope(x.map { log($0 + 1 / start - 1) }, range.map { log(rescaled[$0 - 2]) }),
    ]
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    var powers: [(value: Double, next: Double)] = []
    for one in cases {
      let (network, a1) = try network(one)
      let flow = network.flow().layers.dropFirst()
      let rescaled = flow.map { -a1 * ($0.kernel + $0.shift) }
      let values = Self.numbers(rescaled)
      let next = Self.numbers(flow.map { -a1 * ($0.kernel + $0.shift + $0.nextShift) })
      claims.append(
        LawClaim(
          one.key, InlineText(markup: "d(1/κ)/dℓ of \(one.name) (→ 1)"), value: values[0],
          truncationError: abs(next[0] - values[0]), smallestEffect: 0.1))
      powers.append((values[1], next[1]))
      curves.append(LawCurve(one.key, x: (2...Self.layers).map(Double.init), y: rescaled))
    }
    let power = powers.reduce(0) { $0 + $1.value } / Double(cases.count)
    let next = powers.reduce(0) { $0 + $1.next } / Double(cases.count)
    claims.append(
      LawClaim(
        "power", "p of κ ∝ (ℓ + 3)^{−p}, mean of all (→ 1)", value: power, truncationError: abs(next - power),
        smallestEffect: 0.1))
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var rescaled: [[[Double]]] = []
    for (index, one) in cases.enumerated() {
      laboratory.progress?("networks of \(one.key)", Double(index) / Double(cases.count))
      let (network, a1) = try network(one)
      let kernels = try network.ensemble(networks: networks, seed: laboratory.seed(index + 1), in: laboratory)
        .kernelsByLayer()
      rescaled.append(kernels.map { $0.map { -a1 * $0 } })
    }
    let all = rescaled
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 300, seed: laboratory.seed(10)) { picked in
      let sample = PickedNetworks(picked)
      let numbers = all.map { Self.numbers($0.map(sample.mean)) }
      return numbers.map { $0[0] } + [numbers.reduce(0) { $0 + $1[1] } / Double(numbers.count)]
    }
    var plot = Plot(
      title: "Rescaled kernels, width 256", x: .log("ℓ + 3"), y: .log("κ = −a_1 E G^(ℓ)"), size: .wide)
    for (index, one) in cases.enumerated() {
      plot.layers.append(.depth(InlineText(markup: one.name), rescaled[index], offset: 3, color: .series(index)))
      if let curve = forecast.curve(one.key) {
        plot.layers.append(
          .line(InlineText(markup: one.name), x: curve.x.map { $0 + 3 }, y: curve.y, color: .series(index)))
      }
    }
    let guide = (5...(Self.layers + 3)).map(Double.init)
    plot.layers.append(.line("1/(ℓ + 3)", x: guide, y: guide.map { 1 / $0 }, dash: .dashed, color: .ink))
    return LawEvidence(
      bootstrap.measurements(forecast.claims.map(\.key), networks: networks), covariance: bootstrap.covariance,
      figures: [
        Figure(
          "class-collapse", plot,
          caption:
            "Points: real networks with standard errors; lines: each activation's recursion with its order 1/n; dashed: the class's "
            + "own curve. What is left between them is of relative order κ ln ℓ and ℓ/n.")
      ])
  }
}
