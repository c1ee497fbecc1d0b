import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import Synchronization
import Testing

/// What gradient flow is refused for, and how it says that it cannot go on.
@Suite struct GradientFlowEndTests {
  /// Statistics of batches and masks are no functions of parameters and inputs, which a differential equation is of.
  @Test(arguments: [Layer(BatchNorm()), Layer(Dropout(0.3)), Layer(Residual([Layer(Dropout(0.3))]))])
  func layersThatDifferInTrainingAreRefused(layer: Layer) throws {
    let data = try TrainingTests.data(6)
    func network(_ layer: Layer) throws -> ResolvedNetwork {
      try ResolvedNetwork(
        architecture: Architecture([Layer(Dense(units: 4)), layer, Layer(Dense(units: 1))]), inputShape: [3],
        initializations: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: 2),
        parametrization: .standard)
    }
    #expect(throws: ExperimentError.noFlow(layer: 1)) {
      try TrainingExperiment(network(layer), data: data, optimizer: GradientFlowTests.flow(1))
    }
    _ = try TrainingExperiment(network(Layer(Dropout(0))), data: data, optimizer: GradientFlowTests.flow(1))
    _ = try TrainingExperiment(network(Layer(LayerNorm())), data: data, optimizer: GradientFlowTests.flow(1))
  }

  /// The second variable leaves the numbers, the first only decays.
  @Test func theVariableThatIsTooFastIsFound() {
    let integrator = DormandPrince(count: 2, relativeTolerance: 1e-6, absoluteTolerance: 1e-9)
    (integrator.state[0], integrator.state[1]) = (1, 1)
    let outcome = integrator.advance(by: 2) { y, f in
      (f[0], f[1]) = (-y[0], y[1] * y[1])
      return f[1].isFinite
    }
    #expect(outcome == .underflow(component: 1))
    // Too fast from the start.
    let fast = DormandPrince(count: 2, relativeTolerance: 1e-6, absoluteTolerance: 1e-9)
    (fast.state[0], fast.state[1]) = (1, 1)
    let first = fast.advance(by: 1e300) { y, f in
      (f[0], f[1]) = (-y[0], -1e20 * y[1])
      return true
    }
    #expect(first == .underflow(component: 1))
    // No derivative behind a wall that is reached at t = ½.
    let wall = DormandPrince(count: 1, relativeTolerance: 1e-6, absoluteTolerance: 1e-9)
    wall.state[0] = 0
    #expect(
      wall.advance(by: 1) { y, f in
        f[0] = 1
        return y[0] < 0.5
      } == .diverged)
  }

  /// Squares of the slope of the second tensor are infinite from the start.
  @Test func theTensorAtFaultIsNamed() throws {
    let data = try TrainingTests.data(6)
    var perceptron = ExperimentNetworks.network(.linear, widths: [], weight: 1, bias: 0.5)
    perceptron.parametrization = .standard
    let optimizer = GradientFlowTests.flow(1, multipliers: LearningRateMultipliers(tensors: ["b1": 1e200]))
    let ends = try TrainingExperiment(perceptron, data: data, optimizer: optimizer).run(
      seed: 2, options: TrainingTests.double(.at([0])), recorder: MemoryRecorder())
    guard case .diverged(let divergence) = ends[0] else {
      Issue.record("The flow ended \(ends[0]).")
      return
    }
    #expect(divergence == .init(step: 0, tensor: "b1", reason: .notFinite))
    #expect("\(divergence)".contains("b1"))
    #expect("\(UpdateOutcome.Divergence(step: 3, tensor: "W2", reason: .stepUnderflow))".contains("W2 changes faster"))
  }

  /// A progress that cannot be saved between two observed times ends the run with what was wrong.
  @Test func failuresToSaveAreNotSwallowed() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [6], weight: 1.2))
    let experiment = try TrainingExperiment(
      network, data: TrainingTests.data(6), optimizer: GradientFlowTests.flow(2))
    var options = TrainingTests.double(.at([0, 1000]))
    options.savingInterval = -1
    // The first is saved before the first step of the integrator, the third within.
    for limit in [0, 2] {
      let recorder = FullDisk(limit: limit)
      #expect(throws: FullDisk.Failure(savings: limit + 1)) {
        _ = try experiment.run(seed: 2, options: options, recorder: recorder)
      }
    }
  }

  /// Steps that a training does not have are not left out in silence.
  @Test func stepsBeyondTheEndAreRefused() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [6], weight: 1.2))
    let data = try TrainingTests.data(6)
    let optimizers = [
      (GradientFlowTests.flow(2), Optimizer.flowTimes),
      (
        Optimizer(
          .gradientDescent(), learningRate: .value(0.1), steps: 5, loss: .meanSquaredError(reduction: .sum, half: true)),
        5
      ),
    ]
    for (optimizer, last) in optimizers {
      let experiment = try TrainingExperiment(network, data: data, optimizer: optimizer)
      var options = TrainingTests.double(.at([0, last]))
      try experiment.check(options: options)
      options.steps = .at([0, last + 1])
      #expect(throws: TrainingSetupError.noSuchStep(last + 1, last: last)) { try experiment.check(options: options) }
      #expect(throws: TrainingSetupError.noSuchStep(last + 1, last: last)) {
        _ = try experiment.run(seed: 2, options: options, recorder: MemoryRecorder())
      }
    }
  }
}

/// A recorder whose savings fail behind the first few.
private final class FullDisk: RunRecorder, Sendable {
  struct Failure: Error, Equatable { let savings: Int }

  let limit: Int
  private let savings = Mutex(0)

  init(limit: Int) { self.limit = limit }

  func record(_ measurements: [Measurement]) throws {}
  func record(_ name: String, _ values: Tensor<Double>) throws {}
  func record(_ observations: [Observation]) throws {}
  func save(_ checkpoint: Checkpoint) throws {}

  func save(_ progress: RunProgress) throws {
    let count = savings.withLock {
      $0 += 1
      return $0
    }
    if count > limit { throw Failure(savings: count) }
  }

  func savedProgress() throws -> RunProgress? { nil }
}
