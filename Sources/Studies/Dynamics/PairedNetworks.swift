import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Single networks of one width, trained on the first samples.
struct PairedSetup: Sendable {
  let width: Int
  let experiment: LinearizationExperiment
  let members: Range<Int>
  let seed: UInt64
  let steps: [Int]
  let precision: Precision
  /// Whether each member has its twin and no linearization; else a linearization and no twin.
  let isAntithetic: Bool

  /// - Parameters:
  ///   - index: of the ensemble. Each has members of its own, so that no network is counted twice.
  init(
    _ setting: DynamicsSetting, width: Int, index: Int, networks: Int, steps: [Int], isAntithetic: Bool,
    _ resolved: ResolvedStudy<ResolvedNetwork>
  ) throws {
    let test = try setting.test.flatMap { inputs in
      try setting.testTargets.map { try TrainingData.Part(inputs: inputs, targets: $0) }
    }
    self.width = width
    experiment = try LinearizationExperiment(
      setting.network,
      data: TrainingData(train: try .init(inputs: setting.train, targets: setting.targets), test: test),
      optimizer: setting.optimizer)
    let first = (index + 1) << 20
    members = first..<(first + networks)
    (seed, precision) = (resolved.seed, resolved.precision)
    self.steps = steps
    self.isAntithetic = isAntithetic
  }

  func measure(_ sitting: Sitting) throws -> [LinearizationExperiment.Pair] {
    var options = LinearizationExperiment.Options()
    options.precision = precision
    options.isAntithetic = isAntithetic
    options.isLinearized = !isAntithetic
    let text = "width \(width), " + (isAntithetic ? "antithetic pairs" : "beside linearizations")
    options.progress = { sitting.report("\(text): \($0) networks", nil) }
    options.isCancelled = sitting.isCancelled
    return try experiment.run(members: members, seed: seed, steps: steps, options: options)
  }
}

extension DynamicsSetting {
  /// Whether single networks at several widths can be set beside it: linearizations take steps.
  fileprivate func hasSeries(of widths: [Int]) -> Bool {
    widths.count >= 2 && network.architecture.depth > 0 && !optimizer.isFlow
  }
}

private func powerLaw(_ x: [Int], _ y: [Estimate]) -> Estimate? {
  guard y.allSatisfy({ $0.value > 0 && $0.error > 0 && $0.error.isFinite }) else { return nil }
  return (try? LinearFit.powerLaw(x: x.map(Double.init), y: y.map(\.value), errors: y.map(\.error)))?.parameters[1]
}

/// Single networks beside their linearizations and the law of infinite width, at several widths, on the first samples. The
/// learning rate at each width is the same part of the largest stable one. Gradient descent only.
struct LinearizationComparison: Sendable {
  /// At most so many samples, tests, networks and steps: enough for a slope to a few hundredths in seconds.
  private static let (mostSamples, mostTests, mostNetworks, mostSteps) = (24, 8, 40, 500)

  let setups: [PairedSetup]
  private let settings: [DynamicsSetting]
  private let (networks, steps): (Int, Int)

  /// Nil where there is nothing to compare.
  init?(_ setting: DynamicsSetting, _ resolved: ResolvedStudy<ResolvedNetwork>) throws {
    let widths = resolved.ensemble.widths
    guard setting.hasSeries(of: widths) else { return nil }
    let steps = min(setting.optimizer.steps, Self.mostSteps)
    let networks = min(Self.mostNetworks, resolved.ensemble.trainedNetworks)
    // With test samples only where they have targets: a part of data has both.
    let tests = setting.testTargets == nil ? 0 : Self.mostTests
    settings = try widths.map {
      try setting.first(Self.mostSamples, tests: tests, network: setting.network.with(width: $0), steps: steps)
    }
    setups = try zip(widths, settings).enumerated().map { index, point in
      try PairedSetup(
        point.1, width: point.0, index: index, networks: networks, steps: DynamicsForecast.steps(steps),
        isAntithetic: false, resolved)
    }
    (self.networks, self.steps) = (networks, steps)
  }

  func series(_ measured: [[LinearizationExperiment.Pair]]) throws -> DynamicsFinding.LinearizationSeries {
    let points = try zip(setups, zip(settings, measured)).map { setup, point in
      let (narrow, pairs) = point
      let responses = try narrow.dynamics.responses(narrow.rule, steps: setup.steps)
      var squares = [StreamingMoments](repeating: StreamingMoments(), count: 3)
      for pair in pairs where pair.network.count == setup.steps.count {
        var sums = [0.0, 0.0, 0.0]
        for place in setup.steps.indices {
          let law = Self.law(narrow, from: pair.linear[0], responses[place])
          sums[0] += Self.meanSquare(pair.network[place], pair.linear[place])
          sums[1] += Self.meanSquare(pair.network[place], law)
          sums[2] += Self.meanSquare(pair.linear[place], law)
        }
        for kind in 0..<3 { squares[kind].add(sums[kind] / Double(setup.steps.count)) }
      }
      let roots = squares.map { moments -> Estimate in
        let root = moments.estimate.value.squareRoot()
        return Estimate(value: root, error: moments.estimate.error / (2 * root))
      }
      return DynamicsFinding.LinearizationSeries.Point(
        width: setup.width, networkFromLinear: roots[0], networkFromLaw: roots[1], linearFromLaw: roots[2])
    }
    let widths = points.map(\.width)
    return DynamicsFinding.LinearizationSeries(
      points: points, networks: networks,
      samples: settings.last.map { $0.train.rows + ($0.test?.rows ?? 0) } ?? 0, steps: steps,
      slopeFromLinear: powerLaw(widths, points.map(\.networkFromLinear)),
      slopeFromLaw: powerLaw(widths, points.map(\.networkFromLaw)))
  }

