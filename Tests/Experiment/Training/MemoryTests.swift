import OrreryAllocationCounter
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import Testing

/// What a training takes, measured, beside what it says beforehand.
@Suite struct MemoryTests {
  /// The most bytes that a run has alive at once on its thread, beyond those before it.
  private static func measured(
    _ experiment: TrainingExperiment, _ options: TrainingExperiment.Options, recorder: MemoryRecorder = MemoryRecorder()
  ) throws -> Int {
    let before = orrery_live_bytes()
    orrery_reset_peak()
    _ = try experiment.run(seed: 1, options: options, recorder: recorder)
    return Int(orrery_peak_bytes() - before)
  }

  private static func data(_ samples: Int, features: Int, outputs: Int) throws -> TrainingData {
    try TrainingTests.data(samples, features: features, outputs: outputs)
  }

  /// One step on 256 samples needs the parameters, one gradient, what enters and leaves every layer, and the data; it takes no more than
  /// 1.3 times that.
  @Test(.enabled(if: orrery_counts_allocations() != 0), arguments: [ActivationFunction.tanh, .relu, .gelu])
  func oneNetworkTakesParametersActivationsAndAGradient(activation: ActivationFunction) throws {
    let (samples, features, width, outputs) = (256, 300, 512, 10)
    let network = ResolvedNetwork(
      ExperimentNetworks.network(
        activation, widths: [width, width, width], inputs: features, weight: 1.5, outputs: outputs))
    let data = try Self.data(samples, features: features, outputs: outputs)
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(1e-3), batch: .full, steps: 3,
      loss: .meanSquaredError(reduction: .mean, half: true))
    let experiment = try TrainingExperiment(network, data: data, optimizer: optimizer)
    var options = TrainingExperiment.Options()
    options.observables = [.gradientNorm]
    let measured = try Self.measured(experiment, options)
    let parameters = try network.parameters().map { $0.description.shape.reduce(1, *) }.reduce(0, +)
    // z and σ(z) of three hidden layers; inputs, outputs and targets of the batch, and of the data once more.
    let activations = samples * (6 * width + 3 * outputs + features)
    let stored = (samples + 7) * (features + outputs)
    let needed = 4 * (2 * parameters + activations + stored)
    #expect(
      Double(measured) <= 1.3 * Double(needed), "\(measured) bytes, \(Double(measured) / Double(needed)) of \(needed)")
    let told = try experiment.requiredMemory(threads: 1, options: options)
    #expect(measured <= told + 1 << 20, "\(measured) bytes, and \(told) were told.")
    #expect(told <= 2 * measured)
  }

  /// Observables are counted: what is told is enough.
  @Test(
    .enabled(if: orrery_counts_allocations() != 0),
    arguments: [
      ["hessian-eigenvalues"], ["hessian-density"], ["tangent-kernel"], ["tangent-kernel-layers"],
      ["full-tangent-kernel"],
      ["kernel-velocity"], ["kernel-drift"], ["feature-kernels", "effective-ranks"], ["feature-similarity"],
      ["preconditioned-sharpness"],
    ])
  func observablesAreCounted(names: [String]) throws {
    let network = ResolvedNetwork(
      ExperimentNetworks.network(.tanh, widths: [100, 100], inputs: 80, weight: 1.5, outputs: 3))
    let data = try Self.data(400, features: 80, outputs: 3)
    let optimizer = Optimizer(
      .adam(), learningRate: .value(1e-3), batch: .size(64), steps: 1,
      loss: .meanSquaredError(reduction: .mean, half: true))
    let experiment = try TrainingExperiment(network, data: data, optimizer: optimizer)
    var options = TrainingExperiment.Options()
    options.observables = names.map { TrainingObservable(rawValue: $0)! }
    (options.settings.kernelSamples, options.settings.eigenvalues) = (300, 20)
    options.settings.probes = 2
    options.steps = .at([0, 1])
    let recorder = MemoryRecorder()
    let measured = try Self.measured(experiment, options, recorder: recorder)
    let told = try experiment.requiredMemory(threads: 1, options: options)
    // What is recorded lies with the recorder, programs and plans beside what they are for.
    let recorded = recorder.observations.reduce(0) { $0 + 8 * $1.values.count }
    let small = 1 << 20
    #expect(measured <= told + recorded + small, "\(names): \(measured) bytes, and \(told) were told.")
  }

  /// A single network takes what it takes, however many threads help; of many there are no more at work than threads, nor than networks.
  @Test func threadsDoNotMultiplyOneNetwork() throws {
    let network = ResolvedNetwork(
      ExperimentNetworks.network(.tanh, widths: [600, 600], inputs: 80, weight: 1.5, outputs: 3))
    let optimizer = Optimizer(
      .adam(), learningRate: .value(1e-3), batch: .size(64), steps: 1,
      loss: .meanSquaredError(reduction: .mean, half: true))
    let experiment = try TrainingExperiment(
      network, data: Self.data(400, features: 80, outputs: 3), optimizer: optimizer)
    func told(_ members: Range<Int>, _ threads: Int) throws -> Int {
      try experiment.requiredMemory(members: members, threads: threads)
    }
    let one = try told(0..<1, 1)
    for threads in [2, 8, 64] {
      #expect(try told(0..<1, threads) == one)
      #expect(try told(7..<8, threads) == one)
    }
    #expect(try told(0..<3, 8) == told(0..<3, 3))
    #expect(try told(0..<3, 2) < told(0..<3, 3))
    #expect(try told(0..<100, 2) < told(0..<3, 3))
  }

  /// What is remembered of each member counts, and numbers that no network has are errors.
  @Test func ensemblesBeyondBoundsAreRefused() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [2], inputs: 3, weight: 1.5))
    let optimizer = Optimizer(.gradientDescent(), learningRate: .value(1e-3), steps: 1, loss: .logistic)
    let experiment = try TrainingExperiment(network, data: TrainingTests.data(5), optimizer: optimizer)
    let most = Int(UInt32.max) + 1
    #expect(try experiment.requiredMemory(members: 0..<most, threads: 2) > 32 << 30)
    for (members, number) in [
      (0..<(most + 1), most), (-1..<3, -1), (0..<Int.max, Int.max - 1), (Int.min..<1, Int.min),
    ] {
      #expect(throws: ExperimentError.noSuchNetwork(number)) { try experiment.requiredMemory(members: members) }
      #expect(throws: ExperimentError.noSuchNetwork(number)) {
        try experiment.run(members: members, seed: 1, recorder: MemoryRecorder())
      }
    }
  }

  /// Matrices beyond all bounds are refused before the work.
  @Test func kernelsOfTooManySamplesAreRefused() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [2], inputs: 1, weight: 1.5))
    let data = TrainingData(
      train: try .init(inputs: Matrix(rows: 33_000, columns: 1), targets: Matrix(rows: 33_000, columns: 1)))
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(1e-3), steps: 1, loss: .meanSquaredError(reduction: .mean, half: true))
    let experiment = try TrainingExperiment(network, data: data, optimizer: optimizer)
    var options = TrainingExperiment.Options()
    options.settings.kernelSamples = 33_000
    for name in [
      "effective-ranks", "tangent-kernel", "tangent-kernel-layers", "full-tangent-kernel", "kernel-velocity",
      "kernel-drift", "kernel-alignment", "feature-kernels", "preactivation-kernels", "feature-similarity",
    ] {
      options.observables = [TrainingObservable(rawValue: name)!]
      #expect(throws: ObservableError.self, "\(name)") { try experiment.check(options: options) }
    }
  }
}
