import OrreryNetworks
import OrreryTensors

/// What the chosen observables need, compiled once for all threads. Nothing is compiled that nobody asked for.
struct ObservationPlan<Scalar: TrainingScalar>: Sendable {
  let observables: [any ObservableDefinition.Type]
  /// Of all observables together.
  let services: Set<ObservableService>
  let setting: ObservableSetting
  let network: ResolvedNetwork
  let loss: Loss
  let parameters: NetworkParameters
  let updatePlan: UpdatePlan
  /// What follows training behind the parameters.
  let averages: [LoweringContext.RunningAverage]
  let train: TrainingArrays<Scalar>
  let test: TrainingArrays<Scalar>?
  let seed: UInt64
  /// The parameters of every network at its beginning; nil where the seed draws them.
  let given: [Scalar]?
  let isParallel: Bool
  let trainPrograms: BatchGradient<Scalar>.Programs?
  let testPrograms: BatchGradient<Scalar>.Programs?
  let gradientPrograms: BatchGradient<Scalar>.Programs?
  let noisePrograms: BatchGradient<Scalar>.Programs?
  let hessian: CurvatureOperator<Scalar>.Programs?
  let tangentKernel: TangentKernelEstimator<Scalar>.Programs?
  let layers: LayerStates<Scalar>.Programs?
  let layerJacobians: LayerJacobianNorms<Scalar>.Programs?
  let differentials: TangentDifferentials<Scalar>.Programs?

  /// - Throws: ``ObservableError``, ``ExperimentError`` or `NetworkError` for what is not to be had.
  init(
    _ setting: ObservableSetting, observables: [TrainingObservable], parameters: NetworkParameters,
    updatePlan: UpdatePlan, train: TrainingArrays<Scalar>, test: TrainingArrays<Scalar>?,
    batchPrograms: BatchGradient<Scalar>.Programs, seed: UInt64, given: [Scalar]? = nil, isParallel: Bool
  ) throws {
    self.setting = setting
    self.observables = observables.map(\.definition)
    let network = setting.network
    let loss = setting.optimizer.loss
    (self.network, self.loss, self.parameters, self.updatePlan) = (network, loss, parameters, updatePlan)
    (self.train, self.test, self.seed, self.given, self.isParallel) = (train, test, seed, given, isParallel)
    averages = batchPrograms.averages
    let services = Set(self.observables.flatMap { $0.services })
    self.services = services
    func programs(_ service: ObservableService, _ samples: Int) throws -> BatchGradient<Scalar>.Programs? {
      guard services.contains(service) else { return nil }
      // With batch statistics a batch is one chunk, and whatever else goes in chunks of its own.
      return samples == batchPrograms.samples && batchPrograms.averages.isEmpty
        ? batchPrograms
        : try BatchGradient<Scalar>.Programs(
          network, loss: loss, samples: samples, targets: train.targetKind, isParallel: isParallel)
    }
    self.trainPrograms = try programs(.trainEvaluation, train.samples)
    testPrograms = try test.flatMap { try programs(.testEvaluation, $0.samples) }
    // Derivatives, as all other measurements, are of the function that losses are of: without dropout, with running averages as numbers
    // that are given.
    func gradients(_ service: ObservableService, _ samples: Int) throws -> BatchGradient<Scalar>.Programs? {
      guard services.contains(service) else { return nil }
      return samples == batchPrograms.samples && !batchPrograms.isModal
        ? batchPrograms
        : try BatchGradient<Scalar>.Programs(
          network, loss: loss, samples: samples, targets: train.targetKind, mode: .evaluation, isParallel: isParallel)
    }
    gradientPrograms = try gradients(.gradient, train.samples)
    noisePrograms = try gradients(.gradientNoise, setting.settings.noiseBatch)
    let samples = setting.kernelSamples
    hessian =
      services.contains(.hessian)
      ? try CurvatureOperator<Scalar>.Programs(
        .hessian, of: network, loss: loss, samples: train.samples, targets: train.targetKind, mode: .evaluation,
        isParallel: isParallel)
      : nil
    tangentKernel =
      services.contains(.tangentKernel)
      ? try TangentKernelEstimator<Scalar>.Programs(
        network, samples: [samples], isDirectional: services.contains(.tangentDerivative), mode: .evaluation,
        isParallel: isParallel) : nil
    layers =
      services.contains(.layers)
      ? try LayerStates<Scalar>.Programs(network, samples: samples, isParallel: isParallel) : nil
    layerJacobians =
      services.contains(.layerJacobians)
      ? try LayerJacobianNorms<Scalar>.Programs(network, samples: samples, isParallel: isParallel) : nil
    differentials =
      services.contains(.differentials)
      ? try TangentDifferentials<Scalar>.Programs(network, samples: setting.differentialSamples, mode: .evaluation)
      : nil
  }

  /// Whether an observable is among those chosen.
  func keeps(_ key: String) -> Bool { observables.contains { $0.key == key } }

  /// Parameters and running averages.
  var storedCount: Int { parameters.layout.count + averages.map(\.count).reduce(0, +) }

  /// Writes what a member's training begins with: parameters and, behind them, running averages.
  func begin(_ base: UnsafeMutablePointer<Scalar>, member: Int) {
    if let given { return base.update(from: given, count: storedCount) }
    parameters.draw(base, seed: seed, member: member)
    var place = base + parameters.layout.count
    for average in averages {
      place.update(repeating: Scalar(average.initial), count: average.count)
      place += average.count
    }
  }
}
