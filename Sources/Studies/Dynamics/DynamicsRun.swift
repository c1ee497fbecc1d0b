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
  let setting: DynamicsSetting
  private let study: TrainingStudy

  var resolved: ResolvedStudy<ResolvedNetwork> { study.resolved }

  /// Why a study is not covered, in a sentence; nil where it is.
  public static func exclusion(_ loaded: LoadedStudy) -> String? { DynamicsCoverage.exclusion(loaded) }

  /// Makes the forecast; trains no network.
  ///
  /// - Parameter order: the highest power of 1/n in the forecast, where the study allows it: 1, or 0 for infinite width alone.
  /// - Throws: ``StudyError`` for a study that is not covered; what kernels and checks throw.
  public init(_ loaded: LoadedStudy, order: Int = 1) throws {
    try self.init(loaded, network: loaded.perceptronStudy().network, rateFactor: 1, order: order)
  }

  /// With a forecast for another network, or another learning rate, than what is trained: what must be refuted.
  package init(_ loaded: LoadedStudy, network: PerceptronView, rateFactor: Double, order: Int = 1) throws {
    if let reason = DynamicsCoverage.exclusion(loaded) { throw StudyError(.unusable, reason) }
    guard let optimizer = loaded.study.optimizer, let targets = loaded.data.train.targets else {
      throw StudyError(.unusable, "The study has nothing to train.")
    }
    let steps = DynamicsForecast.steps(optimizer.length)
    var request = TrainingRequest(networks: loaded.resolved.ensemble.trainedNetworks)
    request.observables = loaded.data.test.count > 0 ? [.loss, .testLoss, .testOutputs] : [.loss, .outputs]
    request.steps = .chosen(steps)
    study = try TrainingStudy(loaded, request)
    guard var resolved = study.resolved.optimizer else { preconditionFailure("A study that trains has an optimizer.") }
    if case .gradientFlow(var flow) = resolved.method {
      flow.endTime *= rateFactor
      resolved.method = .gradientFlow(flow)
    } else if let rate = resolved.learningRate.value {
      resolved.learningRate = .value(rate * rateFactor)
    }
    setting = try DynamicsSetting(
      network, train: loaded.data.train.inputs, targets: targets, test: loaded.data.test.inputs,
      testTargets: loaded.data.test.targets, optimizer: resolved)
    forecast = try DynamicsForecast(
      setting,
      relativeVariance: DynamicsSetting.relativeVariance(network, meanSquaredInput: loaded.statistics.meanSquare),
      networks: request.networks, order: order)
  }

  /// Trains, measures, compares.
  ///
  /// - Parameters:
  ///   - archive: where trained networks' numbers are kept; a second run is answered from it.
  ///   - hasWidths: whether to run the single networks at several widths.
  ///   - isCancelled: asked now and then; a stopped ensemble goes on where it was.
  /// - Throws: `ArchiveError`, `ExperimentError`.
  public func run(
    _ archive: RunArchive, hasWidths: Bool = true, report: @escaping @Sendable (String) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> DynamicsFinding {
    let training = try study.run(
      archive, progress: { report("training \(study.request.networks) networks: \(Int(100 * $0)) %") },
      isCancelled: isCancelled)
    guard let run = try archive.run(hash: study.identity.hash) else {
      preconditionFailure("The run was just finished.")
    }
    let left = Set(training.divergences.map(\.network))
    var measured = EnsembleTrajectories(steps: forecast.steps)
    for name in study.request.observables.map(\.rawValue) {
      try archive.forEachObservation(of: run, observable: name) { observation in
        if !left.contains(observation.member) { measured.add(observation, samples: forecast.outputs.count) }
      }
    }
    report("comparing")
    // What was measured is not lost when the threshold beside it cannot be had.
    let threshold = forecast.largestStableRate.flatMap { _ in try? study.loaded.curvatureThreshold() }
    let widths = hasWidths ? try linearizationSeries(report: report, isCancelled: isCancelled) : nil
    let mean = hasWidths ? try meanDeviationSeries(report: report, isCancelled: isCancelled) : nil
    return finding(
      measured, diverged: left.count, isFromArchive: training.isFromArchive, threshold: threshold, widths: widths,
      meanDeviation: mean)
  }

  private func finding(
    _ measured: EnsembleTrajectories, diverged: Int, isFromArchive: Bool, threshold: CurvatureThreshold?,
    widths: DynamicsFinding.LinearizationSeries?, meanDeviation: DynamicsFinding.MeanDeviationSeries?
  ) -> DynamicsFinding {
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
      forecast: forecast, networks: networks, diverged: diverged, isFromArchive: isFromArchive,
      trainingLoss: measured.series(.trainingLoss),
      testLoss: forecast.testLoss.isEmpty ? nil : measured.series(.testLoss),
      outputs: forecast.outputs.map { measured.outputSeries($0.sample) }, confrontations: confrontations,
      joint: statistic, undecided: undecided,
      resolvedDeviations: confrontations.count { isResolved($0) && abs($0.pull) < 2 },
      unexpectedDeviations: confrontations.count { isResolved($0) && abs($0.pull) >= 2 },
      drawnThreshold: threshold, widths: widths, meanDeviation: meanDeviation)
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
