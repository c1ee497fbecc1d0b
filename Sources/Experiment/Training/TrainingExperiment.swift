import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import Synchronization

/// Real networks, trained: one, or an ensemble of members that differ in their draws of weights and batches.
///
/// ```swift
/// let experiment = try TrainingExperiment(network, data: data, optimizer: optimizer)
/// let recorder = MemoryRecorder()
/// let ends = try experiment.run(members: 0..<100, seed: 7, recorder: recorder)
/// ```
///
/// Member i is the same network with the same batches in an ensemble of any size, for any number of threads, stopped and
/// resumed or not: its numbers are the same to the bit on one type of processor.
public struct TrainingExperiment: Sendable {
  public struct Options: Sendable {
    public var precision: Precision = .float32
    public var observables: [TrainingObservable] = TrainingObservable.usual
    public var settings = ObservableSettings()
    /// Nil: about a hundred steps at equal distances.
    public var steps: ObservationSteps?
    /// The state that every network begins with; nil for one that the seed draws for each.
    public var checkpoint: NetworkCheckpoint?
    /// Whether to keep each network's parameters at the end, as a checkpoint.
    public var savesParameters = false
    /// Seconds between two savings of a run's progress: which networks are done, and where those stand that have been at work for as long.
    public var savingInterval: Double = 10
    /// Called now and then, from any thread, with the fraction of the work that is done.
    public var progress: (@Sendable (Double) -> Void)?
    /// Asked before every few steps, from any thread; true ends the run, with its progress saved, that of networks at work included.
    public var isCancelled: (@Sendable () -> Bool)?

    public init() {}
  }

  /// Rises whenever the same training gets other digits.
  public static let numericsVersion = 5

  /// How the training of one network ended.
  public enum End: Hashable, Codable, Sendable {
    case finished
    case diverged(UpdateOutcome.Divergence)
  }

  public let network: ResolvedNetwork
  public let data: TrainingData
  public let optimizer: Optimizer

  /// - Throws: ``ExperimentError``, ``TrainingSetupError`` or `NetworkError` for numbers and shapes that do not fit.
  public init(_ network: ResolvedNetwork, data: TrainingData, optimizer: Optimizer) throws {
    try optimizer.validate()
    try data.validate(for: network, loss: optimizer.loss)
    if optimizer.isFlow, let layer = try network.modalLayer() { throw ExperimentError.noFlow(layer: layer) }
    self.network = network
    self.data = data
    self.optimizer = optimizer
  }

  /// The same for a multilayer perceptron as Theory takes it.
  ///
  /// - Throws: as ``init(_:data:optimizer:)``.
  public init(_ perceptron: PerceptronView, data: TrainingData, optimizer: Optimizer) throws {
    try self.init(ResolvedNetwork(perceptron), data: data, optimizer: optimizer)
  }

  /// Finds what would keep a run from beginning, before any work.
  ///
  /// - Throws: as ``run(members:seed:options:recorder:)``.
  public func check(options: Options = Options()) throws {
    guard [.float32, .float64].contains(options.precision) else {
      throw ExperimentError.unsupportedPrecision(options.precision.rawValue)
    }
    let parameters = try NetworkParameters(network)
    _ = try UpdatePlan(training: optimizer, layout: parameters.layout)
    _ = try BatchSampler(optimizer.batch, samples: data.train.samples, seed: 0, member: 0)
    _ = try chosen(options)
    try options.steps?.validate(optimizer.length)
    if let checkpoint = options.checkpoint {
      if options.precision == .float64 {
        let _: [Double] = try checkpoint.flat(network)
      } else {
        let _: [Float] = try checkpoint.flat(network)
      }
    }
  }

  /// The observables that will be recorded, each with the names under which its values are found.
  ///
  /// The usual ones are those of ``TrainingObservable/usual`` that the data have; any others are a promise.
  ///
  /// - Throws: ``ObservableError`` for one that this network, optimizer or these data do not have.
  public func records(options: Options = Options()) throws -> [(TrainingObservable, [ObservableRecord])] {
    let setting = try setting(options)
    return try chosen(options).map { ($0, $0.definition.records(setting)) }
  }

  private func setting(_ options: Options) throws -> ObservableSetting {
    try options.settings.validate()
    return try ObservableSetting(
      network, data: data, optimizer: optimizer, settings: options.settings, isGiven: options.checkpoint != nil)
  }

