import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// At a given number of parameters a network may be deep or wide. How far trained networks differ from each other is of order 1/n with a
/// coefficient that grows with depth, so that L/n decides and not the number of parameters:
///
///     Var f/(E f)² = g(L)/n ~ L/n,
///
/// f a trained output averaged over the two signs of the initial last layer, which at infinite width is the same for all networks.
///
/// Sources: PDLT §3.4 and appendix A. Domain: critical tanh networks, gradient descent at a fixed part of the largest rate that is
/// stable at infinite width. That it is L/n and nothing else is a statement on many layers: at few, g is no straight line from 0.
/// r* = 4/((20 + 3n_L)ν), where initial outputs share most information, is shown beside the depth with the lowest test loss: it is no
/// statement on losses.
public struct DepthAgainstWidth: Law {
  public static let statement = LawStatement(
    key: "depth-against-width", chapter: .learning, title: "Depth against width: L/n decides",
    text:
      "Of networks with equally many parameters the deeper are the narrower. How far trained ones differ from one another, and how "
      + "many do not learn, depends on L/n, whatever the number of parameters.",
    formula: "Var f/(E f)^2 = g(L)/n ~ L/n for trained outputs f, whatever the number of parameters",
    domain:
      "tanh networks at criticality, 1 ≪ L ≪ n; gradient descent at half the largest rate that is stable at "
      + "infinite width.",
    experiment:
      "Digits, ten outputs, two numbers of parameters four times apart, from 1 to 32 or more hidden layers; every network with its twin of the "
      + "opposite last layer, whose mean has no noise of the initial function. The power of n is that of the two sizes at equal depth; "
      + "other comparisons are at equal L/n. Up to L/n = 0.35, failures beyond. A network fails that learns less than predicting 0.",
    truncationRule:
      "δ of the two statements on L/n: what the exact variance of the tangent kernel at order 1/n, (A + 2B)/(nΘ^2), departs from a "
      + "function of L/n alone at the same depths and widths. τ of powers: what they change without the largest L/n.",
    smallestEffect: "0.3 of powers; a factor 1.5 between the two sizes; 0.2 of the fraction of failures.",
    sources: [.aspectRatio, .tangentKernelStatistics, .kernelDynamics])

  /// L/n up to which the leading power is looked for.
  static let largestPerturbative = 0.35
  static let loss = Loss.meanSquaredError(reduction: .mean, half: true)

