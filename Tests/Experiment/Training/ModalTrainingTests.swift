import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Synchronization
import Testing

/// Training of networks that are not the same in training and in evaluation: dropout and batch normalization.
@Suite struct ModalTrainingTests {
  private static func network(_ layers: [Layer], inputShape: [Int] = [4, 4, 1]) throws -> ResolvedNetwork {
    let architecture = Architecture(layers)
    let weights = try architecture.parameters(inputShape: inputShape).filter(\.isDrawnWeight).count
    return try ResolvedNetwork(
      architecture: architecture, inputShape: inputShape,
      initializations: Array(repeating: LayerInitialization(weightVariance: 2, biasVariance: 0), count: weights),
      parametrization: .standard)
  }

  private static let both: [Layer] = [
    Layer(Convolution(units: 5)), Layer(BatchNorm(momentum: 0.8)), Layer(Nonlinearity(Activation(.relu))),
    Layer(Dropout(0.3)), Layer(Residual([Layer(Convolution(units: 5)), Layer(Dropout(0.5))])),
    Layer(GlobalAveragePool()), Layer(Dense(units: 3)),
  ]

  private static func run(
    _ layers: [Layer], steps: Int = 12, batch: Int? = 8, samples: Int = 30, members: Range<Int> = 0..<1,
    precision: Precision = .float32, recorder: MemoryRecorder = MemoryRecorder(), stopsAt: Int? = nil
  ) throws -> MemoryRecorder {
    let data = try TrainingTests.data(samples, features: 16, outputs: 3)
    let optimizer = Optimizer(
      .adam(), learningRate: .value(0.01), batch: batch.map { .size($0) } ?? .full,
      steps: steps, loss: .crossEntropy)
    let experiment = try TrainingExperiment(try network(layers), data: data, optimizer: optimizer)
    var options = TrainingExperiment.Options()
    options.precision = precision
    options.steps = .every(3)
    options.savesParameters = true
    if let stopsAt {
      let asked = Mutex(0)
      options.isCancelled = {
        asked.withLock {
          $0 += 1
          return $0 > stopsAt
        }
      }
    }
    do {
      _ = try experiment.run(members: members, seed: 5, options: options, recorder: recorder)
    } catch ExperimentError.stopped { #expect(stopsAt != nil) }
    return recorder
  }

  private static func numbers(_ recorder: MemoryRecorder, member: Int = 0) -> [Double] {
    recorder.observations.filter { $0.member == member }.sorted { ($0.step, $0.observable) < ($1.step, $1.observable) }
      .flatMap(\.values)
  }

  @Test func threadsChangeNothing() throws {
    defer { Parallel.setThreads(0) }
    var results: [[Double]] = []
    for threads in [1, 2, 5] {
      Parallel.setThreads(threads)
      results.append(Self.numbers(try Self.run(Self.both)))
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    // Member 1 is the same in an ensemble.
    let ensemble = try Self.run(Self.both, members: 0..<3)
    #expect(Self.numbers(ensemble, member: 0) == results[0])
    #expect(Self.numbers(ensemble, member: 1) != results[0])
  }

  /// Stopped before any of its steps and gone on with: the same numbers, running averages and masks included.
  @Test(arguments: [Precision.float32, .float64]) func stopsChangeNothing(precision: Precision) throws {
    let whole = try Self.run(Self.both, precision: precision)
    for stop in [1, 5, 11] {
      let stopped = try Self.run(Self.both, precision: precision, stopsAt: stop)
      let resumed = try Self.run(Self.both, precision: precision, recorder: stopped)
      #expect(Self.numbers(resumed) == Self.numbers(whole), "stopped after \(stop) steps")
    }
  }

  /// Where the running averages go when the weights stand still: to the statistics of the batch.
  @Test func runningAveragesAndCheckpoints() throws {
    let steps = 4
    let recorder = try Self.run(
      [Layer(Flatten()), Layer(BatchNorm(momentum: 0.5)), Layer(Dense(units: 3))], steps: steps, batch: nil,
      samples: 300, precision: .float64)
    let checkpoint = try #require(recorder.checkpoints.first)
    let data = try TrainingTests.data(300, features: 16, outputs: 3)
    let (mean, variance) = (
      try #require(checkpoint.tensors["1.mean"]).elements(as: Double.self).elements,
      try #require(checkpoint.tensors["1.variance"]).elements(as: Double.self).elements
    )
    for j in 0..<16 {
      // All 300 samples are one batch, though other networks take them in chunks.
      let column = (0..<300).map { data.train.inputs[$0, j] }
      let m = column.reduce(0, +) / 300
      let v = column.reduce(0) { $0 + ($1 - m) * ($1 - m) } / 300
      let left = 1 / Double(1 << steps)
      #expect(abs(mean[j] - (1 - left) * m) < 1e-12)
      #expect(abs(variance[j] - ((1 - left) * v + left)) < 1e-12)
    }
  }

  /// With dropout the first step's batch loss differs from the loss without; evaluations do not see it: it leaves no operation in
  /// their programs, which are the same.
  @Test func dropoutIsOffInEvaluation() throws {
    let plain: [Layer] = [Layer(Flatten()), Layer(Dense(units: 3))]
    let dropping: [Layer] = [Layer(Flatten()), Layer(Dropout(0.5)), Layer(Dense(units: 3))]
    let (without, with) = (try Self.run(plain), try Self.run(dropping))
    func values(_ recorder: MemoryRecorder, _ name: String) -> [Double] { TrainingTests.values(recorder, name) }
    #expect(values(without, "loss")[0] == values(with, "loss")[0])
    #expect(values(without, "test-loss")[0] == values(with, "test-loss")[0])
    #expect(values(without, "gradient-norm")[0] != values(with, "gradient-norm")[0])
  }

  /// Gradients that are observed are those of the function that is evaluated: without masks, and of no batch's statistics.
  @Test func observedGradientsAreThoseOfEvaluation() throws {
    let data = try TrainingTests.data(30, features: 16, outputs: 3)
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(0.1), batch: .full, steps: 1, loss: .crossEntropy)
    var options = TrainingTests.double(.at([0]))
    options.observables = ["gradient-norms", "gradient-noise-scale", "kernel-velocity"].map {
      TrainingObservable(rawValue: $0)!
    }
    (options.settings.noiseBatch, options.settings.kernelSamples) = (5, 6)
    func values(_ layers: [Layer]) throws -> [Double] {
      let recorder = MemoryRecorder()
      _ = try TrainingExperiment(Self.network(layers), data: data, optimizer: optimizer).run(
        seed: 5, options: options, recorder: recorder)
      return recorder.observations.flatMap(\.values)
    }
    let plain: [Layer] = [Layer(Flatten()), Layer(Dense(units: 5)), Layer(Nonlinearity(Activation(.tanh)))]
    let end = Layer(Dense(units: 3))
    #expect(try values(plain + [Layer(Dropout(0.5)), end]) == values(plain + [end]))
    // With the averages that it begins with, and an ε that vanishes beside 1, batch normalization is the identity.
    let identity = Layer(BatchNorm(epsilon: 1e-300, learned: false))
    #expect(relativeError(try values(plain + [identity, end]), try values(plain + [end])) < 1e-13)
  }

  /// A step on 700 samples in chunks of 256 against the gradient of all at once under the masks that the streams say.
  @Test func chunksHaveTheMasksOfTheWholeBatch() throws {
    let samples = 700
    let layers: [Layer] = [
      Layer(Dense(units: 5)), Layer(Dropout(0.2)), Layer(Nonlinearity(Activation(.tanh))),
      Layer(Residual([Layer(Dense(units: 5)), Layer(Dropout(0.5))])), Layer(Dense(units: 3)),
    ]
    let network = try Self.network(layers, inputShape: [6])
    let data = try TrainingTests.data(samples, features: 6, outputs: 3)
    let loss = Loss.crossEntropy
    let optimizer = Optimizer(.gradientDescent(), learningRate: .value(1), batch: .full, steps: 1, loss: loss)
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      members: 2..<3, seed: 9, options: TrainingTests.double(.at([0, 1])), recorder: recorder)
    let drawn = try network.drawnParameters(seed: 9, member: 2)
    let layout = try NetworkParameters(network).layout
    let checkpoint = try #require(recorder.checkpoints.first)
    let moved = try layout.tensors.flatMap {
      try #require(checkpoint.tensors[$0.name]).elements(as: Double.self).elements
    }
    let program = try LossProgram(network, loss: loss, samples: samples, isParallel: false).gradient
    let arena = Arena<Double>(program)
    for i in drawn.indices { arena.base[i] = drawn[i] }
    for (number, probability) in [(1, 0.2), (2, 0.5)] {
      let mask = arena.input(layout.tensors.count + number - 1)
      RandomStream(seed: 9, purpose: .dropout, member: 2, layer: number, step: 0).fillUniforms(mask, from: 0)
      for i in mask.indices { mask[i] = mask[i] < probability ? 0 : 1 / (1 - probability) }
    }
    for (input, matrix) in [
      (program.inputs.count - 2, data.train.inputs), (program.inputs.count - 1, data.train.targets),
    ] {
      matrix.withUnsafeBuffer { for i in $0.indices { arena.input(input)[i] = $0[i] } }
    }
    arena.run()
    let gradient = (0..<layout.tensors.count).flatMap { Array(arena.output($0)) }
    #expect(relativeError(zip(drawn, moved).map { $0 - $1 }, gradient) < 1e-13)
    #expect(
      abs(TrainingTests.values(recorder, "gradient-norm", member: 2)[0] - dot(gradient, gradient).squareRoot()) < 1e-13)
  }

  /// Masks keep as many numbers as they say.
  @Test func masksHaveTheRightFrequency() throws {
    // A network whose gradient counts what stays: z = w Σ_i m_i x_i with x = 1, L = ½(z − y)², at w = 0: ∂L/∂w = −y Σ m x.
    let samples = 700
    let network = try ResolvedNetwork(
      architecture: Architecture([Layer(Dropout(0.2)), Layer(Dense(units: 1))]), inputShape: [50],
      initializations: [LayerInitialization(weightVariance: 0, biasVariance: 0)], parametrization: .standard)
    let ones = Matrix<Double>(rows: samples, columns: 50, elements: Array(repeating: 1, count: 50 * samples))
    let targets = Matrix<Double>(rows: samples, columns: 1, elements: Array(repeating: 1, count: samples))
    let data = TrainingData(train: try .init(inputs: ones, targets: targets))
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(1), steps: 1, loss: .meanSquaredError(reduction: .mean, half: true))
    let recorder = MemoryRecorder()
    var options = TrainingExperiment.Options()
    options.savesParameters = true
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      seed: 9, options: options, recorder: recorder)
    let weights = try #require(recorder.checkpoints.first?.tensors["1.weight"]).elements(as: Double.self).elements
    // Each is the mean over samples of m with expectation 1 and variance p/(1 − p).
    let deviation = (0.2 / 0.8 / Double(samples)).squareRoot()
    for weight in weights { #expect(abs(weight - 1) < 5 * deviation) }
    #expect(abs(weights.reduce(0, +) / 50 - 1) < 4 * deviation / 50.0.squareRoot())
    #expect(Set(weights).count > 20)
  }
}
