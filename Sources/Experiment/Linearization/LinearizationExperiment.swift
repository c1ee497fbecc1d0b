import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import Synchronization

/// Real networks trained beside their own linearizations, from the same draws, by the same steps.
///
/// ```swift
/// let experiment = try LinearizationExperiment(network, data: data, optimizer: optimizer)
/// let pairs = try experiment.run(members: 0..<50, seed: 7, steps: [0, 10, 100])
/// let (f, linear) = (pairs[0].network[2], pairs[0].linear[2])     // outputs after 100 steps, (samples, outputs)
/// ```
///
/// With `antithetic`, every member comes with its twin, whose last layer has the opposite sign, W^(L) → −W^(L) and
/// b^(L) → −b^(L): the two are equally likely, and their mean has none of the noise that is odd in the initial function.
public struct LinearizationExperiment: Sendable {
  /// One network and its linearization, on the training samples and behind them the test samples.
  public struct Pair: Sendable {
    public let member: Int
    /// Whether the last layer's signs are flipped.
    public let isTwin: Bool
    /// f, (samples, outputs), after each of the steps; those before divergence.
    public let network: [Matrix<Double>]
    /// f_lin alike; empty where linearizations were not asked for.
    public let linear: [Matrix<Double>]
  }

  public struct Options: Sendable {
    public var precision: Precision = .float32
    /// Whether each member has its twin; the network ends with a dense layer or a convolution.
    public var isAntithetic = false
    /// Whether to linearize; without, networks are only trained.
    public var isLinearized = true
    /// The most bytes that kernels and Jacobians may take on all threads.
    public var memoryLimit = 1 << 30
    /// Called now and then, from any thread, with the number of networks that are done.
    public var progress: (@Sendable (Int) -> Void)?
    public var isCancelled: (@Sendable () -> Bool)?

    public init() {}
  }

  public let network: ResolvedNetwork
  public let data: TrainingData
  public let optimizer: Optimizer

