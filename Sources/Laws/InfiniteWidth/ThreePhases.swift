import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// How the kernel goes with depth in the ordered phase, at criticality and in the chaotic phase.
///
/// K^(ℓ+1) = C_b + C_W⟨σ²⟩. For tanh with C_b = 0: K ∝ C_W^ℓ where C_W < 1; K → 1/(2ℓ) at C_W = 1, since
/// K′ = K − 2K²; K → K* > 0 where C_W > 1, with K − K* ∝ χ_∥^ℓ, ξ_∥ = −1/ln χ_∥. Source: Poole et al. 2016, Schoenholz et al.
/// 2017, PDLT §5. Domain: ℓ/n ≪ 1. Measured as means of Ĝ^(ℓ) over real networks, fitted over the layers that the titles name.
public struct ThreePhases: Law {
  public static let statement = LawStatement(
    key: "criticality", chapter: .infiniteWidth, title: "Ordered, critical, chaotic: how the kernel goes with depth",
    text:
      "Away from criticality the kernel of a deep network reaches its fixed point exponentially in depth; at criticality it "
      + "falls as a power of it: K → 1/(2ℓ) for tanh.",
    formula:
      "tanh, C_b = 0: K ∝ C_W^ℓ for C_W < 1; K → 1/(2ℓ) at C_W = 1; K − K^{★} ∝ e^{−ℓ/ξ}, ξ = −1/ln χ_∥(K^{★}), for C_W > 1",
    domain: "Wide networks of independent weights, ℓ/n ≪ 1; the power law for ℓ ≫ 1.",
    experiment:
      "Mean kernels of real tanh networks of width 256: one input at C_W = 0.8 and at C_W = 1; at C_W = 1.5 two collinear inputs "
      + "on either side of K^{★}, whose difference decays at the rate 1/ξ. Slopes are least-squares lines on logarithms.",
    truncationRule:
      "Predicted is the recursion with its order 1/n over the same layers; titles name the limit of infinite depth. δ is what the "
      + "next order of the mean kernel, O(1/n^2), does to the number; for the difference of two inputs half the square of order 1/n.",
    smallestEffect: "A tenth of each number.",
    sources: [.kernelRecursion, .criticality, .fixedPoints, .kernelCorrection])

  let budget: LawBudget
  let networks: Int
  let ordered = UniformNetwork(
    Activation(.tanh), weightVariance: 0.8, firstKernel: 0.5, layers: 32, width: 256)
  let critical = UniformNetwork(Activation(.tanh), weightVariance: 1, firstKernel: 0.5, layers: 48, width: 256)
  let chaotic: UniformNetwork
  /// Mean squares of the collinear inputs, in units of K*.
  let sides = [0.8, 1.25]

