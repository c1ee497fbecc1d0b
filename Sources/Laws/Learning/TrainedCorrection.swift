import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The mean of trained networks is that of infinite width up to a term of order 1/n that theory knows, and then one of order 1/n²:
///
///     E f = f_∞ + M/n + O(n⁻²),
///
/// M from the mean of the NTK (H1), its fluctuation (A, B) and its motion (P, Q; R … U).
///
/// Sources: PDLT chapter ∞; `FiniteWidthDynamics`. Domain: gradient descent on few samples under squared error. Measured on real
/// networks, each with its twin of the opposite last layer, which takes the initial function's noise away, and beside its own
/// linearization, from the same draws: what a network differs by from that is the kernel's motion alone, and hardly noisy.
public struct TrainedCorrection: Law {
  public static let statement = LawStatement(
    key: "trained-correction", chapter: .learning, title: "Trained networks are off infinite width by a known 1/n",
    text:
      "Networks of finite width learn something else than kernel regression: their mean output differs by a term of order 1/n that "
      + "theory knows, and with it added by one of order 1/n^2.",
    formula: "E f = f_∞ + M/n + O(n^-2), with M of H_1; A, B; P, Q; R, S, T, U",
    domain:
      "Gradient descent on the squared error of a few samples, critical networks of equal widths, smooth activations (kinks are a law of "
      + "their own), L/n small.",
    experiment:
      "Four digits and one more to test on, depth 3, 12 steps at an eighth of the largest stable rate, n = 8, 12, 16, 24, 32; twins "
      + "with the opposite last layer and each network's own linearization from the same draws. Powers are those of the deviation "
      + "along M, fitted with a correction of relative order 1/n; the motion's is that of networks less their linearizations. n times the deviation, extrapolated to n = ∞ by a "
      + "parabola in 1/n, is compared sample by sample.",
    truncationRule:
      "Powers with the term added: the correction of relative order 1/n is fitted along, a + p ln n + c/n, with δ what 1/(1 − L/n) "
      + "moves p by; plain powers without it are "
      + "shown beside, with δ what a correction 1 + L/n moves them by. Coefficients: τ is the order that the parabola leaves, "
      + "if each is smaller than the one before by the same factor: e√(e/M), e what the parabola changes of a straight line's "
      + "extrapolation, M the largest coefficient.",
    smallestEffect: "Powers: 0.5. Coefficients: 0.3 of the largest.", sources: [.finiteWidthDynamics, .kernelDynamics])

  struct Case: Sendable {
    var activation: Activation
    var name: String
    /// At the narrowest width; wider networks deviate less, and take more.
    var networks: Int
    /// Whether the power of the total deviation with the term added decides.
    var decidesTotal: Bool
    /// The same of the motion's.
    var decidesMotion: Bool
    var key: String { name.lowercased() }
  }

