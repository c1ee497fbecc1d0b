import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Single networks beside their linearizations and the law of infinite width, at several widths, on the first samples. The
/// learning rate at each width is the same part of the largest stable one. Gradient descent only: linearizations take steps.
extension DynamicsRun {
  /// At most so many samples, tests, networks and steps: enough for a slope to a few hundredths in seconds.
  private static let (pairedSamples, pairedTests, pairedNetworks, pairedSteps) = (24, 8, 40, 500)
  /// Small sets and narrow networks: there the mean's deviation stands above its noise.
  private static let (meanSamples, meanSteps, meanWidth, meanPairs) = (12, 100, 64, 2000)

  private var seed: UInt64 { resolved.seed }
  private var precision: Precision { resolved.precision }

  private func network(width: Int) -> PerceptronView {
    var network = setting.network
    network.architecture.widths = network.architecture.widths.map { _ in width }
    return network
  }

  /// Members of each width's own: no network is counted twice.
  private func firstMember(_ index: Int) -> Int { (index + 1) << 20 }

  private func experiment(_ setting: DynamicsSetting) throws -> LinearizationExperiment {
    let test = try setting.test.flatMap { inputs in
      try setting.testTargets.map { try TrainingData.Part(inputs: inputs, targets: $0) }
    }
    return try LinearizationExperiment(
      setting.network,
      data: TrainingData(train: try .init(inputs: setting.train, targets: setting.targets), test: test),
      optimizer: setting.optimizer)
  }

  private func options(
    _ text: String, report: @escaping @Sendable (String) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) -> LinearizationExperiment.Options {
    var options = LinearizationExperiment.Options()
    options.precision = precision
    options.progress = { report("\(text): \($0) networks") }
    options.isCancelled = isCancelled
    return options
  }

  /// f_∞(k) from a network's own f(0): all samples, training samples first.
  private func law(_ setting: DynamicsSetting, from initial: Matrix<Double>, _ response: ModeResponse) -> Matrix<Double>
  {
    let train = setting.train.rows
    let parts = setting.dynamics.trajectory(
      from: initial.selectingRows(Array(0..<train)), test: initial.selectingRows(Array(train..<initial.rows)), response)
    return Matrix(
      rows: initial.rows, columns: initial.columns, elements: parts.train.tensor.elements + parts.test.tensor.elements)
  }

