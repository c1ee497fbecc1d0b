import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Skip connections tie the neurons of a residual network to each other: a three-point vertex, which feeds the four-point one.
///
/// In z′ = Wσ(z) + γz each neuron keeps its own value, and (C_W/n)Σσ², the variance of every neuron's branch, contains that value too:
/// E z_i z_j² = T₃/n for i ≠ j where σ² is not even, and this and all higher correlations add to V. With weak skips ReLU branches fluctuate
/// *more* than plain networks: at large depth V/K² grows by ν(½) = 6.5 a layer against 5, where the recursion without them has 3.6; strong
/// skips calm them, ν → 0 as γ → 1.
///
/// Source and recursion: `ResidualFlow`. Domain: n ≫ V/K², Gaussian weights. The order after 1/n is not known: the measurement's extrapolation
/// removes it, and τ bounds what that leaves.
public struct SkipConnections: Law {
  public static let statement = LawStatement(
    key: "skip-connections", chapter: .fluctuations, title: "Skip connections tie neurons together",
    text:
      "A skip connection carries each neuron's own value on, and branches that are not odd or even tell it to all others: neurons of one layer "
      + "are correlated in third order, and the kernel's fluctuations grow by another slope than without.",
    formula:
      "n E z_i z_j^2 → T_3, n Cov(z_i^2, z_j^2) → V, i ≠ j, in z' = Wσ(z) + γz: T_3' = γ[χ T_3 + C_W⟨z σ^2⟩], "
      + "V' = χ^2 V + C_W^2 (⟨σ^4⟩ − ⟨σ^2⟩^2) + 2γ^2 C_W(⟨z^2 σ^2⟩ − K⟨σ^2⟩) + 2C_W⟨(σ^2)'⟩χ T_3 "
      + "+ the same of every Hermite order of σ^2 above 2, χ = γ^2 + C_W d⟨σ^2⟩/dK",
    domain: "Residual multilayer perceptrons of equal widths, Gaussian weights, V ≪ n K^2.",
    experiment:
      "Real residual networks of 5 layers on one input, K^(1) = 1, branches of ReLU, GELU and tanh with C_b = 0 and C_W = 2(1 − γ^2), of tanh "
      + "1 − γ^2, at two widths n = 128 and 2n; averages over pairs of neurons; what ⟨z_i⟩, whose mean is 0, explains of T_3's noise is "
      + "taken off; 1/n is removed by Richardson's 2X_{2n} − X_n. T_3 is compared at the last layer, V by its slope over layers 2 … 5.",
    truncationRule:
      "τ is what Richardson leaves, if each order is smaller than the one before by the same factor: twice the square of the "
      + "step from n to 2n over the size of the number.",
    smallestEffect: "A fifth of each number; of T_3 of an odd branch, which is 0, 0.2.", sources: [.residualVertices])

  struct Case: Sendable {
    var activation: Activation
    var name: String
    /// γ.
    var skip: Double
    /// C_W of the same network without skips.
    var plainWeightVariance: Double

    var key: String { "\(name.lowercased())-\(Int((100 * skip).rounded()))" }
    var title: String { "\(name), γ = \(NumberText.text(skip, digits: 2))" }
    /// C_W of branches that add what the skip takes away.
    var weightVariance: Double { (1 - skip * skip) * plainWeightVariance }

    func flow(orders: Int = ResidualFlow.mostOrders) -> ResidualFlow {
      ResidualFlow(
        activation, skip: skip, weightVariance: weightVariance, biasVariance: 0, firstKernel: 1,
        count: SkipConnections.layers, orders: orders)
    }
  }

  static let cases = [
    Case(activation: Activation(.relu), name: "ReLU", skip: 0.5, plainWeightVariance: 2),
    Case(activation: Activation(.relu), name: "ReLU", skip: 0.9, plainWeightVariance: 2),
    Case(activation: Activation(.gelu), name: "GELU", skip: 0.5, plainWeightVariance: 2),
    Case(activation: Activation(.tanh), name: "tanh", skip: 0.5, plainWeightVariance: 1),
  ]
  /// L.
  static let layers = 5
  static let width = 128

