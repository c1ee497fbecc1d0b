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

  public let network: ResolvedPerceptron
  /// Shape (samples, features).
  public let inputs: Matrix<Double>
  private let program: LayerProgram

  /// - Parameter inputs: Shape (samples, features).
  /// - Throws: ``ExperimentError`` when a layer is not known to Experiment, shapes disagree, or a number is not usable.
  public init(_ network: ResolvedPerceptron, inputs: Matrix<Double>) throws {
    try ExperimentError.check(inputs, features: network.inputs)
    self.network = network
    self.inputs = inputs
    program = try LayerProgram(
      network.architecture.layers, inputs: network.inputs, initializations: network.layers)
  }

  /// The bytes that the records of so many networks take.
  public func requiredMemory(networks: Int) -> Int {
    EnsembleRecords.requiredBytes(
      samples: inputs.rows, layers: program.layerCount, networks: networks,
      outputCount: network.architecture.outputs)
  }

  /// The bytes that passing networks through takes on so many threads, beside the records: each holds its own inputs, two
  /// layers' activations and a tile of weights. `Int.max` stands for more than can be counted.
  public func workingMemory(threads: Int, precision: Precision = .float32) -> Int {
    let numbers = ForwardPass<Float>.numbers(program, samples: inputs.rows)
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
      samples: inputs.rows, layers: program.layerCount, networks: networks,
      outputCount: network.architecture.outputs)
    let finished =
      switch options.precision {
      case .float32: fill(records, as: Float.self, seed: seed, options: options)
      case .float64: fill(records, as: Double.self, seed: seed, options: options)
      default: throw ExperimentError.unsupportedPrecision(options.precision.rawValue)
      }
    guard finished == networks else { throw ExperimentError.cancelled(finished: finished, networks: networks) }
    for layer in 1...program.layerCount {
      let broken = records.nonFiniteNetworks(layer: layer)
      if broken > 0 {
        throw ExperimentError.overflow(layer: layer, networks: broken, precision: options.precision.rawValue)
      }
    }
    return InitializationEnsemble(
      network: network, networks: networks, seed: seed, precision: options.precision, records: records)
  }

  /// The number of networks that were finished: all, unless the run was cancelled.
  private func fill<Scalar: ExperimentScalar>(
    _ records: EnsembleRecords, as type: Scalar.Type, seed: UInt64, options: Options
  ) -> Int {
    let workers = WorkerPool { ForwardPass<Scalar>(program, inputs: inputs, seed: seed) }
    let isCancelled: @Sendable () -> Bool = { options.isCancelled?() ?? false }
    return MemberGroups.forEach(
      records.networks, inGroupsOf: max(1, min(16, records.networks / 64)), isCancelled: isCancelled,
      progress: options.progress
    ) { group in
      let worker = workers.take()
      for place in group {
        worker.run(
          member: options.firstMember + place,
          preactivations: { layer, values, width in
            records.store(preactivations: values, layer: layer, width: width, network: place)
          },
          activations: { layer, values, width in
            guard layer >= 1, layer < program.layerCount else { return }
            let next = network.layers[layer]
            records.store(
              activations: values, layer: layer, width: width, network: place, weightVariance: next.weightVariance,
              biasVariance: next.biasVariance)
          })
      }
      workers.give(worker)
    }
  }
}
