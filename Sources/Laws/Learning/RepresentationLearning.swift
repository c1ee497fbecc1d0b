import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// What a network learns of its representation is of order L/n: the NTK's differentials, by which training moves it,
///
///     E dĤ z = (P, Q)/n,   E ddĤ = (R, S, T, U)/n,
///
/// vanish at infinite width, and grow with depth at criticality: for K* = 0, P/Θ² → −ℓ/12, Q/Θ² → −(r/16)ℓ, KR/Θ³ → −(1/12)(1 − r/4)ℓ,
/// KS/Θ³ → (1/12)(1 − r)ℓ, KT/Θ³ → (r²/32)ℓ.
///
/// Source: PDLT chapters 11 and ∞. Domain: critical networks of equal widths, L/n small. Measured with exact second and third
/// derivatives of real networks of two outputs, on one input.
public struct RepresentationLearning: Law {
  public static let statement = LawStatement(
    key: "representation-learning", chapter: .learning, title: "Representations are learned in proportion to L/n",
    text:
      "Training moves the tangent kernel, which is how a network learns features; by how much is of order L/n. At infinite width "
      + "nothing moves, and nothing is learned but the last fit.",
    formula: "E dΘ_{n} z = (P, Q)/n and E ddΘ_{n} = (R, S, T, U)/n, where P, Q ∝ Θ^2 ℓ and R, S, T ∝ Θ^3 ℓ/K",
    domain: "Critical networks of equal widths, L/n small; a smooth activation (tanh).",
    experiment:
      "Real networks at n = 16, 32, 64, depth 3, one input, two outputs that tell the tensors apart; derivatives are exact. Powers "
      + "of n: of P + 2Q, which moves the kernel at first order, and of 3R + 2S + 2T + 2U, which does at second. Coefficients: "
      + "Richardson's 2X_{2n} − X_n of the two wider. Other depths are shown beside.",
    truncationRule:
      "Coefficients: τ is the order that Richardson leaves, if each is smaller than the one before by the same factor: "
      + "2(X_{2n} − X_n)^2/|X|. Powers: δ is how far a correction 1 + L/n moves the power that is fitted over these widths.",
    smallestEffect:
      "Powers: 0.5. Coefficients: 0.2 of each, and no less than 0.03 of their largest of the same order.",
    sources: [.tangentKernelStatistics])

  typealias Tensor = TangentDifferentialStatistics.Tensor

