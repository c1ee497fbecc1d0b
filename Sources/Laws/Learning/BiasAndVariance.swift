import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// What finite width does to the test error: the error of the mean prediction and the spread of networks about it, to order 1/n.
///
///     E L = bias² + variance,   bias² = (h/2) Σ (E f − y)²,   variance = (h/2) Σ Var f,
///     bias² = bias²_∞ + (h/n) Σ (f_∞ − y) M,   variance = (h/2) Σ (C + C¹/n).
///
/// Sources: PDLT chapter ∞; `FiniteWidthDynamics`. Domain: gradient descent on few samples under squared error, L/n small. M is that of
/// the steps themselves, C¹ that of gradient flow over the same time.
public struct BiasAndVariance: Law {
  public static let statement = LawStatement(
    key: "bias-and-variance", chapter: .learning, title: "Finite width changes bias and variance by a known 1/n",
    text:
      "The test error of a trained network is the error of the mean prediction and the spread of networks about it. Both differ from "
      + "infinite width by terms of order 1/n, which theory knows at every depth.",
    formula: "E L = (h/2) Σ [(E f − y)^2 + Var f] with E f = f_∞ + M/n and Var f = C + C^1/n",
    domain: "Gradient descent on the squared error of a few samples, critical networks of equal widths, L/n small.",
    experiment:
      "tanh networks on four digits and four more to test on, 1, 2 and 4 hidden layers, 64 steps at a thirty-second of the largest "
      + "stable rate, n = 4, 6, 8, 12 and 16 times L; every network with its twin of the opposite last layer, whose mean has no noise of the initial "
      + "function. n times the deviation from infinite width is extrapolated to n = ∞ by a parabola in 1/n.",
    truncationRule:
      "δ of the variance: C^1 of steps is off that of gradient flow by about as much, relative to it, as M is, of which both are known. τ "
      + "is the order that the parabola leaves, if each is smaller than the one before by the same factor.",
    smallestEffect: "0.3 of the larger of the two coefficients at each depth.",
    sources: [.finiteWidthDynamics, .kernelDynamics])