  let budget: LawBudget
  let parameters: [Int]
  let depths: [Int]
  let networks: Int
  let samples: Int
  let steps: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    parameters = budget.pick([3_000, 12_000], [4_000, 16_000], [8_000, 32_000])
    depths = budget.pick(
      [1, 2, 4, 8, 16, 32], [1, 2, 4, 8, 16, 32, 64], [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64])
    networks = budget.pick(40, 100, 200)
    samples = budget.pick(60, 80, 100)
    steps = budget.pick(60, 80, 150)
  }

  private func data() throws -> DataSet<Double> {
    try DataSet<Double>.load(
      DataDescription(.named("digits"), train: samples, test: 100, normalize: .sphere, targets: .centred), seed: 5)
  }

  /// The networks of each number of parameters.
  private func shapes(_ data: DataSet<Double>) throws -> [[DepthWidthNetworks]] {
    try parameters.map { count in
      try depths.map {
        try DepthWidthNetworks(parameters: count, depth: $0, features: data.features, outputs: data.outputs!)
      }
    }
  }

  public func forecast() throws -> LawForecast {
    let data = try data()
    let shapes = try shapes(data)
    let theory = try shapes.map { try $0.map { log(try $0.tangentVariance()) } }
    let comparison = DepthWidthComparison(shapes.map { $0.map(\.aspectRatio) })
    let perturbative = comparison.perturbative
    let power = comparison.power(theory.flatMap { $0 }, perturbative)
    let collapse = comparison.collapse(theory, perturbative: true)
    let point = try Criticality.points(of: DepthWidthNetworks.activation).choice(meanSquaredInput: 1)
    let optimal = AspectRatio.optimal(outputs: data.outputs!, nu: point.exponents.nu)!
    var claims = [
      LawClaim(
        "collapse", "ln of the ratio of the variances of both sizes at equal L/n", value: 0,
        truncationError: abs(collapse), smallestEffect: log(1.5)),
      LawClaim("failures", "difference of the fractions of failures at equal L/n", value: 0, smallestEffect: 0.2),
      LawClaim(
        "power", "power of L/n at equal numbers of parameters", value: 1, truncationError: abs(power - 1),
        smallestEffect: 0.3),
      LawClaim("width", "power of n at equal depth", value: -1, smallestEffect: 0.3, isDeciding: false),
    ]
    for count in parameters {
      claims.append(
        LawClaim(
          "best-\(count)", "ln of the best L/n over r^{★}, \(count) parameters", value: 0, smallestEffect: log(3),
          isDeciding: false))
    }
    var curves = [LawCurve("optimal", x: [optimal], y: [0])]
    for (place, count) in parameters.enumerated() {
      curves.append(
        LawCurve("\(count)", x: shapes[place].map(\.aspectRatio), y: theory[place].map { exp($0) }))
      curves.append(
        LawCurve(
          "\(count) rate", x: shapes[place].map(\.aspectRatio),
          y: try shapes[place].map { try $0.rate(data, fraction: 0.5, loss: Self.loss) }))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    let data = try data()
    let shapes = try shapes(data)
    var outcomes: [[DepthWidthOutcome]] = []
    let total = Double(shapes.count * depths.count)
    for (row, networks) in shapes.enumerated() {
      let rates = forecast.curve("\(parameters[row]) rate")!.y
      outcomes.append(
        try networks.enumerated().map { place, shape in
          laboratory.progress?(
            "\(parameters[row]) parameters, \(shape.depth) hidden layers",
            Double(row * depths.count + place) / total)
          return try outcome(shape, data, rate: rates[place], seed: laboratory.seed(100 * row + place), in: laboratory)
        })
    }
    let comparison = DepthWidthComparison(shapes.map { $0.map(\.aspectRatio) })
    // Without half of the networks there is no spread to speak of: such shapes leave the comparison.
    let spreads = outcomes.map { $0.map { $0.spread ?? Estimate(value: .nan, error: 1) } }
    let values = spreads.map { $0.map(\.value) }
    let usable = comparison.perturbative.filter { values.flatMap { $0 }[$0].isFinite }
    let largest = usable.max { comparison.flat[$0] < comparison.flat[$1] }
    let widths = shapes.map { $0.map { Double($0.width) } }
    func power(_ values: [[Double]], _ places: [Int]) -> Double { comparison.power(values.flatMap { $0 }, places) }
    func ofWidth(_ values: [[Double]], dropsDeepest: Bool = false) -> Double {
      comparison.powerOfWidth(values, widths, dropsDeepest: dropsDeepest)
    }
    func collapse(_ values: [[Double]]) -> Double { comparison.collapse(values, perturbative: true) }
    func failures(_ values: [[Double]]) -> Double { comparison.collapse(values, perturbative: false) }
    let fractions = outcomes.map { $0.map(\.failures.value) }
    // All are linear in what is measured of each shape; one that has no spread is left out of every unit, too.
    func gradient(_ errors: [[Double]], _ function: ([[Double]]) -> Double) -> [Double] {
      shapes.indices.flatMap { row in
        depths.indices.map { place -> Double in
          var unit = values.map { $0.map { $0.isFinite ? 0 : Double.nan } }
          guard unit[row][place].isFinite else { return 0 }
          unit[row][place] = 1
          return function(unit) * errors[row][place]
        }
      }
    }
    let sigma = spreads.map { $0.map(\.error) }
    let rows = [
      gradient(sigma) { ofWidth($0) }, gradient(sigma) { collapse($0) }, gradient(sigma) { power($0, usable) },
    ]
    func product(_ i: Int, _ j: Int) -> Double { zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 } }
    // One network of all is the least that a fraction can be wrong by.
    let ofFailures = shapes.indices.flatMap { row in
      depths.indices.map { place -> Double in
        var unit = fractions.map { $0.map { _ in 0.0 } }
        unit[row][place] = 1
        let outcome = outcomes[row][place]
        return failures(unit) * max(outcome.failures.error, 0.5 / Double(outcome.networks))
      }
    }
    let failureVariance = ofFailures.reduce(0) { $0 + $1 * $1 }
    // Of the deciding claims: the two sizes' ratio, failures, the power of L/n.
    let covariance = Matrix(
      rows: 3, columns: 3,
      elements: [product(1, 1), 0, product(1, 2), 0, failureVariance, 0, product(2, 1), 0, product(2, 2)])
    let fewest = networks
    var measurements = [
      LawMeasurement(
        "width", value: ofWidth(values), standardError: product(0, 0).squareRoot(),
        systematicBound: abs(ofWidth(values, dropsDeepest: true) - ofWidth(values)), networks: fewest),
      LawMeasurement(
        "collapse", value: collapse(values), standardError: product(1, 1).squareRoot(), networks: fewest),
      LawMeasurement(
        "failures", value: failures(fractions), standardError: failureVariance.squareRoot(), networks: fewest),
      LawMeasurement(
        "power", value: power(values, usable), standardError: product(2, 2).squareRoot(),
        systematicBound: abs(power(values, usable.filter { $0 != largest }) - power(values, usable)),
        networks: fewest),
    ]
    let optimal = forecast.curve("optimal")!.x[0]
    for (row, count) in parameters.enumerated() {
      let best = Self.best(comparison.ratios[row], outcomes[row].map(\.testLoss))
      measurements.append(
        LawMeasurement(
          "best-\(count)", value: log(best.value / optimal), standardError: best.error, networks: fewest))
    }
    return LawEvidence(
      measurements, covariance: covariance, figures: figures(forecast, comparison.ratios, outcomes),
      tables: [table(shapes, outcomes)],
      remarks: [
        "At equal depth the variance times n is one number for both sizes, as order 1/n says; from depth to depth it grows less than in "
          + "proportion to L, so that the power of L/n along one size is below 1 and the sizes differ at equal L/n. Where this refutes "
          + "the law, it is the depths of networks of such sizes that are outside of its domain, 1 ≪ L.",
        "r^{★} says where two initial outputs share most information; that trained networks do best there is a guess of its source, "
          + "shown beside and not decided on.",
      ])
  }

  private func outcome(
    _ shape: DepthWidthNetworks, _ data: DataSet<Double>, rate: Double, seed: UInt64, in laboratory: Laboratory
  ) throws -> DepthWidthOutcome {
    let experiment = try LinearizationExperiment(
      shape.network,
      data: TrainingData(
        train: .init(inputs: data.train.inputs, targets: data.train.targets!),
        test: .init(inputs: data.test.inputs, targets: data.test.targets!)),
      optimizer: Optimizer(.gradientDescent(), learningRate: .value(rate), steps: steps, loss: Self.loss))
    var options = LinearizationExperiment.Options()
    options.isAntithetic = true
    options.isLinearized = false
    options.isCancelled = laboratory.isCancelled
    let pairs = try experiment.run(members: 0..<networks, seed: seed, steps: [0, steps], options: options)
    return DepthWidthOutcome(
      pairs, train: data.train.targets!.tensor.elements, test: data.test.targets!.tensor.elements, seed: seed)
  }

  /// The L/n of the lowest loss: the corner of a parabola in ln(L/n) through the lowest and its neighbours, its error a half of the
  /// distance to them at least where neighbours cannot be told apart.
  static func best(_ ratios: [Double], _ losses: [Estimate]) -> Estimate {
    let lowest = losses.indices.min { losses[$0].value < losses[$1].value }!
    guard lowest > 0, lowest < losses.count - 1 else {
      let other = lowest == 0 ? 1 : lowest - 1
      return Estimate(value: ratios[lowest], error: abs(log(ratios[lowest] / ratios[other])))
    }
    let x = (-1...1).map { log(ratios[lowest + $0]) }
    let y = (-1...1).map { losses[lowest + $0].value }
    let (left, right) = ((y[1] - y[0]) / (x[1] - x[0]), (y[2] - y[1]) / (x[2] - x[1]))
    let curvature = (right - left) / ((x[2] - x[0]) / 2)
    guard curvature > 0 else { return Estimate(value: ratios[lowest], error: (x[2] - x[0]) / 2) }
    let corner = (x[0] + x[1]) / 2 - left / curvature
    let noise = (-1...1).map { losses[lowest + $0].error }.max()! / (curvature * (x[2] - x[0]) / 2)
    return Estimate(value: exp(corner), error: max(noise, (x[2] - x[0]) / 8))
  }

  private func table(_ shapes: [[DepthWidthNetworks]], _ outcomes: [[DepthWidthOutcome]]) -> Table {
    var table = Table(columns: [
      .init("parameters", .right), .init("hidden layers", .right), .init("n", .right), .init("L/n", .decimal),
      .init("ln of the outputs' variance", .decimal), .init("spread of ln loss", .decimal),
      .init("failures", .decimal), .init("test loss", .decimal),
    ])
    for (row, networks) in shapes.enumerated() {
      for (place, shape) in networks.enumerated() {
        let outcome = outcomes[row][place]
        table.rows.append(
          .init([
            .integer(parameters[row]), .integer(shape.depth), .integer(shape.width), .number(shape.aspectRatio),
            outcome.spread.map { .measured($0.value, error: $0.error) } ?? .none,
            .measured(outcome.lossSpread.value, error: outcome.lossSpread.error),
            .measured(outcome.failures.value, error: outcome.failures.error),
            .measured(outcome.testLoss.value, error: outcome.testLoss.error),
          ]))
      }
    }
    table.notes = ["Losses are in units of that of predicting 0; a network that failed counts 1."]
    return table
  }

  private func figures(
    _ forecast: LawForecast, _ ratios: [[Double]], _ outcomes: [[DepthWidthOutcome]]
  ) -> [Figure] {
    var spread = Plot(
      title: "How trained networks differ", x: .log("L/n"), y: .log("variance over networks/mean square"))
    var growth = Plot(title: "The coefficient of 1/n", x: .log("layers L"), y: .log("n × variance/mean square"))
    var failures = Plot(title: "Networks that do not learn", x: .log("L/n"), y: PlotAxis("fraction"))
    var loss = Plot(title: "Test loss", x: .log("L/n"), y: .log("loss, in units of predicting 0"))
    for (row, count) in parameters.enumerated() {
      let label: InlineText = "\(count) parameters"
      let places = outcomes[row].indices.filter { outcomes[row][$0].spread != nil }
      let values = places.map { exp(outcomes[row][$0].spread!.value) }
      spread.layers.append(
        .points(
          label, x: places.map { ratios[row][$0] }, y: values,
          yError: zip(places, values).map { outcomes[row][$0].spread!.error * $1 }, color: .series(row)))
      let scales = places.map { Double(depths[$0] + 1) / ratios[row][$0] }
      growth.layers.append(
        .points(
          label, x: places.map { Double(depths[$0] + 1) }, y: zip(scales, values).map { $0 * $1 },
          yError: places.indices.map { scales[$0] * values[$0] * outcomes[row][places[$0]].spread!.error },
          color: .series(row)))
      failures.layers.append(
        .points(
          label, x: ratios[row], y: outcomes[row].map(\.failures.value), yError: outcomes[row].map(\.failures.error),
          color: .series(row)))
      loss.layers.append(
        .points(
          label, x: ratios[row], y: outcomes[row].map(\.testLoss.value), yError: outcomes[row].map(\.testLoss.error),
          color: .series(row)))
    }
    if let first = outcomes[0].indices.first(where: { outcomes[0][$0].spread != nil }) {
      let (x, y) = (ratios[0][first], exp(outcomes[0][first].spread!.value))
      let ends = [ratios[1][0], Self.largestPerturbative]
      spread.layers.append(.line("∝ L/n", x: ends, y: ends.map { y * $0 / x }, dash: .dashed, color: .muted))
    }
    loss.layers.append(.vertical("r^{★}", at: forecast.curve("optimal")!.x[0]))
    return [
      Figure("depth-against-width-spread", spread, caption: "Outputs of twins averaged; dashed: the power 1."),
      Figure(
        "depth-against-width-growth", growth,
        caption: "The same times n: one curve for both sizes as long as order 1/n is all there is."),
      Figure("depth-against-width-failures", failures, caption: "A network fails that learns less than predicting 0."),
      Figure(
        "depth-against-width-loss", loss,
        caption: "Mean over networks; r^{★} is where initial outputs share most information."),
    ]
  }
}
