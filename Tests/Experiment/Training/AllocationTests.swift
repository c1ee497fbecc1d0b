import OrreryAllocationCounter
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import Testing

/// Inner loops allocate nothing: a longer training has as many allocations, on the thread that runs it, as a shorter one.
@Suite struct AllocationTests {
  private static func allocations(
    _ network: ResolvedNetwork, _ optimizer: Optimizer, members: Int, steps: Int
  ) throws -> Int {
    var optimizer = optimizer
    optimizer.steps = steps
    let experiment = try TrainingExperiment(network, data: TrainingTests.data(64, outputs: 2), optimizer: optimizer)
    var options = TrainingExperiment.Options()
    options.observables = [.loss]
    options.steps = .at([0, steps])
    let before = orrery_allocations()
    _ = try experiment.run(members: 0..<members, seed: 1, options: options, recorder: MemoryRecorder())
    return Int(orrery_allocations() - before)
  }

  @Test(
    .enabled(if: orrery_counts_allocations() != 0),
    arguments: [
      (OptimizerMethod.gradientDescent(), 1), (.adam(), 1), (.sgd(.nesterov(0.9)), 3), (.muon(), 3),
    ])
  func stepsAllocateNothing(method: OptimizerMethod, members: Int) throws {
    let network = ResolvedNetwork(
      ExperimentNetworks.network(.gelu, widths: [64, 64], weight: 1.5, bias: 0.1, outputs: 2))
    let optimizer = Optimizer(
      method, learningRate: .value(1e-3), batch: method.usualBatch == .full ? .full : .size(32),
      loss: .meanSquaredError(reduction: .mean, half: true))
    let (short, long) = (
      try Self.allocations(network, optimizer, members: members, steps: 20),
      try Self.allocations(network, optimizer, members: members, steps: 2020)
    )
    // Members may share threads unevenly, each with some hundred at its ends; one a step would be two thousand.
    #expect(long - short < 1000, "\(long - short) allocations in 2000 steps of \(members) networks.")
  }
}
