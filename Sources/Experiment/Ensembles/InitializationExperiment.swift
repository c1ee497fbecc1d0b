import OrreryNetworks
import OrreryTensors

/// Real networks at initialization: weights and biases are drawn, inputs pass through, kernels and outputs are recorded.
///
/// ```swift
/// let experiment = try InitializationExperiment(network, inputs: images)
/// let ensemble = try experiment.run(networks: 1000, seed: 7)
/// let kernel = ensemble.kernel(layer: 3, 0, 1)         // a Measurement with its standard error
/// ```
///
/// Member i draws its weights of layer ℓ from the stream (seed, weights, i, ℓ), its biases from (seed, biases, i, ℓ), row by
/// row: it is the same network in an ensemble of any size and for any number of threads.
public struct InitializationExperiment: Sendable {
  /// How an ensemble is run.
  public struct Options: Sendable {
    public var precision: Precision
    /// The number of the first network: ensembles with disjoint ranges of members are independent.
    public var firstMember: Int
    /// The most bytes that records may take.
    public var memoryLimit: Int
    /// Called now and then, from any thread, with the number of networks that are finished.
    public var progress: (@Sendable (Int) -> Void)?
    /// Asked before every few networks, from any thread; true ends the run with an error.
    public var isCancelled: (@Sendable () -> Bool)?

    public init(
      precision: Precision = .float32, firstMember: Int = 0, memoryLimit: Int = 1 << 30,
      progress: (@Sendable (Int) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
    ) {
      self.precision = precision
      self.firstMember = firstMember
      self.memoryLimit = memoryLimit
      self.progress = progress
      self.isCancelled = isCancelled
    }
  }

  public let network: ResolvedNetwork
  /// Shape (samples, numbers of a sample): images and texts flattened.
  public let inputs: Matrix<Double>
  private let pass: Pass
  private let layers: [SignalLayer]
  private let outputs: Int

  /// How a drawn network is run.
  private enum Pass: Sendable {
    case perceptron(PerceptronView)
    case program(ProgramPass<Float>.Setting, ProgramPass<Double>.Setting)
  }

  /// - Parameters:
  ///   - network: any; perceptrons take a faster pass than others. Running averages are as they begin, and nothing is dropped out.
  ///   - inputs: Shape (samples, numbers of a sample).
  /// - Throws: ``ExperimentError`` when a layer is not known to Experiment, shapes disagree, or a number is not usable.
  public init(_ network: ResolvedNetwork, inputs: Matrix<Double>) throws {
    if let perceptron = network.perceptron {
      try self.init(perceptron, inputs: inputs)
    } else {
      try self.init(byProgram: network, inputs: inputs)
    }
  }

  /// - Parameter inputs: Shape (samples, features).
  /// - Throws: ``ExperimentError`` when shapes disagree, or a number is not usable.
  public init(_ network: PerceptronView, inputs: Matrix<Double>) throws {
    let resolved = ResolvedNetwork(network)
    try Self.check(resolved, inputs)
    for (index, width) in network.architecture.layerWidths.enumerated() where width < 1 {
      throw ExperimentError.badLayer(index: index, problem: "a width of \(width) is not at least 1")
    }
    (self.network, self.inputs, pass) = (resolved, inputs, .perceptron(network))
    (layers, outputs) = (network.signalLayers, network.architecture.outputs)
  }

  /// The plain way, for perceptrons too.
  package init(byProgram network: ResolvedNetwork, inputs: Matrix<Double>) throws {
    try Self.check(network, inputs)
    (self.network, self.inputs) = (network, inputs)
    pass = .program(
      try ProgramPass<Float>.Setting(network, samples: inputs.rows),
      try ProgramPass<Double>.Setting(network, samples: inputs.rows))
    layers = try network.signalLayers()
    outputs = layers.last?.width ?? 0
    guard !layers.isEmpty else {
      throw ExperimentError.badLayer(index: 0, problem: "the network has no layer with weights")
    }
  }

  private static func check(_ network: ResolvedNetwork, _ inputs: Matrix<Double>) throws {
    try ExperimentError.check(inputs, features: network.inputs)
    for (index, layer) in network.initializations.enumerated() {
      for (name, value) in [("C_W", layer.weightVariance), ("C_b", layer.biasVariance)]
      where !(value >= 0 && value.isFinite) {
        throw ExperimentError.badNumbers(weights: index + 1, problem: "\(name) = \(value) is not a variance")
      }
    }
  }

  /// The bytes that the records of so many networks take.
  public func requiredMemory(networks: Int) -> Int {
    EnsembleRecords.requiredBytes(
      samples: inputs.rows, layers: layers.count, networks: networks, outputCount: outputs)
  }