  static let depths = [1, 2, 4]
  /// n/L of every depth.
  static let ratios = [4, 6, 8, 12, 16]
  static func widths(depth: Int) -> [Int] { ratios.map { $0 * (depth + 1) } }
  static let steps = 64
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)
  static let parts = ["bias", "variance"]

  let budget: LawBudget
  /// Pairs of networks of each shape.
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(500, 6_000, 50_000)
  }

  private static func network(depth: Int, width: Int, features: Int) throws -> PerceptronView {
    let activation = Activation(.tanh)
    let point = try Criticality.points(of: activation).choice(meanSquaredInput: 1)
    return PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: width, activation: activation), inputs: features,
      layers: point.layers(count: depth + 1, meanSquaredInput: 1), parametrization: .ntk)
  }

  private static func data() throws -> DataSet<Double> {
    try DataSet<Double>.load(
      DataDescription(
        .named("digits"), classes: [0, 1], train: 4, test: 4, normalize: .sphere, targets: .plusMinusOne), seed: 3)
  }

  public func forecast() throws -> LawForecast {
    let data = try Self.data()
    let targets = data.test.targets!
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for depth in Self.depths {
      let dynamics = try FiniteWidthDynamics(
        Self.network(depth: depth, width: Self.widths(depth: depth)[0], features: data.features),
        train: data.train.inputs,
        test: data.test.inputs, targets: data.train.targets!, loss: Self.loss)
      let rate = 1 / (16 * dynamics.infiniteWidth.sharpness)
      let rule = try DescentRule(.gradientDescent(), rate: rate)
      let mean = try dynamics.means(rule, steps: [Self.steps])[0]
      let flow = try dynamics.mean(time: mean.time)
      let lossOfFlow = try dynamics.testLoss(time: mean.time, targets: targets)
      let response = try dynamics.infiniteWidth.responses(rule, steps: [Self.steps])[0]
      let scale = try SquaredErrorScale(Self.loss, samples: targets.rows)
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      let correction = mean.test.correction.tensor.elements
      let residual = zip(mean.test.infiniteWidth.tensor.elements, targets.tensor.elements).map(-)
      let limits = [
        scale.loss(sumOfSquares: dot(residual, residual)),
        scale.loss(sumOfSquares: dynamics.infiniteWidth.testVariances(response).reduce(0, +)),
      ]
      let total = limits[0] + limits[1]
      let coefficients = [
        scale.loss(sumOfSquares: 2 * dot(residual, correction)) / total, lossOfFlow.variance.correction / total,
      ]
      let ofFlowCorrection = flow.test.correction.tensor.elements
      let difference = zip(correction, ofFlowCorrection).map(-)
      let discretization = (dot(difference, difference) / dot(ofFlowCorrection, ofFlowCorrection)).squareRoot()
      let largest = coefficients.map { abs($0) }.max()!
      for (place, part) in Self.parts.enumerated() {
        let name: InlineText = place == 0 ? "bias²" : "variance"
        claims.append(
          LawClaim(
            "\(part)-\(depth)", "coefficient of 1/n of the " + name + ", depth \(depth), over L_∞",
            value: coefficients[place], truncationError: place == 0 ? 0 : abs(coefficients[1]) * discretization,
            smallestEffect: 0.3 * largest))
        curves.append(
          LawCurve("\(part) \(depth)", x: [0, 1], y: [limits[place] / total, coefficients[place]]))
      }
      curves.append(LawCurve("rate \(depth)", x: [0], y: [rate]))
      curves.append(LawCurve("loss \(depth)", x: [0], y: [total]))
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    let data = try Self.data()
    var measurements: [LawMeasurement] = []
    var blocks: [Matrix<Double>] = []
    var readings: [Propagation] = []
    let shapes = Double(Self.depths.count * Self.ratios.count)
    for (row, depth) in Self.depths.enumerated() {
      let (rate, total) = (forecast.curve("rate \(depth)")!.y[0], forecast.curve("loss \(depth)")!.y[0])
      let limits = Self.parts.map { forecast.curve("\($0) \(depth)")!.y[0] }
      let widths = Self.widths(depth: depth)
      let ensembles = try widths.enumerated().map { place, width in
        try moments(
          depth: depth, width: width, data, rate: rate, seed: laboratory.seed(10 * row + place), in: laboratory
        ) { laboratory.progress?("depth \(depth), n = \(width)", (Double(row * widths.count + place) + $0) / shapes) }
      }
      let reading = Self.reading(
        ensembles, widths: widths, targets: data.test.targets!.tensor.elements, limits: limits, total: total)
      readings.append(reading)
      // Behind bias² and variance at every width: the two coefficients, and what the parabola changes of a line's.
      let first = 2 * widths.count
      let largest = Self.parts.map { abs(forecast.claim("\($0)-\(depth)")!.value) }.max()!
      for (place, part) in Self.parts.enumerated() {
        measurements.append(
          LawMeasurement(
            "\(part)-\(depth)", reading.estimate(first + place),
            systematicBound: Propagation.leftByParabola(reading.estimate(first + 2 + place), of: largest),
            networks: networks))
      }
      blocks.append(reading.covariance(of: [first, first + 1]))
    }
    return LawEvidence(
      measurements, covariance: .blockDiagonal(blocks), figures: Self.figures(forecast, readings),
      tables: [Self.table(forecast, readings)])
  }

  /// f̄ and the mean of f² of every test sample, over pairs of networks with opposite last layers.
  private func moments(
    depth: Int, width: Int, _ data: DataSet<Double>, rate: Double, seed: UInt64, in laboratory: Laboratory,
    progress: (Double) -> Void
  ) throws -> StreamingCovariance {
    let experiment = try LinearizationExperiment(
      Self.network(depth: depth, width: width, features: data.features),
      data: TrainingData(
        train: .init(inputs: data.train.inputs, targets: data.train.targets!),
        test: .init(inputs: data.test.inputs, targets: data.test.targets!)),
      optimizer: Optimizer(.gradientDescent(), learningRate: .value(rate), steps: Self.steps, loss: Self.loss))
    let (train, tests) = (data.train.inputs.rows, data.test.inputs.rows)
    var moments = StreamingCovariance(variables: 2 * tests)
    try experiment.forEachTwins(
      networks: networks, seed: seed, precision: .float32, isLinearized: false, in: laboratory, progress: progress
    ) { twins in
      let values = (train..<(train + tests)).map { (twins.outputs[0][$0], twins.outputs[1][$0]) }
      moments.add(values.map { ($0 + $1) / 2 } + values.map { ($0 * $0 + $1 * $1) / 2 })
    }
    return moments
  }

  /// In units of L_∞: bias² and variance at every width; the coefficients of 1/n at n = ∞; what the parabola changes of a line's.
  ///
  /// What the error of a mean over M pairs adds to its square is 1/√M of a standard error, and left as it is.
  private static func reading(
    _ ensembles: [StreamingCovariance], widths: [Int], targets: [Double], limits: [Double], total: Double
  ) -> Propagation {
    let tests = targets.count
    func values(_ means: [Double]) -> [Double] {
      var (bias, variance) = (0.0, 0.0)
      for sample in 0..<tests {
        let mean = means[sample]
        bias += (mean - targets[sample]) * (mean - targets[sample]) / 2
        variance += (means[tests + sample] - mean * mean) / 2
      }
      return [bias / total, variance / total]
    }
    let sizes = widths.map(Double.init)
    // Errors of the deviations relative to each other: they go with the standard deviation of squares.
    let sigma = zip(sizes, ensembles).map { n, ensemble in
      n * (0..<tests).reduce(0.0) { $0 + ensemble.covarianceOfMeans[tests + $1, tests + $1] }.squareRoot()
    }
    let parabola = TrainedReading.interceptWeights(sizes, sigma, degree: 2)
    let line = TrainedReading.interceptWeights(sizes, sigma, degree: 1)
    return Propagation(ensembles) { means in
      let all = means.map(values)
      func sum(_ weights: [Double], _ part: Int) -> Double {
        widths.indices.reduce(0) { $0 + weights[$1] * sizes[$1] * (all[$1][part] - limits[part]) }
      }
      let change = zip(parabola, line).map { $0 - $1 }
      return all.flatMap { $0 } + [0, 1].map { sum(parabola, $0) } + [0, 1].map { sum(change, $0) }
    }
  }

  private static func table(_ forecast: LawForecast, _ readings: [Propagation]) -> Table {
    var table = Table(columns: [
      .init("depth", .right), .init("n", .right), .init("bias², 1/n", .decimal),
      .init("bias²", .decimal), .init("variance, 1/n", .decimal),
      .init("variance", .decimal), .init("loss", .decimal),
    ])
    for (row, depth) in depths.enumerated() {
      let lines = parts.map { forecast.curve("\($0) \(depth)")!.y }
      for (place, width) in widths(depth: depth).enumerated() {
        let found = (0..<2).map { readings[row].estimate(2 * place + $0) }
        func cells(_ part: Int) -> [Table.Cell] {
          [
            .number(lines[part][0] + lines[part][1] / Double(width)),
            .measured(found[part].value, error: found[part].error),
          ]
        }
        table.rows.append(
          .init(
            [place == 0 ? .integer(depth) : .text(""), .integer(width)] + cells(0) + cells(1)
              + [loss(readings[row], place)].map { .measured($0.value, error: $0.error) }))
      }
    }
    table.notes = [
      "In units of the mean test loss at infinite width and the same number of hidden layers, the depth; *1/n* is forecast, the others are measured."
    ]
    return table
  }

  /// bias² + variance at one width.
  private static func loss(_ reading: Propagation, _ place: Int) -> Estimate {
    let covariance = reading.covariance(of: [2 * place, 2 * place + 1])
    return Estimate(
      value: reading.values[2 * place] + reading.values[2 * place + 1],
      error: (covariance[0, 0] + covariance[1, 1] + 2 * covariance[0, 1]).squareRoot())
  }

  private static func figures(_ forecast: LawForecast, _ readings: [Propagation]) -> [Figure] {
    let titles: [InlineText] = ["Squared bias", "Variance", "Test loss"]
    let keys = parts + ["loss"]
    return keys.indices.map { key in
      var plot = Plot(
        title: titles[key] + " of trained networks", x: .log("width n"), y: PlotAxis("in units of L_∞"))
      for (row, depth) in depths.enumerated() {
        let widths = widths(depth: depth)
        let sizes = widths.map(Double.init)
        let found = widths.indices.map {
          key < parts.count ? readings[row].estimate(2 * $0 + key) : loss(readings[row], $0)
        }
        let lines = parts.map { forecast.curve("\($0) \(depth)")!.y }
        let line = key < parts.count ? lines[key] : [lines[0][0] + lines[1][0], lines[0][1] + lines[1][1]]
        let color = PlotColor.series(row)
        let label: InlineText = depth == 1 ? "1 hidden layer" : "\(depth) hidden layers"
        plot.layers.append(.points(label, x: sizes, y: found.map(\.value), yError: found.map(\.error), color: color))
        plot.layers.append(.line(label, x: sizes, y: sizes.map { line[0] + line[1] / $0 }, color: color))
        plot.layers.append(
          .line(label, x: [sizes.first!, sizes.last!], y: [line[0], line[0]], dash: .dashed, color: color))
      }
      return Figure(
        "bias-and-variance-\(keys[key])", plot,
        caption:
          "Points: networks; lines: order 1/n; dashed: infinite width. L_∞ is the mean test loss at infinite width and the same depth."
      )
    }
  }
}