  let budget: LawBudget
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(2_500, 20_000, 150_000)
  }

  private static let depths = (2...layers).map(Double.init)

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in Self.cases {
      let layers = one.flow().layers
      let vertex = layers.dropFirst().map { $0.fourPointVertex! / ($0.kernel * $0.kernel) }
      let tied = layers.dropFirst().map { $0.threePointVertex! / pow($0.kernel, 1.5) }
      let slope = StraightLine.slope(Self.depths, vertex)
      claims += [
        LawClaim(
          "\(one.key)-slope", "slope of V/K^2, \(one.title)", value: slope, smallestEffect: abs(slope) / 5),
        LawClaim(
          "\(one.key)-tie", "T_3/K^{3/2} at ℓ = \(Self.layers), \(one.title)", value: tied.last!,
          smallestEffect: max(0.2, abs(tied.last!) / 5)),
      ]
      curves += [
        LawCurve("\(one.key) V", x: Self.depths, y: vertex), LawCurve("\(one.key) T", x: Self.depths, y: tied),
      ]
    }
    let untied = Self.cases[0].flow(orders: 0).layers.dropFirst()
    curves.append(
      LawCurve("untied", x: Self.depths, y: untied.map { $0.fourPointVertex! / ($0.kernel * $0.kernel) }))
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var measurements: [LawMeasurement] = []
    var blocks: [Matrix<Double>] = []
    var vertices = Plot(title: "Four-point vertex", x: PlotAxis("layer ℓ"), y: PlotAxis("V/K^2"))
    var ties = Plot(title: "Three-point vertex", x: PlotAxis("layer ℓ"), y: PlotAxis("T_3/K^{3/2}"))
    let count = Self.layers - 1
    for (index, one) in Self.cases.enumerated() {
      let ensembles = try [1, 2].map { factor in
        laboratory.progress?(
          "\(one.title), n = \(factor * Self.width)",
          (Double(2 * index + factor) - 1) / Double(2 * Self.cases.count))
        return try moments(
          one, width: factor * Self.width, seed: laboratory.seed(2 * index + factor - 1), in: laboratory)
      }
      /// V/K² of layers 2 … L, then T₃/K^(3/2), n times what each network has.
      func couplings(_ means: [Double], _ n: Double) -> [Double] {
        let layers = (1...count).map { Array(means[(StreamMoments.count * $0)..<(StreamMoments.count * ($0 + 1))]) }
        return layers.map { n * ($0[3] - $0[1] * $0[1]) / ($0[1] * $0[1]) }
          + layers.map { n * ($0[2] - $0[0] * $0[1]) / pow($0[1], 1.5) }
      }
      let n = Double(Self.width)
      let joint = Propagation(ensembles) { means in
        let (narrow, wide) = (couplings(means[0], n), couplings(means[1], 2 * n))
        let values = zip(narrow, wide).map { 2 * $1 - $0 }
        let steps = zip(narrow, wide).map { $1 - $0 }
        return values + [
          StraightLine.slope(Self.depths, Array(values[..<count])),
          StraightLine.slope(Self.depths, Array(steps[..<count])),
          steps[2 * count - 1],
        ]
      }
      for (name, value, step) in [("slope", 2 * count, 2 * count + 1), ("tie", 2 * count - 1, 2 * count + 2)] {
        let claim = forecast.claim("\(one.key)-\(name)")!
        measurements.append(
          LawMeasurement(
            claim.key, joint.estimate(value),
            systematicBound: Propagation.leftByRichardson(
              joint.estimate(step), of: max(abs(claim.value), claim.smallestEffect!)),
            networks: networks))
      }
      blocks.append(joint.covariance(of: [2 * count, 2 * count - 1]))
      let (color, label) = (PlotColor.series(index), InlineText(verbatim: one.title))
      for (part, name) in ["V", "T"].enumerated() {
        let estimates = (0..<count).map { joint.estimate(part * count + $0) }
        let curve = forecast.curve("\(one.key) \(name)")!
        let layers: [PlotLayer] = [
          .points(
            label, x: Self.depths, y: estimates.map(\.value), yError: estimates.map(\.error), color: color),
          .line(label, x: curve.x, y: curve.y, color: color),
        ]
        if part == 0 { vertices.layers += layers } else { ties.layers += layers }
      }
    }
    let untied = forecast.curve("untied")!
    vertices.layers.append(
      .line(
        InlineText(verbatim: "\(Self.cases[0].title), neurons not tied"), x: untied.x, y: untied.y, dash: .dashed,
        color: PlotColor.series(0)))
    return LawEvidence(
      measurements, covariance: .blockDiagonal(blocks),
      figures: [
        Figure(
          "skip-four-point", vertices,
          caption:
            "Points: real residual networks, extrapolated in 1/n; lines: the recursion; dashed: as if neurons were independent."
        ),
        Figure(
          "skip-three-point", ties,
          caption: "The same of the correlation of different neurons, which odd branches do not have."),
      ])
  }

  /// ``StreamMoments`` of one input over networks that are drawn and not trained.
  private func moments(
    _ one: Case, width: Int, seed: UInt64, in laboratory: Laboratory
  ) throws -> StreamingCovariance {
    let skip = Layer(Nonlinearity(Activation(.linear, outputScale: one.skip)))
    let block = Layer(
      Residual([Layer(Nonlinearity(one.activation)), Layer(Dense(units: width))], skip: [skip]))
    let branch = LayerInitialization(weightVariance: one.weightVariance, biasVariance: 0)
    let blocks = Self.layers - 1
    let network = try ResolvedNetwork(
      architecture: Architecture([Layer(Dense(units: width))] + Array(repeating: block, count: blocks)),
      inputShape: [1],
      initializations: [LayerInitialization(weightVariance: 1, biasVariance: 0)]
        + Array(repeating: branch, count: blocks), parametrization: .ntk)
    var options = InitializationExperiment.Options(memoryLimit: 4 << 30)
    options.isCancelled = laboratory.isCancelled
    let rows = try InitializationExperiment(network, inputs: UniformNetwork.single).statistics(
      StreamMoments.count * Self.layers, networks: networks, seed: seed, options: options
    ) { $0.flatMap(StreamMoments.of) }
    var moments = StreamingCovariance(variables: StreamMoments.count * Self.layers)
    for network in 0..<networks { moments.add(rows.row(network)) }
    return moments
  }
}