  private func chosen(_ options: Options) throws -> [TrainingObservable] {
    let setting = try setting(options)
    if options.observables == TrainingObservable.usual {
      return options.observables.filter { (try? $0.definition.check(setting)) != nil }
    }
    for observable in options.observables { try observable.definition.check(setting) }
    // In the catalogue's order, whatever the order they were asked in; behind them those that are not of it.
    let catalogue = TrainingObservable.allCases
    var others: [TrainingObservable] = []
    for observable in options.observables where !catalogue.contains(observable) && !others.contains(observable) {
      others.append(observable)
    }
    let all = catalogue.filter { options.observables.contains($0) } + others
    try ObservableNames.checkDistinct(all, setting)
    return all
  }

  /// Bytes that training takes: for each network that is at work at once, at most one a thread, its parameters, activations, gradients, the
  /// optimizer's memory and what observables write down; what is remembered of every member; and the data. A single network is
  /// trained on one thread, which has the others help. `Int.max` stands for more than can be counted.
  ///
  /// - Throws: as ``run(members:seed:options:recorder:)``.
  public func requiredMemory(
    members: Range<Int> = 0..<1, threads: Int = Parallel.threads, options: Options = Options()
  ) throws -> Int {
    try ExperimentError.check(members: members)
    func memory<Scalar: TrainingScalar>(_ type: Scalar.Type) throws -> Int {
      let plan = try plan(type, seed: 0, options: options, isParallel: members.count == 1)
      let samples = data.train.samples + (data.test?.samples ?? 0)
      let arrays = samples * (network.inputs + data.train.targets.columns) * MemoryLayout<Scalar>.stride
      let working = min(threads, members.count).multipliedReportingOverflow(by: plan.memoryPerThread)
      let total = working.partialValue.addingReportingOverflow(
        members.count * TrainingBook.bytesPerMember + arrays)
      return working.overflow || total.overflow ? .max : total.partialValue
    }
    return try options.precision == .float64 ? memory(Double.self) : memory(Float.self)
  }

  /// Trains the members and records their observables; goes on where the recorder's saved progress says.
  ///
  /// - Returns: how each member ended, in order.
  /// - Throws: ``ExperimentError/stopped(finished:members:)`` when cancelled, ``ExperimentError/noSuchNetwork(_:)``; the recorder's errors;
  ///   and as ``init``.
  public func run(
    members: Range<Int> = 0..<1, seed: UInt64, options: Options = Options(), recorder: some RunRecorder & Sendable
  ) throws -> [End] {
    switch options.precision {
    case .float32: try run(Float.self, members, seed, options, recorder)
    case .float64: try run(Double.self, members, seed, options, recorder)
    default: throw ExperimentError.unsupportedPrecision(options.precision.rawValue)
    }
  }

  private func plan<Scalar: TrainingScalar>(
    _ type: Scalar.Type, seed: UInt64, options: Options, isParallel: Bool
  ) throws -> TrainingPlan<Scalar> {
    try options.steps?.validate(optimizer.length)
    return try TrainingPlan(
      setting(options), data: data, observables: chosen(options), steps: options.steps ?? .usual(optimizer.length),
      seed: seed, checkpoint: options.checkpoint, isParallel: isParallel)
  }

  private func run<Scalar: TrainingScalar>(
    _ type: Scalar.Type, _ members: Range<Int>, _ seed: UInt64, _ options: Options,
    _ recorder: any RunRecorder & Sendable
  ) throws -> [End] {
    try ExperimentError.check(members: members)
    // One network has all threads to itself; many have one each.
    let plan = try plan(type, seed: seed, options: options, isParallel: members.count == 1)
    let book = try TrainingBook(
      recorder: recorder, interval: options.savingInterval, members: members, steps: optimizer.length)
    let remaining = book.remaining
    let trainers = WorkerPool { NetworkTrainer(plan) }
    Parallel.forEach(remaining.count) { index in
      guard !book.isStopped else { return }
      let trainer = trainers.take()
      defer { trainers.give(trainer) }
      let member = remaining[index]
      do {
        let left = try book.position(member).map { try NetworkTrainer<Scalar>.Position($0, plan) }
        var clock = book.clock()
        let end = try trainer.train(member: member, from: left, record: { book.record($0) }) { step, position in
          let stops = book.isStopped || options.isCancelled?() == true
          if stops { book.stop() }
          // Where nothing is done there is nothing to keep.
          if clock.isDue() || (stops && (step > 0 || left != nil)) { try book.keep(member, position().saved) }
          options.progress?(book.fraction(member: member, step: step))
          return stops
        }
        if options.savesParameters, case .finished = end {
          try recorder.save(
            Checkpoint(member: member, step: optimizer.length, tensors: plan.tensors(trainer.copy())))
        }
        switch end {
        case .finished: try book.finish(member, .finished)
        case .diverged(let divergence): try book.finish(member, .diverged(divergence))
        case .stopped: break
        }
      } catch { book.fail(error) }
    }
    return try book.close()
  }
}
