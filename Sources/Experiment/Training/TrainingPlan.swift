import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// A training worked out before it begins: programs, data in the precision asked for, steps at which to look. Shared by all
/// threads.
struct TrainingPlan<Scalar: TrainingScalar>: Sendable {
  let optimizer: Optimizer
  let parameters: NetworkParameters
  let updatePlan: UpdatePlan
  let train: TrainingArrays<Scalar>
  let test: TrainingArrays<Scalar>?
  let batchPrograms: BatchGradient<Scalar>.Programs
  /// What follows training behind the parameters.
  let averages: [LoweringContext.RunningAverage]
  let observation: ObservationPlan<Scalar>
  /// Whether the norm of the step's gradient is recorded.
  let recordsGradientNorm: Bool
  /// Whether the loss of the step's batch is.
  let recordsBatchLoss: Bool
  let steps: [Int]
  let seed: UInt64
  /// Whether one network may use all threads.
  let isParallel: Bool

  /// - Throws: ``ExperimentError``, ``ObservableError``, ``TrainingSetupError`` or `NetworkError` for what cannot be trained or is not
  ///   to be had.
  init(
    _ setting: ObservableSetting, data: TrainingData, observables: [TrainingObservable], steps: ObservationSteps,
    seed: UInt64, checkpoint: NetworkCheckpoint? = nil, isParallel: Bool
  ) throws {
    optimizer = setting.optimizer
    parameters = try NetworkParameters(setting.network)
    updatePlan = try UpdatePlan(training: optimizer, layout: parameters.layout)
    train = TrainingArrays(data.train)
    test = data.test.map { TrainingArrays($0) }
    let batch = try BatchSampler(optimizer.batch, samples: data.train.samples, seed: seed, member: 0).batchSize
    // Statistics of a batch are those of the whole of it.
    let keepsAverages = try !LoweredNetwork(
      setting.network.architecture.layers, inputShape: setting.network.inputShape, samples: 1, mode: .evaluation
    ).averages.isEmpty
    batchPrograms = try BatchGradient<Scalar>.Programs(
      setting.network, loss: optimizer.loss, samples: batch, targets: train.targetKind,
      isWhole: keepsAverages, isParallel: isParallel)
    averages = batchPrograms.averages
    let given: [Scalar]? = try checkpoint.map { try $0.flat(setting.network) }
    observation = try ObservationPlan(
      setting, observables: observables, parameters: parameters, updatePlan: updatePlan, train: train, test: test,
      batchPrograms: batchPrograms, seed: seed, given: given, isParallel: isParallel)
    recordsGradientNorm = observables.contains(.gradientNorm)
    recordsBatchLoss = observables.contains(.batchLoss)
    self.steps = steps.list(optimizer.length)
    self.seed = seed
    self.isParallel = isParallel
  }

  /// Writes what a member's training begins with: parameters and, behind them, running averages.
  func begin(_ base: UnsafeMutablePointer<Scalar>, member: Int) {
    observation.begin(base, member: member)
  }

  /// Parameters and running averages.
  var storedCount: Int { observation.storedCount }

  /// Flat parameters with running averages behind them, as tensors by name, for a checkpoint.
  func tensors(_ flat: [Scalar]) -> [String: NumericArray] {
    var result = parameters.tensors(flat)
    var place = parameters.layout.count
    for average in averages {
      let elements = flat[place..<(place + average.count)].map { Double($0) }
      result[average.name] = NumericArray(Tensor(shape: average.shape, elements: elements), name: average.name)
      place += average.count
    }
    return result
  }

  /// Bytes that one thread needs for its networks.
  var memoryPerThread: Int {
    let size = MemoryLayout<Scalar>.stride
    let (arena, update) = (batchPrograms.size(gradient: true), updatePlan.memory(bytesPerElement: size))
    var flow = 0
    if case .gradientFlow = optimizer.method { flow = 8 * DormandPrince.memory(count: parameters.layout.count) }
    // A position that is saved, and beside it the one before where others save it too; two copies of the parameters in the end.
    let position = storedCount * size + update
    let copies = max(position, 2 * parameters.layout.count * size) + (isParallel ? 0 : position)
    return flow + arena * size + observation.memory + update + copies
  }
}
