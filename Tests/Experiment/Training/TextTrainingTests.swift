import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Networks of sequences, trained on numbers of symbols.
@Suite struct TextTrainingTests {
  /// A text that repeats itself every five symbols, cut into windows.
  private static func part(_ samples: Int, positions: Int, from start: Int = 0) throws -> TrainingData.Part {
    let period = [0.0, 2, 1, 1, 3]
    func windows(_ offset: Int) -> Matrix<Double> {
      Matrix(
        rows: samples, columns: positions,
        elements: (0..<(samples * positions)).map { period[(start + offset + $0) % period.count] })
    }
    return try TrainingData.Part(inputs: windows(0), targets: windows(1), targetKind: .classNumbers)
  }

  private static func network(positions: Int, vocabulary: Int = 4) throws -> ResolvedNetwork {
    let layers = TransformerTests.transformer(vocabulary: vocabulary, features: 16, heads: 2, causal: true)
    let architecture = Architecture(layers)
    let weights = try architecture.parameters(inputShape: [positions]).filter(\.isDrawnWeight).count
    return try ResolvedNetwork(
      architecture: architecture, inputShape: [positions],
      initializations: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: weights),
      parametrization: .standard)
  }

  private static let optimizer = Optimizer(
    .adam(), learningRate: .value(0.01), batch: .size(8), steps: 60, loss: .crossEntropy)

  /// One symbol does not tell what follows the 1, two do: the loss falls far below that of pairs.
  @Test func aTransformerLearnsWhatPairsCannotTell() throws {
    let data = TrainingData(train: try Self.part(40, positions: 8), test: try Self.part(7, positions: 8, from: 3))
    let recorder = MemoryRecorder()
    var options = TrainingExperiment.Options()
    options.observables = [.testLoss, .testAccuracy, .batchLoss]
    _ = try TrainingExperiment(Self.network(positions: 8), data: data, optimizer: Self.optimizer).run(
      seed: 3, options: options, recorder: recorder)
    let losses = TrainingTests.values(recorder, "test-loss")
    // Two of five symbols are followed by either of two: log 2 · 2/5 nats remain for who sees one symbol.
    #expect(losses[0] > 0.9 && losses.last! < 0.1)
    #expect(TrainingTests.values(recorder, "test-accuracy").last! > 0.95)
    let batches = TrainingTests.values(recorder, "batch-loss")
    #expect(batches.count == losses.count - 1 && batches.last! < 0.2)
  }

  /// Batches that go through the network in several chunks have the gradient of one chunk.
  @Test func chunksAddUp() throws {
    let positions = 512
    let network = try Self.network(positions: positions)
    // 2048 positions are one chunk: 4 samples.
    let data = TrainingData(train: try Self.part(6, positions: positions))
    var optimizer = Self.optimizer
    (optimizer.batch, optimizer.steps) = (.full, 2)
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      seed: 1, options: TrainingTests.double(), recorder: recorder)
    let whole = try LossProgram(network, loss: .crossEntropy, samples: 6, targets: .classNumbers, isParallel: false)
    let arena = Arena<Double>(whole.gradient)
    let drawn = try network.drawnParameters(seed: 1)
    for i in drawn.indices { arena.base[i] = drawn[i] }
    for (input, matrix) in zip(
      [whole.gradient.inputs.count - 2, whole.gradient.inputs.count - 1],
      [
        data.train.inputs, data.train.targets,
      ])
    {
      matrix.withUnsafeBuffer { for i in $0.indices { arena.input(input)[i] = $0[i] } }
    }
    arena.run()
    let loss = arena.output(whole.gradient.outputs.count - 1)[0]
    let found = TrainingTests.values(recorder, "batch-loss") + TrainingTests.values(recorder, "loss")
    #expect(abs(found[0] - loss) < 1e-12)
    var norm = 0.0
    for i in 0..<whole.parameterCount { norm += arena.output(0).baseAddress![i] * arena.output(0).baseAddress![i] }
    #expect(abs(TrainingTests.values(recorder, "gradient-norm")[0] - norm.squareRoot()) < 1e-10 * norm.squareRoot())
  }

  @Test func whatDoesNotFitIsSaid() throws {
    func problem(_ change: (inout Optimizer, inout Matrix<Double>, inout Matrix<Double>) -> Void, vocabulary: Int = 4)
      throws
      -> String
    {
      let good = try Self.part(9, positions: 8)
      var (optimizer, inputs, targets) = (Self.optimizer, good.inputs, good.targets)
      change(&optimizer, &inputs, &targets)
      let error = #expect(throws: ExperimentError.self) {
        let part = try TrainingData.Part(inputs: inputs, targets: targets, targetKind: .classNumbers)
        _ = try TrainingExperiment(
          Self.network(positions: 8, vocabulary: vocabulary), data: TrainingData(train: part), optimizer: optimizer)
      }
      return error?.description ?? ""
    }
    #expect(
      try problem({
        $1[2, 3] = 4
        _ = ($0, $2)
      }).contains("sample 2 has 4.0 at place 3"))
    #expect(
      try problem({
        $1[0, 0] = 0.5
        _ = ($0, $2)
      }).contains("0.5"))
    #expect(
      try problem({
        $2[1, 7] = -1
        _ = ($0, $1)
      }).contains("-1.0 at place 7"))
    #expect(
      try problem({
        $0.loss = .logistic
        _ = ($1, $2)
      }).contains("cross-entropy"))
    #expect(try problem({ _ = ($0, $1, $2) }, vocabulary: 3).contains("vocabulary has the numbers 0 to 2"))
  }
}
