import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks

/// What to train and what to record of it.
public struct TrainingRequest: Hashable, Codable, Sendable {
  /// Whether the networks are to be trained, or to be looked at: also where no step is taken.
  public enum Kind: String, Codable, Sendable {
    case train, measure
  }

  public var kind: Kind
  /// How many networks, which differ in their draws of weights and batches; at most ``mostNetworks``.
  public var networks: Int
  /// Networks are numbered in 32 bits where random numbers are drawn.
  public static let mostNetworks = Int(UInt32.max)
  public var observables: [TrainingObservable]
  /// How much of them.
  public var settings: ObservableSettings
  /// Nil: about a hundred steps at equal distances.
  public var steps: ObservationSteps?
  /// Whether to keep the networks' parameters at the end.
  public var savesParameters: Bool

  public init(
    _ kind: Kind = .train, networks: Int = 1, observables: [TrainingObservable] = TrainingObservable.usual,
    settings: ObservableSettings = ObservableSettings(), steps: ObservationSteps? = nil, savesParameters: Bool = false
  ) {
    self.kind = kind
    self.settings = settings
    self.networks = networks
    self.observables = observables
    self.steps = steps
    self.savesParameters = savesParameters
  }
}

/// A study's networks, trained: resolved, identified, run into an archive or answered from it.
public struct TrainingStudy: Inquiry {
  public let loaded: LoadedStudy
  public let request: TrainingRequest
  /// With its learning rate a number, and no more steps than something is asked of; without an optimizer where the
  /// description has none.
  public let resolved: ResolvedStudy<ResolvedNetwork>
  public let identity: RunIdentity
  /// The steps that are taken; of gradient flow, the times that are counted.
  public var steps: Int { experiment.optimizer.length }
  /// The state of the one network that is measured; nil for networks that the seed draws.
  public let checkpoint: NetworkCheckpoint?
  private let experiment: TrainingExperiment

  /// - Parameter checkpoint: measures the one network that it holds, at this point alone: no step is taken.
  /// - Throws: ``StudyError`` for a study without optimizer, targets or steps where they are needed, and for a checkpoint that is to be
  ///   trained or to be several networks; what resolving and checking throw.
  public init(
    _ loaded: LoadedStudy, _ request: TrainingRequest, checkpoint: NetworkCheckpoint? = nil
  ) throws {
    var request = request
    guard (1...TrainingRequest.mostNetworks).contains(request.networks) else {
      throw StudyError(
        .unusable,
        "\(request.networks) networks cannot be trained; ask for at least 1 and at most \(TrainingRequest.mostNetworks)."
      )
    }
    if checkpoint != nil {
      guard request.kind == .measure, request.networks == 1, !request.savesParameters else {
        throw StudyError(
          .unusable,
          "A checkpoint is one network, which is measured as it is and neither trained nor saved again; ask to measure 1 network."
        )
      }
      request.steps = .at([0])
    }
    let setup = try TrainingSetup(loaded, request, isStill: checkpoint != nil)
    var (described, optimizer) = (setup.described, setup.optimizer)
    if case .auto = optimizer.learningRate, !optimizer.isFlow {
      if optimizer.length > 0 {
        optimizer.learningRate = .value(
          try LearningRateResolution.resolved(
            optimizer, network: loaded.perceptronStudy().network, inputs: loaded.data.train.inputs))
        described?.learningRate = optimizer.learningRate
      } else {
        // Where no step is taken any rate will do, and none is reported.
        optimizer.learningRate = .value(1)
      }
    }
    var resolved = loaded.resolved
    resolved.optimizer = described
    experiment = try TrainingExperiment(resolved.network, data: setup.data, optimizer: optimizer)
    self.loaded = loaded
    self.request = request
    self.resolved = resolved
    self.checkpoint = checkpoint
    let steps = request.steps ?? .usual(optimizer.length)
    // Before the archive is opened: names of tensors, numbers that the precision cannot hold, batches.
    try experiment.check(options: Self.options(resolved, request, checkpoint))
    var settings = [
      "networks": String(request.networks), "steps": String(describing: steps),
      "observables": request.observables.map(\.rawValue).sorted().joined(separator: " "),
      "parameters": request.savesParameters ? "kept" : "not kept",
    ]
    if request.settings != ObservableSettings() { settings["measuring"] = try Self.text(request.settings) }
    // Its contents, wherever they lie.
    if let checkpoint { settings["checkpoint"] = checkpoint.digest.hexadecimal }
    identity = try resolved.runIdentity(
      kind: request.kind.rawValue, settings: settings, numerics: Self.numerics(request.observables),
      label: loaded.label, addition: checkpoint.map { "checkpoint \($0.digest.hexadecimal.prefix(8))" })
  }