  static let widths = [8, 12, 16, 24, 32]
  /// Networks of each width, in those of the narrowest.
  static let shares = [1, 1, 2, 2, 3]
  /// L.
  static let layers = 4
  static let steps = 12
  static let trainSamples = 4
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)

  let budget: LawBudget
  let cases: [Case]

  public init(_ budget: LawBudget) {
    self.budget = budget
    // GELU's M is ten times that of tanh, whose powers take the most networks; its motion is too small a part of it to tell a power.
    cases = [
      Case(
        activation: Activation(.gelu), name: "GELU", networks: budget.pick(2_000, 20_000, 60_000),
        decidesTotal: true, decidesMotion: false),
      Case(
        activation: Activation(.tanh), name: "tanh", networks: budget.pick(0, 30_000, 240_000),
        decidesTotal: budget == .thorough, decidesMotion: true),
    ].filter { $0.networks > 0 }
  }

  private static func network(_ one: Case, _ width: Int, features: Int) throws -> PerceptronView {
    let point = try Criticality.points(of: one.activation).choice(meanSquaredInput: 1)
    return PerceptronView(
      architecture: MultilayerPerceptron(depth: Self.layers - 1, width: width, activation: one.activation),
      inputs: features, layers: point.layers(count: Self.layers, meanSquaredInput: 1), parametrization: .ntk)
  }

  private static func data() throws -> DataSet<Double> {
    try DataSet<Double>.load(
      DataDescription(
        .named("digits"), classes: [0, 1], train: trainSamples, test: 1, normalize: .sphere, targets: .plusMinusOne),
      seed: 3)
  }

  private static func dynamics(_ one: Case, _ data: DataSet<Double>) throws -> FiniteWidthDynamics {
    try FiniteWidthDynamics(
      network(one, 32, features: data.features), train: data.train.inputs, test: data.test.inputs,
      targets: data.train.targets!, loss: loss)
  }

  private static func rate(_ dynamics: FiniteWidthDynamics) -> Double { 0.25 / dynamics.infiniteWidth.sharpness }

  public func forecast() throws -> LawForecast {
    let data = try Self.data()
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in cases {
      let dynamics = try Self.dynamics(one, data)
      let mean = try dynamics.means(
        try DescentRule(.gradientDescent(), rate: Self.rate(dynamics)), steps: [Self.steps])[0]
      func all(_ part: (TrainedMean.Values) -> Matrix<Double>) -> [Double] {
        part(mean.train).tensor.elements + part(mean.test).tensor.elements
      }
      let total = all(\.correction)
      let motion = zip(all { $0.contributions[.differential]! }, all { $0.contributions[.secondDifferential]! }).map(+)
      let x = total.indices.map { Double($0) }
      curves += [
        LawCurve("\(one.key) infinite", x: x, y: all(\.infiniteWidth)), LawCurve("\(one.key) total", x: x, y: total),
        LawCurve("\(one.key) motion", x: x, y: motion),
        LawCurve("\(one.key) rate", x: [0], y: [Self.rate(dynamics)]),
      ]
      let left = WidthSlope.asymptoticExpansionError(widths: Self.widths, layers: Self.layers)
      claims += [
        LawClaim(
          "\(one.key)-after", "power of n, 1/n added, \(one.name)", value: -2, truncationError: left,
          smallestEffect: 0.5, isDeciding: one.decidesTotal),
        LawClaim(
          "\(one.key)-motion-after", "power of n of the motion, 1/n added, \(one.name)", value: -2,
          truncationError: left,
          smallestEffect: 0.5, isDeciding: one.decidesMotion),
      ]
      let largest = total.map { abs($0) }.max()!
      for sample in total.indices {
        let name: InlineText = sample < Self.trainSamples ? "training sample \(sample + 1)" : "test sample"
        claims.append(
          LawClaim(
            "\(one.key)-\(sample)", "n (E f − f_∞) of the " + name + ", \(one.name)", value: total[sample],
            smallestEffect: 0.3 * largest))
      }
      let next = WidthSlope.expansionError(widths: Self.widths, layers: Self.layers)
      claims += [
        LawClaim(
          "\(one.key)-before", "power of n, \(one.name)", value: -1, truncationError: next, smallestEffect: 0.5,
          isDeciding: false),
        LawClaim(
          "\(one.key)-motion-before", "power of n of the motion, \(one.name)", value: -1, truncationError: next,
          smallestEffect: 0.5, isDeciding: false),
      ]
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    let data = try Self.data()
    var measurements: [LawMeasurement] = []
    var blocks: [Matrix<Double>] = []
    var figures: [Figure] = []
    for (index, one) in cases.enumerated() {
      func curve(_ name: String) -> [Double] { forecast.curve("\(one.key) \(name)")!.y }
      let (limit, total, motion) = (curve("infinite"), curve("total"), curve("motion"))
      let ensembles = try Self.widths.enumerated().map { place, width in
        try moments(
          one, width: width, networks: Self.shares[place] * one.networks, data, rate: curve("rate")[0], limit: limit,
          seed: laboratory.seed(10 * index + place), in: laboratory
        ) {
          laboratory.progress?(
            "\(one.name), n = \(width)",
            (Double(index) + (Double(place) + $0) / Double(Self.widths.count)) / Double(cases.count))
        }
      }
      let reading = TrainedReading(ensembles, widths: Self.widths, total: total, motion: motion)
      for (name, slope) in reading.slopes {
        let isAsymptotic = name.hasSuffix("after")
        measurements.append(
          LawMeasurement(
            "\(one.key)-\(name)", isAsymptotic ? slope.asymptotic : slope.slope, networks: one.networks))
      }
      for sample in total.indices {
        measurements.append(
          LawMeasurement(
            "\(one.key)-\(sample)", reading.joint.estimate(2 + sample),
            systematicBound: Propagation.leftByParabola(
              reading.joint.estimate(2 + total.count + sample), of: total.map { abs($0) }.max()!),
            networks: one.networks))
      }
      // In the claims' order: powers, then samples.
      let deciding = (one.decidesTotal ? [0] : []) + (one.decidesMotion ? [1] : []) + total.indices.map { 2 + $0 }
      blocks.append(reading.joint.covariance(of: deciding))
      figures.append(Self.figure(one, reading))
    }
    return LawEvidence(measurements, covariance: .blockDiagonal(blocks), figures: figures)
  }

  /// n (f − f_∞) and n (f − f_lin) of every sample, over networks with their twins.
  private func moments(
    _ one: Case, width: Int, networks: Int, _ data: DataSet<Double>, rate: Double, limit: [Double], seed: UInt64,
    in laboratory: Laboratory, progress: (Double) -> Void
  ) throws -> StreamingCovariance {
    let experiment = try LinearizationExperiment(
      Self.network(one, width, features: data.features),
      data: TrainingData(
        train: .init(inputs: data.train.inputs, targets: data.train.targets!),
        test: .init(inputs: data.test.inputs, targets: data.test.targets!)),
      optimizer: Optimizer(
        .gradientDescent(), learningRate: .value(rate), steps: Self.steps, loss: Self.loss))
    let n = Double(width)
    var moments = StreamingCovariance(variables: 2 * limit.count)
    try experiment.forEachTwins(networks: networks, seed: seed, in: laboratory, progress: progress) { twins in
      let (f, linear) = (TrainedTwins.mean(twins.outputs), TrainedTwins.mean(twins.linear))
      moments.add(zip(f, limit).map { n * ($0 - $1) } + zip(f, linear).map { n * ($0 - $1) })
    }
    return moments
  }

  private static func figure(_ one: Case, _ reading: TrainedReading) -> Figure {
    var plot = Plot(
      title: "Trained \(one.name) networks less infinite width", x: .log("width n", ticks: widths.map(Double.init)),
      y: .log("deviation, in units of that at n = 8"))
    let x = widths.map(Double.init)
    for (place, (name, values)) in reading.deviations.enumerated() {
      let unit = abs(reading.deviations[place / 2 * 2].1[0].value)
      let places = x.indices.filter { abs(values[$0].value) > 2 * values[$0].error }
      plot.layers.append(
        .points(
          name, x: places.map { x[$0] }, y: places.map { abs(values[$0].value) / unit },
          yError: places.map { values[$0].error / unit }, color: .series(place / 2), isOpen: place % 2 == 0))
    }
    plot.layers.append(.line("n^-1", x: [8, 32], y: [1, 0.25], dash: .dashed, color: .muted))
    plot.layers.append(.line("n^-2", x: [8, 32], y: [0.5, 0.5 / 16], color: .muted))
    return Figure(
      "trained-correction-\(one.key)", plot,
      caption:
        "Deviations of the mean output along the predicted direction. Open: from infinite width, or of networks from their "
        + "linearizations; filled: with the term of order 1/n.")
  }
}