  /// - Throws: as `TrainingExperiment`, and ``ExperimentError/notLinearized`` for an optimizer other than gradient descent on the
  ///   whole training set under squared error, without decay and clipping; ``ExperimentError/dropsOut`` and
  ///   ``ExperimentError/keepsAverages(layer:)`` for layers that are not the same in training.
  public init(_ network: ResolvedNetwork, data: TrainingData, optimizer: Optimizer) throws {
    guard case .gradientDescent = optimizer.method, optimizer.batch == .full,
      optimizer.weightDecay.coefficient == 0, optimizer.clipping == .none, case .meanSquaredError = optimizer.loss
    else { throw ExperimentError.notLinearized }
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer)
    // Running averages have no place in the plain network.
    _ = try network.lowered(samples: 1)
    guard try network.modalLayer() == nil else { throw ExperimentError.dropsOut }
    self.network = network
    self.data = data
    self.optimizer = optimizer
  }

  /// The same for a multilayer perceptron as Theory takes it.
  ///
  /// - Throws: as the other.
  public init(_ perceptron: PerceptronView, data: TrainingData, optimizer: Optimizer) throws {
    try self.init(ResolvedNetwork(perceptron), data: data, optimizer: optimizer)
  }

  /// Trains the members, in order; twins follow their members.
  ///
  /// - Parameter steps: ascending, up to the optimizer's number of steps.
  /// - Throws: ``ExperimentError``.
  public func run(members: Range<Int>, seed: UInt64, steps: [Int], options: Options = Options()) throws -> [Pair] {
    try ExperimentError.check(members: members)
    return switch options.precision {
    case .float32: try run(Float.self, members, seed, steps, options)
    case .float64: try run(Double.self, members, seed, steps, options)
    default: throw ExperimentError.unsupportedPrecision(options.precision.rawValue)
    }
  }

  private func run<Scalar: TrainingScalar>(
    _ type: Scalar.Type, _ members: Range<Int>, _ seed: UInt64, _ steps: [Int], _ options: Options
  ) throws -> [Pair] {
    if options.isAntithetic { try checkTwin() }
    let setting = try ObservableSetting(network, data: data, optimizer: optimizer, settings: ObservableSettings())
    let plan = try TrainingPlan<Scalar>(
      setting, data: data, observables: [.outputs, .testOutputs], steps: .chosen(steps), seed: seed, isParallel: false)
    let samples = data.train.samples + (data.test?.samples ?? 0)
    let kernels = try TangentKernelEstimator<Scalar>.Programs(
      network, samples: options.isLinearized ? [samples] : [],
      rates: plan.parameters.layout.tensors.map {
        $0.unit * $0.unit * optimizer.multipliers.factor(tensor: $0.name, role: $0.role)
      }, isParallel: false)
    if options.isLinearized {
      // Jacobians where there are several outputs, else kernels only.
      let outputs = data.train.targets.columns
      let rows = samples * outputs
      let numbers = kernels.size + (outputs > 1 ? rows * plan.parameters.layout.count : 0) + 3 * rows * rows
      let needed = Parallel.threads * numbers * MemoryLayout<Scalar>.stride
      guard needed <= options.memoryLimit else {
        throw ExperimentError.tooMuchMemory(needed: needed, allowed: options.memoryLimit, networks: Parallel.threads)
      }
    }
    let all = all(as: type)
    let signs = options.isAntithetic ? [false, true] : [false]
    let results = Mutex<[Int: Result<[Pair], any Error>]>([:])
    let trainers = WorkerPool { NetworkTrainer(plan) }
    let linearizers = WorkerPool { TangentKernelEstimator<Scalar>(kernels) }
    let finished = Atomic<Int>(0)
    Parallel.forEach(members.count) { index in
      guard options.isCancelled?() != true else { return }
      let member = members.lowerBound + index
      let trainer = trainers.take()
      let linearizer = linearizers.take()
      defer {
        trainers.give(trainer)
        linearizers.give(linearizer)
      }
      let pairs = Result {
        try signs.map { isTwin in
          try pair(
            member, isTwin, plan, trainer, options.isLinearized ? linearizer : nil, all, steps, seed)
        }
      }
      results.withLock { $0[member] = pairs }
      options.progress?(finished.wrappingAdd(1, ordering: .relaxed).newValue)
    }
    let found = results.withLock { $0 }
    guard found.count == members.count else {
      throw ExperimentError.cancelled(finished: found.count, networks: members.count)
    }
    return try members.flatMap { try found[$0]!.get() }
  }

  /// The last layer's weights and biases are what a twin flips: its output must be linear in them, and the network's.
  private func checkTwin() throws {
    guard let last = network.architecture.layers.last else { return }
    guard last.description is Dense || last.description is Convolution else {
      throw ExperimentError.noTwin(key: last.key)
    }
  }

  private func pair<Scalar: TrainingScalar>(
    _ member: Int, _ isTwin: Bool, _ plan: TrainingPlan<Scalar>, _ trainer: NetworkTrainer<Scalar>,
    _ linearizer: TangentKernelEstimator<Scalar>?, _ inputs: Matrix<Scalar>, _ steps: [Int], _ seed: UInt64
  ) throws -> Pair {
    var parameters = [Scalar](repeating: 0, count: plan.parameters.layout.count)
    parameters.withUnsafeMutableBufferPointer { plan.parameters.draw($0.baseAddress!, seed: seed, member: member) }
    if isTwin {
      let last = network.architecture.layers.count - 1
      for (parameter, tensor) in zip(try network.parameters(), plan.parameters.layout.tensors)
      where parameter.layer == last {
        for place in tensor.range { parameters[place].negate() }
      }
    }
    let position = NetworkTrainer<Scalar>.Position(
      step: 0, parameters: parameters, state: try ParameterUpdate<Scalar>(plan.updatePlan).state)
    var outputs: [Int: [Double]] = [:]
    _ = try trainer.train(member: member, from: position) { observation in
      outputs[observation.step, default: []] += observation.values
    } pause: { _, _ in
      false
    }
    let columns = data.train.targets.columns
    let found = steps.compactMap { outputs[$0] }.prefix { $0.allSatisfy(\.isFinite) }
    var linear: [Matrix<Double>] = []
    if let linearizer, let initial = outputs[0] {
      let kernel = try kernel(linearizer, parameters, inputs, outputs: columns)
      linear = try LinearizedNetwork(
        Matrix(rows: initial.count / columns, columns: columns, elements: initial), kernel: kernel,
        trainSamples: data.train.samples
      ).trained(optimizer, targets: data.train.targets, steps: steps)
    }
    return Pair(
      member: member, isTwin: isTwin,
      network: found.map { Matrix(rows: $0.count / columns, columns: columns, elements: $0) }, linear: linear)
  }

  /// Ĥ between all samples and outputs; the traced one is all there is for a single output.
  private func kernel<Scalar: TrainingScalar>(
    _ estimator: TangentKernelEstimator<Scalar>, _ parameters: [Scalar], _ inputs: Matrix<Scalar>, outputs: Int
  ) throws -> [Scalar] {
    try parameters.withUnsafeBufferPointer { parameters in
      try inputs.withUnsafeBuffer { x in
        let samples = TangentKernelEstimator<Scalar>.Samples(x.baseAddress!, count: inputs.rows)
        return outputs == 1
          ? estimator.traced(parameters.baseAddress!, samples).tensor.elements
          : try estimator.full(parameters.baseAddress!, samples).elements
      }
    }
  }

  /// Training and test inputs in one matrix.
  private func all<Scalar: TrainingScalar>(as type: Scalar.Type) -> Matrix<Scalar> {
    let parts = [data.train, data.test].compactMap { $0 }
    return Matrix(
      rows: parts.map(\.samples).reduce(0, +), columns: network.inputs,
      elements: parts.flatMap { $0.inputs.tensor.elements.map { Scalar($0) } })
  }
}
