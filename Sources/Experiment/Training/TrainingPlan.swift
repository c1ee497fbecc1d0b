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
  let trainPrograms: BatchGradient<Scalar>.Programs
  let testPrograms: BatchGradient<Scalar>.Programs?
  /// What follows training behind the parameters.
  let averages: [LoweringContext.RunningAverage]
  let sharpnessPrograms: SharpnessEstimator<Scalar>.Programs?
  /// The last extent of the network's output.
  let classes: Int
  let observables: Set<TrainingObservable>
  let steps: [Int]
  let seed: UInt64

  init(
    _ network: ResolvedNetwork, data: TrainingData, optimizer: Optimizer, observables: [TrainingObservable],
    steps: ObservationSteps, seed: UInt64, isParallel: Bool
  ) throws {
    self.optimizer = optimizer
    parameters = try NetworkParameters(network)
    updatePlan = try UpdatePlan(optimizer, layout: parameters.layout)
    train = TrainingArrays(data.train)
    test = data.test.map { TrainingArrays($0) }
    let batch = try BatchSampler(optimizer.batch, samples: data.train.samples, seed: seed, member: 0).batchSize
    func programs(_ samples: Int, isWhole: Bool = false) throws -> BatchGradient<Scalar>.Programs {
      try BatchGradient<Scalar>.Programs(
        network, loss: optimizer.loss, samples: samples, targets: data.train.targetKind, isWhole: isWhole,
        isParallel: isParallel)
    }
    // Statistics of a batch are those of the whole of it.
    let keepsAverages = try !LoweredNetwork(
      network.architecture.layers, inputShape: network.inputShape, samples: 1, mode: .evaluation
    ).averages.isEmpty
    batchPrograms = try programs(batch, isWhole: keepsAverages)
    averages = batchPrograms.averages
    trainPrograms =
      batch == data.train.samples && !keepsAverages ? batchPrograms : try programs(data.train.samples)
    testPrograms = try data.test.map { try programs($0.samples) }
    classes = try network.outputShape().last ?? 1
    self.observables = Set(observables)
    sharpnessPrograms =
      observables.contains(.sharpness)
      ? try SharpnessEstimator<Scalar>.Programs(
        network, loss: optimizer.loss, samples: data.train.samples, targets: data.train.targetKind,
        isParallel: isParallel) : nil
    self.steps = steps.list(optimizer.steps)
    self.seed = seed
  }

  /// Parameters and running averages.
  var storedCount: Int { parameters.layout.count + averages.map(\.count).reduce(0, +) }

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
    let arenas =
      batchPrograms.size(gradient: true) + trainPrograms.size(gradient: false)
      + (testPrograms?.size(gradient: false) ?? 0) + (sharpnessPrograms?.size ?? 0)
    return arenas * size + updatePlan.memory(bytesPerElement: size) + 2 * parameters.layout.count * size
  }
}