  static let keys = ["ordered-rate", "critical-power", "critical-amplitude", "chaotic-kernel", "chaotic-rate"]

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(400, 4000, 40_000)
    let map = KernelMap(Activation(.tanh), weightVariance: 1.5, biasVariance: 0)
    chaotic = UniformNetwork(
      map.activation, weightVariance: map.weightVariance,
      firstKernel: FixedPoints(map).reached(from: 1, by: map)?.kernel ?? .nan, layers: 16, width: 256)
  }

  /// The numbers that decide, from mean kernels of layers 2 … L: of the ordered, the critical, and both chaotic inputs.
  static func numbers(ordered: [Double], critical: [Double], below: [Double], above: [Double]) -> [Double] {
    func layers(_ range: ClosedRange<Int>) -> [Double] { range.map(Double.init) }
    func logarithms(_ kernels: [Double], _ range: ClosedRange<Int>) -> [Double] { range.map { log(kernels[$0 - 2]) } }
    let (half, tail) = (16...32, 24...48)
    let differences = zip(below, above).map { $1 - $0 }
    let deep = zip(below, above).map { ($0 + $1) / 2 }[8...14]
    let rate = StraightLine.slope(layers(half), logarithms(ordered, half))
    let power = -StraightLine.slope(layers(tail).map { log($0) }, logarithms(critical, tail))
    let approach = StraightLine.slope(layers(3...8), logarithms(differences, 3...8))
    return [rate, power, 2 * 48 * critical[46], deep.reduce(0, +) / Double(deep.count), approach]
  }

  private func predicted(_ order: Int) -> [Double] {
    func kernels(_ network: UniformNetwork, _ q: Double = 1) -> [Double] {
      network.flow(meanSquaredInput: q).layers.dropFirst().map {
        $0.kernel + (order > 0 ? $0.shift : 0) + (order > 1 ? $0.nextShift : 0)
      }
    }
    return Self.numbers(
      ordered: kernels(ordered), critical: kernels(critical), below: kernels(chaotic, sides[0]),
      above: kernels(chaotic, sides[1]))
  }

  public func forecast() throws -> LawForecast {
    let (values, next) = (predicted(1), predicted(2))
    let titles: [InlineText] = [
      "d ln K/dℓ, ordered, layers 16–32 (→ ln C_W = −0.2231)", "p of K ∝ ℓ^{−p}, critical, layers 24–48 (→ 1)",
      "2ℓK at ℓ = 48, critical (→ 1)", "K^{★}, chaotic, layers 10–16",
      "−1/ξ: d ln ΔK/dℓ, chaotic, layers 3–8",
    ]
    let claims = Self.keys.indices.map { place in
      LawClaim(
        Self.keys[place], titles[place], value: values[place], truncationError: abs(next[place] - values[place]),
        smallestEffect: abs(values[place]) / 10)
    }
    // Above the fixed point, in the chaotic phase.
    let curves = [("ordered", ordered, 1), ("critical", critical, 1), ("chaotic", chaotic, sides[1])].map {
      name, network, start in
      let layers = network.flow(meanSquaredInput: start).layers
      return LawCurve(name, x: layers.map { Double($0.layer) }, y: layers.map { $0.kernel + $0.shift })
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    laboratory.progress?("ordered phase", 0)
    let low = try ordered.ensemble(networks: networks, seed: laboratory.seed(1), in: laboratory).kernelsByLayer()
    laboratory.progress?("critical point", 0.3)
    let middle = try critical.ensemble(networks: networks, seed: laboratory.seed(2), in: laboratory).kernelsByLayer()
    laboratory.progress?("chaotic phase", 0.8)
    let inputs = Matrix<Double>(rows: 2, columns: 1, elements: sides.map { $0.squareRoot() })
    let high = try chaotic.ensemble(inputs, networks: networks, seed: laboratory.seed(3), in: laboratory)
    let (below, above) = (high.kernelsByLayer(0, 0), high.kernelsByLayer(1, 1))
    let all = [low, middle, below, above]
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 300, seed: laboratory.seed(10)) { picked in
      let sample = PickedNetworks(picked)
      let means = all.map { $0.map(sample.mean) }
      return Self.numbers(ordered: means[0], critical: means[1], below: means[2], above: means[3])
    }
    return LawEvidence(
      bootstrap.measurements(Self.keys, networks: networks), covariance: bootstrap.covariance(first: Self.keys.count),
      figures: [figure(forecast, [("ordered", low), ("critical", middle), ("chaotic", above)])])
  }

  private func figure(_ forecast: LawForecast, _ measured: [(String, [[Double]])]) -> Figure {
    var plot = Plot(
      title: "Mean kernel of tanh networks, width 256", x: .log("layer ℓ"), y: .log("E G^(ℓ)"), size: .wide)
    for (index, (name, layers)) in measured.enumerated() {
      let color = PlotColor.series(index)
      plot.layers.append(.depth(InlineText(verbatim: name), layers, color: color))
      if let curve = forecast.curve(name) {
        plot.layers.append(.line(InlineText(verbatim: name), x: curve.x, y: curve.y, color: color))
      }
    }
    let guide = (4...48).map(Double.init)
    plot.layers.append(.line("1/(2ℓ)", x: guide, y: guide.map { 1 / (2 * $0) }, dash: .dashed, color: .ink))
    return Figure(
      "criticality", plot,
      caption:
        "Points: real networks at C_W = 0.8, 1 and 1.5, with standard errors; lines: the recursion with its order 1/n; dashed: "
        + "the limit at criticality.")
  }
}
