import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Synchronization
import Testing

/// Training loops: against recursions written out, reference trajectories, threads, stops and divergence.
@Suite struct TrainingTests {
  static func data(_ samples: Int, features: Int = 3, outputs: Int = 1) throws -> TrainingData {
    let inputs = ExperimentNetworks.inputs(samples, features: features)
    var targets = Matrix<Double>(rows: samples, columns: outputs)
    for sample in 0..<samples {
      if outputs == 1 {
        targets[sample, 0] = inputs[sample, 0] * inputs[sample, 1] > 0 ? 1 : -1
      } else {
        targets[sample, sample % outputs] = 1
      }
    }
    return TrainingData(
      train: try .init(inputs: inputs, targets: targets),
      test: try .init(
        inputs: ExperimentNetworks.inputs(7, features: features, seed: 6),
        targets: targets.selectingRows((0..<7).map { $0 % samples }))
    )
  }

  static func double(_ steps: ObservationSteps = .every(1)) -> TrainingExperiment.Options {
    var options = TrainingExperiment.Options()
    options.precision = .float64
    options.steps = steps
    options.savesParameters = true
    return options
  }

  static func values(_ recorder: MemoryRecorder, _ observable: String, member: Int = 0) -> [Double] {
    recorder.observations.filter { $0.observable == observable && $0.member == member }.sorted { $0.step < $1.step }
      .map { $0.values[0] }
  }

  static func starting(_ parameters: [Double]) -> MemoryRecorder {
    MemoryRecorder(
      progress: RunProgress(
        step: 0, tensors: ["parameters": NumericArray(Tensor(shape: [parameters.count], elements: parameters))]))
  }

