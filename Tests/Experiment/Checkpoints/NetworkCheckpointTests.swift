import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Networks written to files and read back: the same numbers, and a sentence for every file that is another network's.
@Suite struct NetworkCheckpointTests {
  private static let loss = Loss.meanSquaredError(reduction: .mean, half: true)

  private static var perceptron: ResolvedNetwork {
    ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [7, 5], weight: 1.3, bias: 0.2))
  }

  /// With running averages behind the parameters.
  private static var normalized: ResolvedNetwork {
    get throws {
      let layer = LayerInitialization(weightVariance: 1.4, biasVariance: 0)
      return try ResolvedNetwork(
        architecture: Architecture([
          Layer(Dense(units: 6)), Layer(BatchNorm()), Layer(Nonlinearity(Activation(.tanh))), Layer(Dense(units: 1)),
        ]), inputShape: [3], initializations: [layer, layer], parametrization: .standard)
    }
  }

  private static func optimizer(_ steps: Int) -> Optimizer {
    Optimizer(.gradientDescent(), learningRate: .value(0.1), batch: .full, steps: steps, loss: loss)
  }

  /// Trains, and writes the network at the end.
  private static func train(
    _ network: ResolvedNetwork, _ precision: Precision = .float32, into url: URL
  ) throws -> [Observation] {
    var options = TrainingExperiment.Options()
    (options.precision, options.savesParameters) = (precision, true)
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: TrainingTests.data(20), optimizer: optimizer(30))
      .run(seed: 4, options: options, recorder: recorder)
    try Safetensors.write(#require(recorder.checkpoints.first).tensors, metadata: ["step": "30"], to: url)
    return recorder.observations
  }

  private static func observe(
    _ network: ResolvedNetwork, _ checkpoint: NetworkCheckpoint, _ precision: Precision = .float32, steps: Int = 0,
    seed: UInt64 = 99, _ observables: [TrainingObservable] = TrainingObservable.usual
  ) throws -> [Observation] {
    var options = TrainingExperiment.Options()
    (options.precision, options.checkpoint, options.observables) = (precision, checkpoint, observables)
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: TrainingTests.data(20), optimizer: optimizer(steps))
      .run(seed: seed, options: options, recorder: recorder)
    return recorder.observations
  }

  private static func values(_ observations: [Observation], step: Int) -> [String: [Double]] {
    Dictionary(
      uniqueKeysWithValues: observations.filter { $0.step == step && $0.observable != "gradient-norm" }.map {
        ($0.observable, $0.values)
      })
  }

  /// As PyTorch's `Sequential` names them, in the order of a text: 10 before 2.
  @Test func aPerceptronsTensorsMayBeNamedByPlaces() throws {
    try withTemporaryFolder { folder in
      let (own, places) = (
        folder.appending(path: "own.safetensors"), folder.appending(path: "places.safetensors")
      )
      let network = ResolvedNetwork(
        ExperimentNetworks.network(.tanh, widths: [7, 5, 4, 3, 6], weight: 1.3, bias: 0.2))
      _ = try Self.train(network, into: own)
      let checkpoint = try NetworkCheckpoint(own, for: network)
      var renamed: [String: NumericArray] = [:]
      for layer in 1...6 {
        renamed["\(2 * layer).weight"] = checkpoint.tensors["W\(layer)"]
        renamed["\(2 * layer).bias"] = checkpoint.tensors["b\(layer)"]
      }
      try Safetensors.write(renamed, metadata: [:], to: places)
      let other = try NetworkCheckpoint(places, for: network)
      for (name, array) in checkpoint.tensors {
        #expect(other.tensors[name]?.elements(as: Float.self) == array.elements(as: Float.self))
      }
      // Two layers have changed places.
      (renamed["2.weight"], renamed["4.weight"]) = (renamed["4.weight"], renamed["2.weight"])
      try Safetensors.write(renamed, metadata: [:], to: places)
      #expect(throws: CheckpointError.self) { try NetworkCheckpoint(places, for: network) }
    }
  }

  @Test(arguments: [false, true], [Precision.float32, .float64])
  func whatWasTrainedIsReadBack(isNormalized: Bool, precision: Precision) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "trained.safetensors")
      let network = try isNormalized ? Self.normalized : Self.perceptron
      let trained = try Self.train(network, precision, into: url)
      let checkpoint = try NetworkCheckpoint(url, for: network, precision: precision)
      #expect(try checkpoint.digest == Digest(contentsOf: url) && checkpoint.metadata["step"] == "30")
      let found = Self.values(try Self.observe(network, checkpoint, precision), step: 0)
      #expect(found == Self.values(trained, step: 30) && found.count == 5)
    }
  }

  /// Training that begins there goes on as if it had never stopped, as gradient descent does that remembers nothing.
  @Test func trainingBeginsThere() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "trained.safetensors")
      _ = try Self.train(Self.perceptron, .float64, into: url)
      let checkpoint = try NetworkCheckpoint(url, for: Self.perceptron, precision: .float64)
      let further = try Self.observe(Self.perceptron, checkpoint, .float64, steps: 10)
      let recorder = MemoryRecorder()
      var options = TrainingExperiment.Options()
      (options.precision, options.steps) = (.float64, .every(1))
      _ = try TrainingExperiment(Self.perceptron, data: TrainingTests.data(20), optimizer: Self.optimizer(40))
        .run(seed: 4, options: options, recorder: recorder)
      #expect(Self.values(further, step: 10) == Self.values(recorder.observations, step: 40))
      // Kernels are compared with the one at the beginning, which is the checkpoint's.
      let drift = try Self.observe(
        Self.perceptron, checkpoint, .float64, steps: 5, [try #require(TrainingObservable(rawValue: "kernel-drift"))])
      #expect(drift.first { $0.observable == "kernel-drift" && $0.step == 0 }?.values == [0])
    }
  }

  /// Numbers of any floating-point type.
  @Test func otherPrecisionsAreRead() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "trained.safetensors")
      _ = try Self.train(Self.perceptron, .float32, into: url)
      let single = try NetworkCheckpoint(url, for: Self.perceptron)
      let doubles = single.tensors.mapValues { NumericArray($0.float64()) }
      try Safetensors.write(doubles, to: url)
      let double = try NetworkCheckpoint(url, for: Self.perceptron)
      #expect(double.digest != single.digest)
      let pair = try [single, double].map { Self.values(try Self.observe(Self.perceptron, $0), step: 0) }
      #expect(pair[0] == pair[1])
    }
  }

  @Test func theTensorsAreListed() throws {
    #expect(
      try NetworkCheckpoint.tensors(of: Self.normalized).map { "\($0.name) \($0.shape)" } == [
        "0.weight [6, 3]", "0.bias [6]", "1.gain [6]", "1.shift [6]", "3.weight [1, 6]", "3.bias [1]", "1.mean [6]",
        "1.variance [6]",
      ])
    #expect(
      try NetworkCheckpoint.tensors(of: Self.perceptron).map { "\($0.name) \($0.shape)" } == [
        "W1 [7, 3]", "b1 [7]", "W2 [5, 7]", "b2 [5]", "W3 [1, 5]", "b3 [1]",
      ])
  }

  private static func array(_ shape: [Int], _ change: (Int) -> Float = { _ in 0.5 }) -> NumericArray {
    NumericArray(Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map(change)))
  }

  /// Every way in which a file can be another network's, alone and together.
  @Test(
    arguments: [
      (["W2": nil], [.missing("W2", shape: [5, 7])], "it lacks W2 (5, 7)"),
      (["W4": array([2, 3])], [.extra("W4", shape: [2, 3])], "the network has no W4 (2, 3)"),
      (["b1": array([8])], [.misshapen("b1", shape: [8], wanted: [7])], "b1 is (8,) and must be (7,)"),
      (
        ["W1": array([3, 7])], [.misshapen("W1", shape: [3, 7], wanted: [7, 3])],
        "W1 is (3, 7) and must be (7, 3), its transpose"
      ),
      (
        ["b1": array([7]) { $0 == 3 ? .nan : 0 }],
        [.notFinite("b1", problem: "the value at index (3,), counted from 0, is NaN")],
        "in b1 the value at index (3,), counted from 0, is NaN"
      ),
      (
        ["b1": array([7]) { $0 == 0 ? -.infinity : 0 }, "b2": nil],
        [
          .missing("b2", shape: [5]),
          .notFinite("b1", problem: "the value at index (0,), counted from 0, is minus infinity"),
        ], "it lacks b2 (5,); in b1 the value at index (0,), counted from 0, is minus infinity"
      ),
    ] as [([String: NumericArray?], [CheckpointError.Fault], String)])
  func wrongFilesAreNamed(
    _ changes: [String: NumericArray?], _ faults: [CheckpointError.Fault], _ words: String
  ) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "other.safetensors")
      var tensors = Dictionary(
        uniqueKeysWithValues: try NetworkCheckpoint.tensors(of: Self.perceptron).map { ($0.name, Self.array($0.shape)) }
      )
      for (name, array) in changes { tensors[name] = array }
      try Safetensors.write(tensors, to: url)
      let error = try #require(throws: CheckpointError.self) { try NetworkCheckpoint(url, for: Self.perceptron) }
      #expect(error.faults == faults)
      #expect(error.description.contains(words), "\(error)")
      #expect(error.description.hasSuffix(".") && !error.description.contains(".."), "\(error)")
    }
  }

  /// Integers, numbers that single precision does not hold, and files that are nothing of the kind.
  @Test func wrongElementsAreNamed() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "other.safetensors")
      var tensors = Dictionary(
        uniqueKeysWithValues: try NetworkCheckpoint.tensors(of: Self.perceptron).map { ($0.name, Self.array($0.shape)) }
      )
      let npy = folder.appending(path: "integers.npy")
      let header = "{'descr': '<i8', 'fortran_order': False, 'shape': (5,), }".padding(
        toLength: 117, withPad: " ", startingAt: 0)
      try Data(
        Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 118, 0] + Array((header + "\n").utf8)
          + [UInt8](repeating: 0, count: 40)
      ).write(to: npy)
      tensors["b2"] = try NumericArray.read(from: npy)
      tensors["b3"] = NumericArray(Tensor(shape: [1], elements: [1e300]))
      try Safetensors.write(tensors, to: url)
      let error = try #require(throws: CheckpointError.self) { try NetworkCheckpoint(url, for: Self.perceptron) }
      #expect(Set(error.faults).contains(.wrongType("b2", .int64)) && error.faults.count == 2)
      #expect(error.description.contains("b2 is of type int64, and must be of floating-point numbers"), "\(error)")
      #expect(error.description.contains("too large for single precision"), "\(error)")
      let wide = try #require(throws: CheckpointError.self) {
        try NetworkCheckpoint(url, for: Self.perceptron, precision: .float64)
      }
      #expect(wide.faults == [.wrongType("b2", .int64)])
      #expect(wide.description.hasSuffix("; save it as float32 or float64."), "\(wide)")
      #expect(throws: FormatError.self) { try NetworkCheckpoint(npy, for: Self.perceptron) }
      let absent = #expect(throws: FormatError.self) {
        try NetworkCheckpoint(folder.appending(path: "none.safetensors"), for: Self.perceptron)
      }
      #expect(absent?.kind == .noSuchFile)
    }
  }

  /// What single precision does not hold is said as well of a file that was read for double precision, and of NaN what to do.
  @Test func numbersFitThePrecisionThatTheyAreRunIn() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "wide.safetensors")
      var tensors = Dictionary(
        uniqueKeysWithValues: try NetworkCheckpoint.tensors(of: Self.perceptron).map { ($0.name, Self.array($0.shape)) }
      )
      tensors["b3"] = NumericArray(Tensor(shape: [1], elements: [1e300]))
      try Safetensors.write(tensors, to: url)
      let checkpoint = try NetworkCheckpoint(url, for: Self.perceptron, precision: .float64)
      let error = try #require(throws: CheckpointError.self) { try Self.observe(Self.perceptron, checkpoint) }
      #expect(error.description.contains("precision float64"), "\(error)")
      _ = try Self.observe(Self.perceptron, checkpoint, .float64, steps: 0, [.weightNorm])
      tensors["b3"] = Self.array([1]) { _ in .nan }
      try Safetensors.write(tensors, to: url)
      let undefined = try #require(throws: CheckpointError.self) { try NetworkCheckpoint(url, for: Self.perceptron) }
      #expect(undefined.description.hasSuffix("is NaN; save it before training diverged."), "\(undefined)")
    }
  }

  /// A file of many strange tensors is not listed to its end.
  @Test func manyFaultsAreCounted() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "other.safetensors")
      try Safetensors.write(
        Dictionary(uniqueKeysWithValues: (0..<40).map { ("t\($0)\u{7}", Self.array([1])) }), to: url)
      let error = try #require(throws: CheckpointError.self) { try NetworkCheckpoint(url, for: Self.perceptron) }
      #expect(error.faults.count == 46 && error.description.contains("and 34 more"), "\(error)")
      #expect(!error.description.contains("\u{7}"))
    }
  }

  /// A checkpoint read for one network is refused by another, and what compares with the past is not to be had of it.
  @Test func itIsOfOneNetworkAtOneMoment() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "trained.safetensors")
      _ = try Self.train(Self.perceptron, into: url)
      let checkpoint = try NetworkCheckpoint(url, for: Self.perceptron)
      #expect(throws: CheckpointError.self) { try Self.observe(Self.normalized, checkpoint) }
      for name in ["kernel-drift", "feature-similarity", "gradient-norm", "batch-loss"] {
        let observable = try #require(TrainingObservable(rawValue: name))
        let error = #expect(throws: ObservableError.self) {
          try Self.observe(Self.perceptron, checkpoint, .float32, [observable])
        }
        #expect(error?.observable == name)
      }
    }
  }
}