  /// The bytes that passing networks through takes on so many threads, beside the records: of perceptrons, inputs, two
  /// layers' activations and a tile of weights each; of others, all weights and activations. `Int.max` stands for more than can be
  /// counted.
  public func workingMemory(threads: Int, precision: Precision = .float32) -> Int {
    let numbers =
      switch pass {
      case .perceptron(let network): PerceptronPass<Float>.numbers(network, samples: inputs.rows)
      case .program(let setting, _): Double(setting.program.size)
      }
    return Int(exactly: numbers * Double(threads) * (precision == .float64 ? 8 : 4)) ?? .max
  }

  /// Draws and runs an ensemble.
  ///
  /// - Throws: ``ExperimentError`` when there are too few networks or too little memory, when preactivations overflow, or
  ///   when the run is cancelled.
  public func run(networks: Int, seed: UInt64, options: Options = Options()) throws -> InitializationEnsemble {
    guard networks >= 2 else { throw ExperimentError.tooFewNetworks(networks) }
    let needed = requiredMemory(networks: networks)
    guard needed <= options.memoryLimit else {
      throw ExperimentError.tooMuchMemory(needed: needed, allowed: options.memoryLimit, networks: networks)
    }
    let records = EnsembleRecords(
      samples: inputs.rows, layers: layers.count, networks: networks, outputCount: outputs)
    let recorder = RecordsOfEnsemble(records: records, layers: layers)
    try forEach(networks, seed: seed, options: options, recorder)
    for layer in 1...layers.count {
      let broken = records.nonFiniteNetworks(layer: layer)
      if broken > 0 {
        throw ExperimentError.overflow(layer: layer, networks: broken, precision: options.precision.rawValue)
      }
    }
    return InitializationEnsemble(
      network: network, layers: layers, networks: networks, seed: seed, precision: options.precision, records: records)
  }

  /// Numbers of each network, of what leaves its layers with weights.
  ///
  /// - Parameters:
  ///   - count: of numbers.
  ///   - statistic: from z^(ℓ), ℓ = 1 … L, each of shape (samples, n), to the numbers; called from any thread.
  /// - Returns: shape (networks, count).
  /// - Throws: as ``run(networks:seed:options:)``.
  public func statistics(
    _ count: Int, networks: Int, seed: UInt64, options: Options = Options(),
    of statistic: @Sendable ([Matrix<Double>]) -> [Double]
  ) throws -> Matrix<Double> {
    let needed = NetworkRecords.requiredBytes(networks: networks, count: count)
    guard needed <= options.memoryLimit else {
      throw ExperimentError.tooMuchMemory(needed: needed, allowed: options.memoryLimit, networks: networks)
    }
    let records = NetworkRecords(networks: networks, count: count)
    try withoutActuallyEscaping(statistic) { statistic in
      let recorder = StatisticsOfEnsemble(records: records, samples: inputs.rows, layers: layers.count, of: statistic)
      try forEach(networks, seed: seed, options: options, recorder)
    }
    guard records.nonFiniteNetworks == 0 else {
      throw ExperimentError.overflow(
        layer: layers.count, networks: records.nonFiniteNetworks, precision: options.precision.rawValue)
    }
    return records.matrix
  }

  /// Runs every network.
  ///
  /// - Throws: ``ExperimentError`` for a precision that networks are not run in, and when the run is cancelled.
  private func forEach(_ networks: Int, seed: UInt64, options: Options, _ recorder: some SignalRecorder) throws {
    try ExperimentError.check(members: options.firstMember..<(options.firstMember + networks))
    let finished =
      switch (pass, options.precision) {
      case (.perceptron(let network), .float32):
        fill(networks, options, recorder) { PerceptronPass<Float>(network, inputs: inputs, seed: seed) }
      case (.perceptron(let network), .float64):
        fill(networks, options, recorder) { PerceptronPass<Double>(network, inputs: inputs, seed: seed) }
      case (.program(let setting, _), .float32):
        fill(networks, options, recorder) { ProgramPass(setting, inputs: inputs, seed: seed) }
      case (.program(_, let setting), .float64):
        fill(networks, options, recorder) { ProgramPass(setting, inputs: inputs, seed: seed) }
      default: throw ExperimentError.unsupportedPrecision(options.precision.rawValue)
      }
    guard finished == networks else { throw ExperimentError.cancelled(finished: finished, networks: networks) }
  }

  /// The number of networks that were finished: all, unless the run was cancelled.
  private func fill<P: InitializationPass & SendableMetatype>(
    _ networks: Int, _ options: Options, _ recorder: some SignalRecorder, pass: @escaping () -> P
  ) -> Int {
    let workers = WorkerPool(pass)
    let isCancelled: @Sendable () -> Bool = { options.isCancelled?() ?? false }
    return MemberGroups.forEach(
      networks, inGroupsOf: max(1, min(16, networks / 64)), isCancelled: isCancelled, progress: options.progress
    ) { group in
      let worker = workers.take()
      for place in group { recorder.record(worker, member: options.firstMember + place, place: place) }
      workers.give(worker)
    }
  }
}