  /// A linear map under ½Σ(z − y)²: w ← w − η Xᵀ(Xw + b − y), b ← b − η Σ(Xw + b − y).
  @Test func linearRegression() throws {
    let data = try Self.data(9)
    var network = ExperimentNetworks.network(.linear, widths: [], weight: 1, bias: 0.5)
    network.parametrization = .standard
    let rate = 0.02
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(rate), steps: 50, loss: .meanSquaredError(reduction: .sum, half: true))
    let recorder = Self.starting([0.3, -0.2, 0.1, 0.05])
    let ends = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      seed: 1, options: Self.double(), recorder: recorder)
    #expect(ends == [.finished])
    var w = [0.3, -0.2, 0.1]
    var b = 0.05
    var losses: [Double] = []
    for _ in 0...50 {
      var residuals = [Double](repeating: 0, count: 9)
      for i in 0..<9 {
        residuals[i] = b - data.train.targets[i, 0]
        for j in 0..<3 { residuals[i] += w[j] * data.train.inputs[i, j] }
      }
      losses.append(residuals.reduce(0.0) { $0 + $1 * $1 } / 2)
      for j in 0..<3 { for i in 0..<9 { w[j] -= rate * residuals[i] * data.train.inputs[i, j] } }
      b -= rate * residuals.reduce(0.0, +)
    }
    let found = Self.values(recorder, "loss")
    #expect(found.count == 51)
    for (measured, expected) in zip(found, losses) { #expect(abs(measured - expected) < 1e-12 * losses[0]) }
  }

  /// The uv model f = u·v/√n in the NTK parametrization, x = 1, y = 0: loss and curvature λ = (|u|² + |v|²)/n follow the
  /// recursion of A. Lewkowycz et al., arXiv:2003.02218, through the catapult.
  @Test func catapult() throws {
    let reference = try Fixtures.json("dynamics_and_rg")["entries"]
    var cases = 0
    for entry in try reference.elements where try entry["name"].string == "uv_catapult" {
      cases += 1
      let input = entry["input"]
      let (n, eta) = (Int(try input["n"].double), try input["eta"].double)
      let (f0, lambda0) = (try input["f0"].double, try input["lambda0"].double)
      let steps = Int(try input["steps"].double)
      let network = PerceptronView(
        architecture: MultilayerPerceptron(widths: [n], activation: Activation(.linear)), inputs: 1,
        layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: 2),
        parametrization: .ntk)
      let one = Matrix<Double>([[1]])
      let data = TrainingData(train: try .init(inputs: one, targets: Matrix([[0]])))
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(eta), steps: steps,
        loss: .meanSquaredError(reduction: .sum, half: true))
      // u and v of equal length at the angle that gives f₀: |u|² = |v|² = nλ/2, u·v = √n f₀. W₁ = u, W₂ = v/√n.
      let square = Double(n) * lambda0 / 2
      let cosine = f0 * Double(n).squareRoot() / square
      var u = [Double](repeating: 0, count: n)
      var v = u
      u[0] = square.squareRoot()
      v[0] = square.squareRoot() * cosine
      v[1] = (square * (1 - cosine * cosine)).squareRoot()
      let zeros = [Double](repeating: 0, count: n)
      let recorder = Self.starting(u + zeros + v.map { $0 / Double(n).squareRoot() } + [0])
      _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
        seed: 1, options: Self.double(), recorder: recorder)
      let losses = Self.values(recorder, "loss")
      let expected = entry["expected"]
      let peak = try expected["peak_loss"].double
      let highest = losses.max()!
      let highestStep = losses.firstIndex(of: highest)!
      #expect(abs(highest - peak) < 1e-8 * peak)
      #expect(highestStep == Int(try expected["t_peak"].double))
      let final = try expected["f_final"].double
      let f: Double = (2 * losses[steps]).squareRoot()
      #expect(abs(f - abs(final)) < 1e-8)
      let tensors = recorder.checkpoints[0].tensors
      func squaredNorm(_ name: String) -> Double { tensors[name]!.float64().elements.reduce(0.0) { $0 + $1 * $1 } }
      let lambda = squaredNorm("W1") / Double(n) + squaredNorm("W2")
      let expectedLambda = try expected["lambda_final"].double
      #expect(abs(lambda - expectedLambda) < 1e-8)
    }
    #expect(cases == 3)
  }

  /// A tanh network at the edge of stability: losses of plain gradient descent, and the Hessian's largest eigenvalue.
  @Test func edgeOfStabilityFixture() throws {
    let entries = try Fixtures.json("dynamics_and_rg")["entries"].elements
    let entry = try #require(try entries.first { try $0["name"].string == "x_central_flow_fixture" })
    let input = entry["input"]
    func numbers(_ key: String) throws -> [Double] { try input[key].doubles }
    let (d, h, n) = (6, 12, 40)
    let network = PerceptronView(
      architecture: MultilayerPerceptron(widths: [h, h], activation: Activation(.tanh)), inputs: d,
      layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: 3),
      parametrization: .standard)
    // The fixture's matrices are (in, out).
    let flat = try numbers("w0")
    var parameters: [Double] = []
    var place = 0
    for (fanIn, units) in [(d, h), (h, h), (h, 1)] {
      for unit in 0..<units { for source in 0..<fanIn { parameters.append(flat[place + source * units + unit]) } }
      place += fanIn * units
      parameters += flat[place..<(place + units)]
      place += units
    }
    let data = TrainingData(
      train: try .init(
        inputs: Matrix(rows: n, columns: d, elements: try numbers("x")),
        targets: Matrix(rows: n, columns: 1, elements: try numbers("y"))))
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(try input["eta"].double), steps: 20,
      loss: .meanSquaredError(reduction: .mean, half: true))
    var options = Self.double()
    options.observables = [.loss, .sharpness]
    let recorder = Self.starting(parameters)
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      seed: 1, options: options, recorder: recorder)
    let losses = Self.values(recorder, "loss")
    let expected = entry["expected"]
    let first = try expected["L0"].double
    #expect(abs(losses[0] - first) < 1e-9)
    for pair in try expected["unseeded_GD_L"].rows {
      #expect(abs(losses[Int(pair[0])] - pair[1]) < 1e-8)
    }
    let largest = try expected["top2_at_0"].doubles[0]
    let (sharpness, bound) = (Self.values(recorder, "sharpness")[0], Self.values(recorder, "sharpness-bound")[0])
    #expect(abs(sharpness - largest) <= bound && bound < 2e-3 * largest)
    // A residual r leaves an error of order r²/gap.
    #expect(abs(sharpness - largest) < 1e-5)
  }

  /// The same bits alone, in an ensemble, and on any number of threads; batches and chunks included.
  @Test func membersDoNotDependOnThreadsOrEnsembles() throws {
    let network = ExperimentNetworks.network(.gelu, widths: [20, 20], weight: 1.5, bias: 0.1, outputs: 3)
    let optimizer = Optimizer(
      .adam(), learningRate: .value(0.01), batch: .size(32), steps: 25, loss: .crossEntropy)
    let experiment = try TrainingExperiment(network, data: try Self.data(300, outputs: 3), optimizer: optimizer)
    defer { Parallel.setThreads(0) }
    func run(_ members: Range<Int>, threads: Int) throws -> [Observation] {
      Parallel.setThreads(threads)
      let recorder = MemoryRecorder()
      var options = TrainingExperiment.Options()
      options.steps = .every(5)
      _ = try experiment.run(members: members, seed: 3, options: options, recorder: recorder)
      return recorder.observations.sorted { ($0.member, $0.step, $0.observable) < ($1.member, $1.step, $1.observable) }
    }
    let whole = try run(0..<7, threads: 1)
    #expect(try run(0..<7, threads: 3) == whole)
    #expect(try run(4..<5, threads: 2) == whole.filter { $0.member == 4 })
    #expect(Set(whole.filter { $0.observable == "loss" && $0.step == 25 }.map { $0.values[0] }).count == 7)
  }

  /// The same layers, as a perceptron and as a list, are the same network.
  @Test func aListOfLayersTrainsAsThePerceptronDoes() throws {
    let perceptron = ExperimentNetworks.network(.gelu, widths: [9, 7], weight: 1.8, bias: 0.1)
    let layers = try ResolvedNetwork(
      architecture: Architecture(perceptron.architecture.layers), inputShape: [3], initializations: perceptron.layers,
      parametrization: perceptron.parametrization)
    let optimizer = Optimizer(
      .adam(), learningRate: .value(0.01), batch: .size(8), steps: 30,
      loss: .meanSquaredError(reduction: .mean, half: true))
    let data = try Self.data(20)
    let losses = try [ResolvedNetwork(perceptron), layers].map { network in
      let recorder = MemoryRecorder()
      _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
        members: 2..<3, seed: 4, options: Self.double(), recorder: recorder)
      return Self.values(recorder, "loss", member: 2)
    }
    #expect(losses[0] == losses[1])
    #expect(losses[0].count == 31)
  }

  /// Stopped at any step and resumed: the numbers of an uninterrupted run.
  @Test(arguments: [1, 7, 20, 39]) func stopAndResume(stop: Int) throws {
    let network = ExperimentNetworks.network(.tanh, widths: [10, 10], weight: 1.5, bias: 0.1)
    let optimizer = Optimizer(
      .adam(), learningRate: .value(0.01), batch: .size(8), steps: 40, loss: .logistic)
    let experiment = try TrainingExperiment(network, data: try Self.data(30), optimizer: optimizer)
    for members in [0..<1, 0..<4] {
      var options = Self.double(.every(3))
      let whole = MemoryRecorder()
      _ = try experiment.run(members: members, seed: 3, options: options, recorder: whole)
      let asked = Mutex(0)
      options.isCancelled = {
        asked.withLock {
          $0 += 1
          return $0 > stop * members.count
        }
      }
      let recorder = MemoryRecorder()
      #expect(throws: ExperimentError.self) {
        try experiment.run(members: members, seed: 3, options: options, recorder: recorder)
      }
      options.isCancelled = nil
      _ = try experiment.run(members: members, seed: 3, options: options, recorder: recorder)
      func table(_ recorder: MemoryRecorder) -> [String: [Double]] {
        Dictionary(
          recorder.observations.map { ("\($0.member) \($0.step) \($0.observable)", $0.values) },
          uniquingKeysWith: { $1 })
      }
      #expect(table(recorder) == table(whole))
    }
  }

  /// Every step of every member adds as much, up to all of them.
  @Test func progressCountsEveryStep() throws {
    let network = ExperimentNetworks.network(.tanh, widths: [5], weight: 1.5, bias: 0.1)
    let optimizer = Optimizer(.gradientDescent(), learningRate: .value(0.01), steps: 7, loss: .logistic)
    let seen = Mutex<[Double]>([])
    var options = Self.double(.every(7))
    options.progress = { fraction in seen.withLock { $0.append(fraction) } }
    _ = try TrainingExperiment(network, data: try Self.data(10), optimizer: optimizer).run(
      members: 0..<1, seed: 3, options: options, recorder: MemoryRecorder())
    #expect(seen.withLock { $0 } == (0...7).map { Double($0) / 7 })
    seen.withLock { $0 = [] }
    _ = try TrainingExperiment(network, data: try Self.data(10), optimizer: optimizer).run(
      members: 0..<3, seed: 3, options: options, recorder: MemoryRecorder())
    // Threads report in any order, each number once at most, but for members that begin where others end.
    let fractions = Set(seen.withLock { $0 }.map { Int(($0 * 21).rounded()) })
    #expect(fractions.isSubset(of: 0...21) && fractions.contains(21) && fractions.count >= 8)
  }

  /// One member diverges; the others do not notice.
  @Test func divergenceIsAResult() throws {
    let network = ExperimentNetworks.network(.relu, widths: [10], weight: 2)
    let data = try Self.data(20)
    func train(_ rate: Double) throws -> [TrainingExperiment.End] {
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(rate), steps: 400,
        loss: .meanSquaredError(reduction: .sum, half: true))
      return try TrainingExperiment(network, data: data, optimizer: optimizer).run(
        members: 0..<3, seed: 3, options: Self.double(.every(50)), recorder: MemoryRecorder())
    }
    #expect(try train(1e-3) == [.finished, .finished, .finished])
    for end in try train(1e3) {
      guard case .diverged(let divergence) = end else {
        Issue.record("a learning rate of 1000 does not diverge")
        continue
      }
      #expect(divergence.step > 0 && divergence.step < 400)
    }
  }

  /// The NTK parametrization is gradient descent with rates C_W/fan-in and C_b; Adam acts on ω and β.
  @Test func parametrizations() throws {
    let data = try Self.data(12)
    var network = ExperimentNetworks.network(.tanh, widths: [8], weight: 1.7, bias: 0.3)
    let loss = Loss.meanSquaredError(reduction: .mean, half: true)
    func final(_ optimizer: Optimizer) throws -> [Double] {
      let recorder = MemoryRecorder()
      _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
        seed: 2, options: Self.double(), recorder: recorder)
      return Self.values(recorder, "loss")
    }
    let natural = try final(
      Optimizer(.gradientDescent(.heavyBall(0.5)), learningRate: .value(0.1), steps: 30, loss: loss))
    network.parametrization = .standard
    let multiplied = try final(
      Optimizer(
        .gradientDescent(.heavyBall(0.5)), learningRate: .value(0.1),
        multipliers: ["W1": 1.7 / 3, "b1": 0.3, "W2": 1.7 / 8, "b2": 0.3], steps: 30, loss: loss))
    for (left, right) in zip(natural, multiplied) { #expect(abs(left - right) < 1e-12) }
    #expect(natural.last! < 0.9 * natural[0])
  }

  /// Chunks of 256 and the rest give the gradient of the whole.
  @Test func chunksAddUp() throws {
    let data = try Self.data(300)
    for loss in [Loss.meanSquaredError(reduction: .sum, half: true), .logistic] {
      let network = ExperimentNetworks.network(.tanh, widths: [6], weight: 1.5, bias: 0.2)
      var parts: [[Double]] = []
      let program = try LossProgram(ResolvedNetwork(network), loss: loss, samples: 300, isParallel: false).gradient
      let arena = Arena<Double>(program)
      let parameters = try NetworkParameters(ResolvedNetwork(network))
      var random = SplitMix(seed: 4)
      let point = random.normals(parameters.layout.count)
      for i in point.indices { arena.base[i] = point[i] }
      for i in 0..<300 {
        for j in 0..<3 { arena.input(program.inputs.count - 2)[3 * i + j] = data.train.inputs[i, j] }
        arena.input(program.inputs.count - 1)[i] = data.train.targets[i, 0]
      }
      arena.run()
      parts.append(program.outputs.indices.flatMap { Array(arena.output($0)) })
      let optimizer = Optimizer(.gradientDescent(), learningRate: .value(1e-9), steps: 1, loss: loss)
      var options = Self.double()
      options.observables = [.loss, .gradientNorm]
      let recorder = Self.starting(point)
      var standard = network
      standard.parametrization = .standard
      _ = try TrainingExperiment(standard, data: data, optimizer: optimizer).run(
        seed: 0, options: options, recorder: recorder)
      let norm = parts[0].dropLast().reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(Self.values(recorder, "loss")[0] - parts[0].last!) < 1e-12 * abs(parts[0].last!))
      #expect(abs(Self.values(recorder, "gradient-norm")[0] - norm) < 1e-12 * norm)
    }
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    let network = ExperimentNetworks.network(.tanh, widths: [4], weight: 1)
    let optimizer = Optimizer(.adam(), learningRate: .value(0.1), batch: .size(50), steps: 1, loss: .logistic)
    let few = try TrainingExperiment(network, data: try Self.data(9), optimizer: optimizer)
    #expect(throws: TrainingSetupError.batchTooLarge(batch: 50, samples: 9)) {
      try few.run(seed: 0, recorder: MemoryRecorder())
    }
    #expect(throws: ExperimentError.self) {
      try TrainingExperiment(network, data: try Self.data(9, outputs: 3), optimizer: optimizer)
    }
    #expect(throws: ExperimentError.self) {
      try TrainingExperiment(network, data: try Self.data(9, features: 4), optimizer: optimizer)
    }
    #expect(throws: ExperimentError.self) {
      try TrainingData.Part(inputs: Matrix([[1, .nan]]), targets: Matrix([[1]]))
    }
    var half = optimizer
    half.loss = .crossEntropy
    #expect(throws: ExperimentError.self) {
      try TrainingExperiment(network, data: try Self.data(9), optimizer: half)
    }
  }
}