  private static func text(_ settings: ObservableSettings) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(settings), as: UTF8.self)
  }

  /// What is recorded, each with the names under which its values are found.
  func records() throws -> [(TrainingObservable, [ObservableRecord])] { try experiment.records(options: options) }

  private static func numerics(_ observables: [TrainingObservable]) -> [String: Int] {
    var versions = ["training": TrainingExperiment.numericsVersion]
    for observable in observables { versions[observable.rawValue] = observable.numericsVersion }
    return versions
  }

  /// Bytes that the networks take on all threads.
  public func requiredMemory() throws -> Int {
    try experiment.requiredMemory(members: 0..<request.networks, options: options)
  }

  private var options: TrainingExperiment.Options { Self.options(resolved, request, checkpoint) }

  private static func options(
    _ resolved: ResolvedStudy<ResolvedNetwork>, _ request: TrainingRequest, _ checkpoint: NetworkCheckpoint?
  ) -> TrainingExperiment.Options {
    var options = TrainingExperiment.Options()
    options.checkpoint = checkpoint
    options.precision = resolved.precision
    options.observables = request.observables
    options.settings = request.settings
    options.steps = request.steps
    options.savesParameters = request.savesParameters
    return options
  }

  /// Trains, or goes on, or answers from the archive.
  ///
  /// - Parameters:
  ///   - startingOver: whether to forget an earlier answer.
  ///   - savingInterval: seconds between two savings of how far the run is.
  ///   - progress: called with the fraction that is done, from any thread.
  /// - Throws: `ArchiveError`, `OutputError`, ``ExperimentError``; a stopped run can be gone on with.
  public func run(
    _ archive: RunArchive, startingOver: Bool = false, savingInterval: Double = 10,
    progress: @escaping @Sendable (Double) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> TrainingFinding {
    switch try archive.begin(identity, startingOver: startingOver) {
    case .complete(let run): return try TrainingFinding(run, self, archive, isFromArchive: true)
    case .session(let session):
      var options = options
      options.progress = progress
      options.savingInterval = savingInterval
      options.isCancelled = isCancelled
      do {
        let ends = try experiment.run(
          members: 0..<request.networks, seed: resolved.seed, options: options, recorder: session)
        let diverged = ends.enumerated().compactMap { member, end in
          if case .diverged(let divergence) = end { (member, divergence) } else { nil }
        }
        for (member, divergence) in diverged {
          try session.record([Observation("diverged", member: member, step: divergence.step, value: 1)])
        }
        let message = diverged.first.map { "\(diverged.count) of \(ends.count) networks. \($0.1.description)" }
        try session.finish(diverged.count == ends.count ? .diverged : .finished, message: message)
      } catch let error as ExperimentError {
        if case .stopped = error {
          try session.finish(.interrupted)
        } else {
          try session.finish(.failed, message: error.description)
        }
        throw error
      } catch let error where error is ArchiveError || error is OutputError {
        // What the disk does not take now it may take later: the run is interrupted.
        throw error
      } catch {
        // Of an observable of a user's, whatever it throws.
        try? session.finish(.failed, message: "\(error)")
        throw error
      }
      guard let run = try archive.run(hash: identity.hash) else { preconditionFailure("The run was just finished.") }
      return try TrainingFinding(run, self, archive, isFromArchive: false)
    }
  }
}

extension TrainingStudy {
  /// Itself: nothing of it was forecast.
  public var setup: TrainingStudy { self }

  public func forecast(_ sitting: Sitting) -> NoForecast? { nil }

  /// - Throws: as ``run(_:startingOver:savingInterval:progress:isCancelled:)``; ``StudyError`` without an archive.
  public static func measure(_ setup: TrainingStudy, _ sitting: Sitting) throws -> TrainingFinding {
    try setup.run(
      sitting.requireArchive(), startingOver: sitting.isStartingOver, savingInterval: sitting.savingInterval,
      progress: { sitting.report(sitting.activity, $0) }, isCancelled: sitting.isCancelled)
  }

  public func finding(_ forecast: NoForecast?, _ evidence: TrainingFinding) -> TrainingFinding { evidence }
}