  static let widths = [16, 32, 64]
  static let layers = 4
  let budget: LawBudget
  let networks: Int
  /// L of networks that are shown beside.
  let depths: [Int]

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(2_000, 10_000, 60_000)
    depths = budget.pick([], [3, 6], [3, 5, 6])
  }

  private func network(_ layers: Int, _ width: Int) throws -> UniformNetwork {
    try UniformNetwork.critical(Activation(.tanh), layers: layers, width: width, outputs: 2)
  }

  private static func coupling(_ tensor: Tensor) -> Coupling {
    switch tensor {
    case .p: .differentialP
    case .q: .differentialQ
    case .r: .secondDifferentialR
    case .s: .secondDifferentialS
    case .t: .secondDifferentialT
    case .u: .secondDifferentialU
    }
  }

  private static func title(_ tensor: Tensor) -> InlineText {
    let name = tensor.rawValue.uppercased()
    return tensor == .p || tensor == .q ? "\(name)/Θ^2" : "\(name) K/Θ^3"
  }

  public func forecast() throws -> LawForecast {
    let depths = Array(2...8)
    let outputs = try depths.map { try network($0, 64).tensors(extent: .differentials).layers.last! }
    func values(_ layers: Int) -> [Tensor: Double] {
      let output = outputs[layers - 2]
      return Dictionary(
        uniqueKeysWithValues: Tensor.allCases.map { ($0, output.coupling(Self.coupling($0), input: 0)!) })
    }
    let ours = values(Self.layers)
    func largest(_ tensors: [Tensor]) -> Double { tensors.map { abs(ours[$0]!) }.max()! }
    let scales = (first: largest([.p, .q]), second: largest([.r, .s, .t, .u]))
    let next = WidthSlope.expansionError(widths: Self.widths, layers: Self.layers)
    var claims = [
      LawClaim("power-first", "power of n, P + 2Q", value: -1, truncationError: next, smallestEffect: 0.5),
      LawClaim(
        "power-second", "power of n, 3R + 2S + 2T + 2U", value: -1, truncationError: next, smallestEffect: 0.5),
    ]
    for tensor in Tensor.allCases {
      let scale = tensor == .p || tensor == .q ? scales.first : scales.second
      let value = ours[tensor]!
      claims.append(
        LawClaim(
          tensor.rawValue, Self.title(tensor) + ", L = \(Self.layers)", value: value,
          smallestEffect: max(0.2 * abs(value), 0.03 * scale)))
    }
    for layers in self.depths {
      for (name, value) in [("first", Self.first(values(layers))), ("second", Self.second(values(layers)))] {
        claims.append(
          LawClaim(
            "\(name)-\(layers)",
            (name == "first" ? "(P + 2Q)/Θ^2" : "(3R + 2S + 2T + 2U) K/Θ^3") + ", L = \(layers)", value: value,
            isDeciding: false))
      }
    }
    return LawForecast(
      budget, claims: claims,
      curves: [
        LawCurve("first", x: depths.map(Double.init), y: depths.map { Self.first(values($0)) }),
        LawCurve("second", x: depths.map(Double.init), y: depths.map { Self.second(values($0)) }),
      ])
  }

  /// The combinations that move one training sample's kernel at one input.
  private static func first(_ x: [Tensor: Double]) -> Double { x[.p]! + 2 * x[.q]! }
  private static func second(_ x: [Tensor: Double]) -> Double { 3 * x[.r]! + 2 * (x[.s]! + x[.t]! + x[.u]!) }
  private static func combinations(_ x: [Double]) -> [Double] {
    let named = Dictionary(uniqueKeysWithValues: zip(Tensor.allCases, x))
    return [first(named), second(named)]
  }

  /// Means of n times the six contractions at each width; K and Θ of other networks at the two wider.
  private struct Ensembles {
    var contractions: [StreamingCovariance]
    var kernels: [StreamingCovariance]
  }

  private func ensembles(
    _ layers: Int, _ widths: [Int], part: Int, in laboratory: Laboratory, progress: (Double) -> Void
  ) throws -> Ensembles {
    var found = Ensembles(contractions: [], kernels: [])
    for (place, width) in widths.enumerated() {
      progress(Double(place) / Double(widths.count))
      let network = try network(layers, width)
      let statistics = try TangentDifferentialsExperiment(
        network.resolved(features: 1), inputs: UniformNetwork.single, learningRates: network.learningRates
      ).run(networks: networks, seed: laboratory.seed(part + 2 * place), isCancelled: { laboratory.isStopped })
      let columns = Tensor.allCases.map { statistics.values($0, 0, 0, 0, 0) }
      var moments = StreamingCovariance(variables: columns.count)
      for member in 0..<networks { moments.add(columns.map { $0[member] }) }
      found.contractions.append(moments)
      let tangents = try network.tangentStatistics(
        networks: networks, seed: laboratory.seed(part + 2 * place + 1), in: laboratory)
      var units = StreamingCovariance(variables: 2)
      for (kernel, theta) in zip(tangents.kernels(0, 0), tangents.tangentKernels(0, 0)) { units.add([kernel, theta]) }
      found.kernels.append(units)
    }
    return found
  }

  /// Richardson's extrapolation of the six couplings from the last two widths; inputs are contractions, then kernels. Behind them
  /// what each of the couplings changes by from the one width to the other.
  private static func couplings(_ means: [[Double]]) -> [Double] {
    let count = means.count / 2
    func limit(_ start: Int) -> [Double] {
      zip(means[start + count - 2], means[start + count - 1]).map { 2 * $1 - $0 }
    }
    let (x, units) = (limit(0), limit(count))
    let (kernel, theta) = (units[0], units[1])
    let steps = zip(means[count - 2], means[count - 1]).map { $1 - $0 }
    func inUnits(_ values: [Double]) -> [Double] {
      values.enumerated().map { place, value in
        place < 2 ? value / (theta * theta) : value * kernel / (theta * theta * theta)
      }
    }
    return inUnits(x) + inUnits(steps)
  }

  /// n^(−1) times the combinations at each width: what is observed.
  private static func deviations(_ means: [[Double]], _ combination: Int) -> [Double] {
    zip(widths, means).map { Self.combinations($1)[combination] / Double($0) }
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    let parts = Double(depths.count + 1)
    let ours = try ensembles(Self.layers, Self.widths, part: 0, in: laboratory) {
      laboratory.progress?("\(Self.layers) layers", $0 / parts)
    }
    let all = ours.contractions + ours.kernels
    let count = Self.widths.count
    let errors = Propagation(ours.contractions) { means in
      (0..<2).flatMap { Self.deviations(means, $0) }
    }
    let deviations = (0..<2).map { combination in
      (0..<count).map { errors.estimate(combination * count + $0) }
    }
    let slopes = deviations.map { WidthSlope(widths: Self.widths, deviations: $0) }
    let joint = Propagation(all) { means in
      let powers = (0..<2).map { combination in
        zip(slopes[combination].gradient, Self.deviations(means, combination)).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return powers + Self.couplings(means)
    }
    var measurements: [LawMeasurement] = []
    for (name, slope) in zip(["power-first", "power-second"], slopes) {
      measurements.append(LawMeasurement(name, slope.slope, networks: networks))
    }
    for (place, tensor) in Tensor.allCases.enumerated() {
      measurements.append(
        LawMeasurement(
          tensor.rawValue, joint.estimate(2 + place),
          systematicBound: Propagation.leftByRichardson(
            joint.estimate(8 + place), of: abs(forecast.claim(tensor.rawValue)!.value)), networks: networks))
    }
    var points: [(Int, [Estimate])] = [
      (Self.layers, Self.estimates(all))
    ]
    for (index, layers) in depths.enumerated() {
      let there = try ensembles(layers, [32, 64], part: 20 * (index + 1), in: laboratory) {
        laboratory.progress?("\(layers) layers", (Double(index + 1) + $0) / parts)
      }
      let estimates = Self.estimates(there.contractions + there.kernels)
      measurements.append(LawMeasurement("first-\(layers)", estimates[0], networks: networks))
      measurements.append(LawMeasurement("second-\(layers)", estimates[1], networks: networks))
      points.append((layers, estimates))
    }
    return LawEvidence(
      measurements, covariance: joint.covariance(of: Array(0..<8)),
      figures: [widthFigure(deviations), depthFigure(forecast, points.sorted { $0.0 < $1.0 })])
  }

  private static func estimates(_ ensembles: [StreamingCovariance]) -> [Estimate] {
    let result = Propagation(ensembles) { combinations(Array(couplings($0)[..<6])) }
    return [result.estimate(0), result.estimate(1)]
  }

  private func widthFigure(_ deviations: [[Estimate]]) -> Figure {
    var plot = Plot(
      title: "The kernel's motion against width", x: .log("width n", ticks: Self.widths.map(Double.init)),
      y: .log("size at n, in units of that at n = 16"))
    let x = Self.widths.map(Double.init)
    for (place, name) in (["first order, P + 2Q", "second order, 3R + 2S + 2T + 2U"] as [InlineText]).enumerated() {
      let unit = abs(deviations[place][0].value)
      plot.layers.append(
        .points(
          name, x: x, y: deviations[place].map { abs($0.value) / unit },
          yError: deviations[place].map { $0.error / unit },
          color: .series(place)))
    }
    plot.layers.append(.line("n^-1", x: [16, 64], y: [1, 0.25], dash: .dashed, color: .muted))
    return Figure(
      "representation-learning-width", plot, caption: "Real networks, tanh, depth 3. At infinite width nothing moves.")
  }

  private func depthFigure(_ forecast: LawForecast, _ points: [(Int, [Estimate])]) -> Figure {
    var plot = Plot(
      title: "The kernel's motion against depth", x: PlotAxis("layers L"), y: PlotAxis("n × size, in units of K and Θ"))
    for (place, name) in ["first", "second"].enumerated() {
      let label: InlineText = place == 0 ? "(P + 2Q)/Θ^2" : "(3R + 2S + 2T + 2U) K/Θ^3"
      plot.layers.append(
        .points(
          label, x: points.map { Double($0.0) }, y: points.map { $0.1[place].value },
          yError: points.map { $0.1[place].error }, color: .series(place)))
      if let curve = forecast.curve(name) {
        plot.layers.append(.line(label, x: curve.x, y: curve.y, color: .series(place)))
      }
    }
    return Figure(
      "representation-learning-depth", plot,
      caption: "Points: real networks extrapolated from n = 32 and 64. Lines: the recursions at order 1/n.")
  }
}