  private func meanSquare(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    zip(a.tensor.elements, b.tensor.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(a.rows * a.columns)
  }

  func linearizationSeries(
    report: @escaping @Sendable (String) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> DynamicsFinding.LinearizationSeries? {
    let widths = resolved.ensemble.widths
    guard widths.count >= 2, setting.network.architecture.depth > 0, !setting.optimizer.isFlow else { return nil }
    let steps = min(setting.optimizer.steps, Self.pairedSteps)
    let networks = min(Self.pairedNetworks, resolved.ensemble.trainedNetworks)
    // With test samples only where they have targets: a part of data has both.
    let tests = setting.testTargets == nil ? 0 : Self.pairedTests
    let looked = DynamicsForecast.steps(steps)
    var points: [DynamicsFinding.LinearizationSeries.Point] = []
    var samples = 0
    for (index, width) in widths.enumerated() {
      let narrow = try setting.first(Self.pairedSamples, tests: tests, network: network(width: width), steps: steps)
      samples = narrow.train.rows + (narrow.test?.rows ?? 0)
      let responses = try narrow.dynamics.responses(narrow.rule, steps: looked)
      let pairs = try experiment(narrow).run(
        members: firstMember(index)..<(firstMember(index) + networks), seed: seed, steps: looked,
        options: options("width \(width), beside linearizations", report: report, isCancelled: isCancelled))
      var squares = [StreamingMoments](repeating: StreamingMoments(), count: 3)
      for pair in pairs where pair.network.count == looked.count {
        var sums = [0.0, 0.0, 0.0]
        for place in looked.indices {
          let law = law(narrow, from: pair.linear[0], responses[place])
          sums[0] += meanSquare(pair.network[place], pair.linear[place])
          sums[1] += meanSquare(pair.network[place], law)
          sums[2] += meanSquare(pair.linear[place], law)
        }
        for kind in 0..<3 { squares[kind].add(sums[kind] / Double(looked.count)) }
      }
      let roots = squares.map { moments -> Estimate in
        let root = moments.estimate.value.squareRoot()
        return Estimate(value: root, error: moments.estimate.error / (2 * root))
      }
      points.append(
        .init(width: width, networkFromLinear: roots[0], networkFromLaw: roots[1], linearFromLaw: roots[2]))
    }
    return DynamicsFinding.LinearizationSeries(
      points: points, networks: networks, samples: samples, steps: steps,
      slopeFromLinear: slope(points.map { Double($0.width) }, points.map(\.networkFromLinear)),
      slopeFromLaw: slope(points.map { Double($0.width) }, points.map(\.networkFromLaw)))
  }

  func meanDeviationSeries(
    report: @escaping @Sendable (String) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> DynamicsFinding.MeanDeviationSeries? {
    let widths = resolved.ensemble.widths.filter { $0 <= Self.meanWidth }
    guard widths.count >= 2, setting.network.architecture.depth > 0, !setting.optimizer.isFlow else { return nil }
    let pairs = min(Self.meanPairs, 10 * resolved.ensemble.trainedNetworks)
    let most = min(setting.optimizer.steps, Self.meanSteps)
    var points: [DynamicsFinding.MeanDeviationSeries.Point] = []
    var (step, samples) = (most, 0)
    for (index, width) in widths.enumerated() {
      var narrow = try setting.first(Self.meanSamples, tests: 0, network: network(width: width), steps: most)
      samples = narrow.train.rows
      let y = narrow.targets.tensor.elements
      let norm = y.reduce(0) { $0 + $1 * $1 }
      guard norm > 0 else { return nil }
      /// The part of the targets that the mean has learned.
      func learned(_ outputs: Matrix<Double>) -> Double {
        zip(y, outputs.tensor.elements).reduce(0) { $0 + $1.0 * $1.1 } / norm
      }
      let responses = try narrow.dynamics.responses(narrow.rule, steps: Array(0...most))
      // Half-way, where the dynamics is neither at its beginning nor over.
      if index == 0 { step = responses.firstIndex { learned(narrow.dynamics.trainMean($0)) >= 0.5 } ?? most }
      guard step > 0 else { return nil }
      if narrow.optimizer.schedule == LearningRateSchedule() {
        narrow = try setting.first(Self.meanSamples, tests: 0, network: network(width: width), steps: step)
      }
      var options = options("width \(width), antithetic pairs", report: report, isCancelled: isCancelled)
      options.isAntithetic = true
      options.isLinearized = false
      let members = firstMember(index + resolved.ensemble.widths.count)
      let networks = try experiment(narrow).run(
        members: members..<(members + pairs), seed: seed, steps: [0, step], options: options)
      var moments = StreamingMoments()
      for place in stride(from: 0, to: networks.count, by: 2) {
        let twins = [networks[place], networks[place + 1]]
        guard twins.allSatisfy({ $0.network.count == 2 }) else { continue }
        // The law is linear in f(0), which the twins have with opposite signs: it is needed for the mean only.
        let mean = twins.reduce(0.0) { $0 + learned($1.network[1]) } / 2
        moments.add(mean - learned(narrow.dynamics.trainMean(responses[step])))
      }
      points.append(.init(width: width, deviation: moments.estimate, pairs: moments.count))
    }
    let isResolved = points.allSatisfy { abs($0.deviation.value) > 3 * $0.deviation.error }
    let sizes = points.map { Estimate(value: abs($0.deviation.value), error: $0.deviation.error) }
    return DynamicsFinding.MeanDeviationSeries(
      points: points, samples: samples, step: step,
      slope: isResolved ? slope(points.map { Double($0.width) }, sizes) : nil)
  }

  private func slope(_ x: [Double], _ y: [Estimate]) -> Estimate? {
    guard y.allSatisfy({ $0.value > 0 && $0.error > 0 && $0.error.isFinite }) else { return nil }
    return (try? LinearFit.powerLaw(x: x, y: y.map(\.value), errors: y.map(\.error)))?.parameters[1]
  }
}