  /// f_∞(k) from a network's own f(0): all samples, training samples first.
  private static func law(
    _ setting: DynamicsSetting, from initial: Matrix<Double>, _ response: ModeResponse
  ) -> Matrix<Double> {
    let train = setting.train.rows
    let parts = setting.dynamics.trajectory(
      from: initial.selectingRows(Array(0..<train)), test: initial.selectingRows(Array(train..<initial.rows)), response)
    return Matrix(
      rows: initial.rows, columns: initial.columns, elements: parts.train.tensor.elements + parts.test.tensor.elements)
  }

  private static func meanSquare(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    zip(a.tensor.elements, b.tensor.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(a.rows * a.columns)
  }
}

/// How far the mean of networks is from the law of infinite width half-way through training, at several widths: small sets and narrow
/// networks, where it stands above its noise.
struct MeanDeviationComparison: Sendable {
  private static let (mostSamples, mostSteps, largestWidth, mostPairs) = (12, 100, 64, 2000)

  let setups: [PairedSetup]
  private let settings: [DynamicsSetting]
  private let step: Int

  /// Nil where there is nothing to compare.
  init?(_ setting: DynamicsSetting, _ resolved: ResolvedStudy<ResolvedNetwork>) throws {
    let widths = resolved.ensemble.widths.filter { $0 <= Self.largestWidth }
    guard setting.hasSeries(of: widths) else { return nil }
    let pairs = min(Self.mostPairs, 10 * resolved.ensemble.trainedNetworks)
    let most = min(setting.optimizer.steps, Self.mostSteps)
    func narrow(_ width: Int, _ steps: Int) throws -> DynamicsSetting {
      try setting.first(Self.mostSamples, tests: 0, network: setting.network.with(width: width), steps: steps)
    }
    // Half-way, where the dynamics is neither at its beginning nor over.
    let first = try narrow(widths[0], most)
    guard first.targets.tensor.elements.contains(where: { $0 != 0 }) else { return nil }
    let step =
      try first.dynamics.responses(first.rule, steps: Array(0...most))
      .firstIndex { first.learned(first.dynamics.trainMean($0)) >= 0.5 } ?? most
    guard step > 0 else { return nil }
    let steps = setting.optimizer.schedule == LearningRateSchedule() ? step : most
    settings = try widths.map { try narrow($0, steps) }
    setups = try zip(widths, settings).enumerated().map { index, point in
      try PairedSetup(
        point.1, width: point.0, index: index + resolved.ensemble.widths.count, networks: pairs, steps: [0, step],
        isAntithetic: true, resolved)
    }
    self.step = step
  }

  func series(_ measured: [[LinearizationExperiment.Pair]]) throws -> DynamicsFinding.MeanDeviationSeries {
    let points = try zip(setups, zip(settings, measured)).map { setup, point in
      let (narrow, networks) = point
      let responses = try narrow.dynamics.responses(narrow.rule, steps: Array(0...step))
      let law = narrow.learned(narrow.dynamics.trainMean(responses[step]))
      var moments = StreamingMoments()
      for place in stride(from: 0, to: networks.count, by: 2) {
        let twins = [networks[place], networks[place + 1]]
        guard twins.allSatisfy({ $0.network.count == 2 }) else { continue }
        // The law is linear in f(0), which the twins have with opposite signs: it is needed for the mean only.
        moments.add(twins.reduce(0.0) { $0 + narrow.learned($1.network[1]) } / 2 - law)
      }
      return DynamicsFinding.MeanDeviationSeries.Point(
        width: setup.width, deviation: moments.estimate, pairs: moments.count)
    }
    let isResolved = points.allSatisfy { abs($0.deviation.value) > 3 * $0.deviation.error }
    let sizes = points.map { Estimate(value: abs($0.deviation.value), error: $0.deviation.error) }
    return DynamicsFinding.MeanDeviationSeries(
      points: points, samples: settings.last?.train.rows ?? 0, step: step,
      slope: isResolved ? powerLaw(points.map(\.width), sizes) : nil)
  }
}

extension DynamicsSetting {
  /// The part of the targets that outputs have learned.
  fileprivate func learned(_ outputs: Matrix<Double>) -> Double {
    let y = targets.tensor.elements
    return zip(y, outputs.tensor.elements).reduce(0) { $0 + $1.0 * $1.1 } / y.reduce(0) { $0 + $1 * $1 }
  }
}
