import OrreryAnalysis
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// The confrontation of training at infinite width with real networks: the forecast first, then an ensemble trained into the
/// archive, then single networks beside their linearizations at several widths.
public struct DynamicsRun: Sendable {
  public let forecast: DynamicsForecast
  let setup: Setup
  let linearizations: LinearizationComparison?
  let deviations: MeanDeviationComparison?

  /// Which networks are trained.
  struct Setup: Sendable {
    let study: TrainingStudy
    /// Steps at which they are looked at, and how many samples' outputs.
    let steps: [Int]
    let samples: Int
    /// Whether the drawn network 0 has a largest stable rate that is of interest.
    let hasThreshold: Bool
    /// Networks beside their linearizations, and antithetic pairs, by width.
    let linearizations: [PairedSetup]
    let deviations: [PairedSetup]
  }

  /// What they did.
  struct Evidence: Sendable {
    var measured: EnsembleTrajectories
    var diverged: Int
    var isFromArchive: Bool
    var threshold: CurvatureThreshold?
    var linearizations: [[LinearizationExperiment.Pair]]
    var deviations: [[LinearizationExperiment.Pair]]
  }

  /// Why a study is not covered, in a sentence; nil where it is.
  public static func exclusion(_ loaded: LoadedStudy) -> String? { DynamicsCoverage.exclusion(loaded) }

  /// Makes the forecast; trains no network.
  ///
  /// - Parameters:
  ///   - order: the highest power of 1/n in the forecast, where the study allows it: 1, or 0 for infinite width alone.
  ///   - hasWidths: whether to run the single networks at several widths.
  /// - Throws: ``StudyError`` for a study that is not covered; what kernels and checks throw.
  public init(_ loaded: LoadedStudy, order: Int = 1, hasWidths: Bool = true) throws {
    try self.init(
      loaded, network: loaded.perceptronStudy().network, rateFactor: 1, order: order, hasWidths: hasWidths)
  }

  /// With a forecast for another network, or another learning rate, than what is trained: what must be refuted.
  package init(
    _ loaded: LoadedStudy, network: PerceptronView, rateFactor: Double, order: Int = 1, hasWidths: Bool = true
  ) throws {
    if let reason = DynamicsCoverage.exclusion(loaded) { throw StudyError(.unusable, reason) }
    guard let optimizer = loaded.study.optimizer, let targets = loaded.data.train.targets else {
      throw StudyError(.unusable, "The study has nothing to train.")
    }
    let steps = DynamicsForecast.steps(optimizer.length)
    var request = TrainingRequest(networks: loaded.resolved.ensemble.trainedNetworks)
    request.observables = loaded.data.test.count > 0 ? [.loss, .testLoss, .testOutputs] : [.loss, .outputs]
    request.steps = .chosen(steps)
    let study = try TrainingStudy(loaded, request)
    guard var resolved = study.resolved.optimizer else { preconditionFailure("A study that trains has an optimizer.") }
    if case .gradientFlow(var flow) = resolved.method {
      flow.endTime *= rateFactor
      resolved.method = .gradientFlow(flow)
    } else if let rate = resolved.learningRate.value {
      resolved.learningRate = .value(rate * rateFactor)
    }
    let setting = try DynamicsSetting(
      network, train: loaded.data.train.inputs, targets: targets, test: loaded.data.test.inputs,
      testTargets: loaded.data.test.targets, optimizer: resolved)
    forecast = try DynamicsForecast(
      setting,
      relativeVariance: DynamicsSetting.relativeVariance(network, meanSquaredInput: loaded.statistics.meanSquare),
      networks: request.networks, order: order)
    linearizations = hasWidths ? try LinearizationComparison(setting, study.resolved) : nil
    deviations = hasWidths ? try MeanDeviationComparison(setting, study.resolved) : nil
    setup = Setup(
      study: study, steps: steps, samples: forecast.outputs.count, hasThreshold: forecast.largestStableRate != nil,
      linearizations: linearizations?.setups ?? [], deviations: deviations?.setups ?? [])
  }

