import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import Testing

/// Steps that threads share, beside steps of one thread: the same bits.
@Suite struct SharedUpdateTests {
  @Test(arguments: [
    OptimizerMethod.gradientDescent(), .sgd(.nesterov(0.9)), .adam(), .rmsProp(), .lion(), .muon(),
  ])
  func updatesInParts(method: OptimizerMethod) throws {
    // Long enough for several parts, the last of them shorter, in each of two stretches.
    let layout = try ParameterLayout([
      .init("W1", role: .input, shape: [150, 130]), .init("b1", role: .hiddenBias, shape: [150]),
      .init("W2", role: .readout, shape: [61, 150]),
    ])
    let optimizer = Optimizer(
      method, learningRate: .value(0.01), multipliers: ["W2": 2], weightDecay: .init(0.1, .coupled, of: .all),
      clipping: .global(3), steps: 4, loss: UpdateCases.loss)
    let plan = try UpdatePlan(optimizer, layout: layout)
    func run(isParallel: Bool) throws -> [Float] {
      let update = try ParameterUpdate<Float>(plan, isParallel: isParallel)
      var parameters = UpdateCases.normals(layout.count, seed: 1, as: Float.self)
      for step in 0..<4 {
        let gradient = UpdateCases.normals(layout.count, seed: UInt64(2 + step), as: Float.self)
        guard case .updated = update.apply(step: step, parameters: &parameters, gradient: gradient) else { return [] }
      }
      return parameters
    }
    let alone = try run(isParallel: false)
    #expect(try !alone.isEmpty && run(isParallel: true) == alone)
  }

  /// One network whose chunks of samples, sums of gradients and updates are shared, and the same network in an ensemble, whose
  /// members have one thread each.
  @Test func chunksOfSamples() throws {
    let network = ExperimentNetworks.network(.tanh, widths: [64, 64], inputs: 40, weight: 1, bias: 0.1, outputs: 3)
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(0.1), steps: 20, loss: .meanSquaredError(reduction: .mean, half: true))
    let experiment = try TrainingExperiment(
      network, data: try TrainingTests.data(150, features: 40, outputs: 3), optimizer: optimizer)
    func outputs(_ members: Range<Int>) throws -> [[Double]] {
      let recorder = MemoryRecorder()
      var options = TrainingExperiment.Options()
      options.observables = [.outputs, .gradientNorm]
      options.steps = .every(5)
      _ = try experiment.run(members: members, seed: 3, options: options, recorder: recorder)
      let first = recorder.observations.filter { $0.member == 0 }
      return first.sorted { ($0.observable, $0.step) < ($1.observable, $1.step) }.map(\.values)
    }
    let alone = try outputs(0..<1)
    #expect(try alone.count > 5 && outputs(0..<2) == alone)
  }
}