  /// Trains the ensemble, or finds it in the archive; then the single networks.
  ///
  /// - Throws: `ArchiveError`, `ExperimentError`; ``StudyError`` without an archive.
  static func measure(_ setup: Setup, _ sitting: Sitting) throws -> Evidence {
    let archive = try sitting.requireArchive()
    let study = setup.study
    var training = sitting
    training.activity = "training \(study.request.networks) networks"
    let trained = try study.run(training)
    guard let run = try archive.run(hash: study.identity.hash) else {
      preconditionFailure("The run was just finished.")
    }
    let left = Set(trained.divergences.map(\.network))
    var measured = EnsembleTrajectories(steps: setup.steps)
    for name in study.request.observables.map(\.rawValue) {
      try archive.forEachObservation(of: run, observable: name) { observation in
        if !left.contains(observation.member) { measured.add(observation, samples: setup.samples) }
      }
    }
    return Evidence(
      measured: measured, diverged: left.count, isFromArchive: trained.isFromArchive,
      // What was measured is not lost when the threshold beside it cannot be had.
      threshold: setup.hasThreshold ? try? study.loaded.curvatureThreshold() : nil,
      linearizations: try setup.linearizations.map { try $0.measure(sitting) },
      deviations: try setup.deviations.map { try $0.measure(sitting) })
  }

  /// Trains, measures, compares, without a report.
  public func run(_ sitting: Sitting) throws -> DynamicsFinding { try finding(Self.measure(setup, sitting)) }

  /// Sets what was forecast beside what was measured.
  func finding(_ evidence: Evidence) throws -> DynamicsFinding {
    let (measured, diverged) = (evidence.measured, evidence.diverged)
    let networks = measured.networks
    let confrontations = zip(forecast.predictions, forecast.smallestEffects).compactMap {
      prediction, effect -> Confrontation? in
      measured.estimate(of: prediction.quantity).map { estimate in
        Confrontation(
          prediction,
          Measurement(
            prediction.quantity, value: estimate.value, standardError: estimate.error, networks: networks,
            estimator: "mean over networks, trained for \(prediction.quantity.step ?? 0) steps"), smallestEffect: effect
        )
      }
    }
    // Fewer numbers decide where fewer networks are left.
    let count = max(
      min(forecast.jointCount, 1), min(forecast.jointCount, networks / JointConfrontation.networksPerQuantity))
    let joint = forecast.predictions.prefix(count)
    let samples = measured.matrix(joint.map(\.quantity))
    var statistic = JointConfrontation(
      predicted: joint.map(\.value), measured: Statistics.means(samples).map(\.value),
      covariance: Statistics.covariance(samples), networks: networks,
      truncation: forecast.truncationCovariance(joint.count))
    let undecided = undecided(statistic, diverged: diverged)
    if undecided != nil { statistic.verdict = .cannotTell }
    func isResolved(_ confrontation: Confrontation) -> Bool {
      abs(confrontation.measurement.value - confrontation.prediction.value)
        >= 4 * confrontation.measurement.standardError
    }
    return DynamicsFinding(
      forecast: forecast, networks: networks, diverged: diverged, isFromArchive: evidence.isFromArchive,
      trainingLoss: measured.series(.trainingLoss),
      testLoss: forecast.testLoss.isEmpty ? nil : measured.series(.testLoss),
      outputs: forecast.outputs.map { measured.outputSeries($0.sample) }, confrontations: confrontations,
      joint: statistic, undecided: undecided,
      resolvedDeviations: confrontations.count { isResolved($0) && abs($0.pull) < 2 },
      unexpectedDeviations: confrontations.count { isResolved($0) && abs($0.pull) >= 2 },
      drawnThreshold: evidence.threshold,
      widths: try linearizations?.series(evidence.linearizations),
      meanDeviation: try deviations?.series(evidence.deviations))
  }

  /// Why the statistic decides nothing, in a sentence; nil where it does.
  private func undecided(_ statistic: JointConfrontation, diverged: Int) -> String? {
    if let largest = forecast.largestStableRate, forecast.learningRate >= largest {
      return
        "Infinite width diverges at this learning rate; \(diverged) of the networks did. Those that did not are no sample of its law."
    }
    if forecast.isBesideEdge {
      return
        "The learning rate is so near the edge of stability that finite width decides which networks diverge: \(diverged) did."
    }
    if diverged > 0 {
      return
        "\(diverged) networks diverged where infinite width is stable, and means over the others are no sample of its law."
    }
    guard statistic.degreesOfFreedom > 0 else {
      return "There are too few networks for numbers that decide together: 30 at least."
    }
    let open = zip(forecast.predictions, forecast.smallestEffects).prefix(forecast.jointCount)
      .count { $0.truncationError > $1 }
    if statistic.verdict == .agrees, 2 * open > forecast.jointCount {
      return
        (forecast.order > 0 ? "The next order" : "Order 1/n")
        + " leaves open more than a quarter of most numbers: agreement says nothing, and wider networks would tell."
    }
    return nil
  }
}
