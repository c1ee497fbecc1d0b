import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Synchronization
import Testing

/// Observables at steps of real training.
@Suite struct ObservableTests {
  static func observed(
    _ observables: [TrainingObservable], network: ResolvedNetwork, optimizer: Optimizer,
    steps: ObservationSteps = .every(2),
    data: TrainingData, _ change: (inout ObservableSettings) -> Void = { _ in }
  ) throws -> MemoryRecorder {
    var options = TrainingExperiment.Options()
    options.precision = .float64
    options.observables = observables
    options.steps = steps
    change(&options.settings)
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      seed: 5, options: options, recorder: recorder)
    return recorder
  }

  static var network: ResolvedNetwork {
    ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [12, 10], weight: 1.3, bias: 0.1, outputs: 2))
  }

  static func optimizer(_ method: OptimizerMethod = .gradientDescent(), steps: Int = 6) -> Optimizer {
    Optimizer(
      method, learningRate: .value(0.05), batch: .full, steps: steps,
      loss: .meanSquaredError(reduction: .mean, half: true))
  }

  /// Everything at once: the names that are promised are recorded, in the shapes that the archive takes, and are finite.
  @Test func everyObservableRecordsWhatItPromises() throws {
    let data = try TrainingTests.data(24, outputs: 2)
    let names = TrainingObservable.allCases.filter { $0 != .integration }
    let optimizer = Self.optimizer(.adam(), steps: 4)
    let recorder = try Self.observed(names, network: Self.network, optimizer: optimizer, data: data) {
      ($0.kernelSamples, $0.noiseBatch, $0.probes) = (10, 4, 4)
    }
    var options = TrainingExperiment.Options()
    options.observables = names
    (options.settings.kernelSamples, options.settings.noiseBatch) = (10, 4)
    let records = try TrainingExperiment(Self.network, data: data, optimizer: optimizer).records(options: options)
    #expect(records.map(\.0) == names)
    let found = Dictionary(grouping: recorder.observations, by: \.observable)
    for name in records.flatMap(\.1).map(\.name) {
      let values = try #require(found[name], "\(name) is not recorded.")
      #expect(values.allSatisfy { $0.values.allSatisfy(\.isFinite) }, "\(name) is not finite.")
      #expect(Set(values.map(\.step)).count == values.count)
    }
    #expect(Set(found.keys) == Set(records.flatMap(\.1).map(\.name)))
    for observable in names {
      #expect(!observable.meaning.isEmpty && !observable.method.isEmpty && !observable.title.isEmpty)
      #expect(try JSONDecoder().decode(TrainingObservable.self, from: JSONEncoder().encode(observable)) == observable)
    }
  }

  /// Recorded kernels against plain loops over the network that the seed draws.
  @Test func kernelsOfTheDrawnNetwork() throws {
    let data = try TrainingTests.data(6, outputs: 2)
    let recorder = try Self.observed(
      [
        .init(rawValue: "feature-kernels")!, .init(rawValue: "preactivation-kernels")!, .init(rawValue: "outputs")!,
        .init(rawValue: "tangent-kernel")!,
      ],
      network: Self.network, optimizer: Self.optimizer(steps: 0), steps: .at([0]), data: data)
    var plain = try PlainNetwork(.tanh, widths: [12, 10])
    let parameters = try NetworkParameters(Self.network)
    var flat = [Double](repeating: 0, count: parameters.layout.count)
    flat.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: 5, member: 0) }
    plain.parameters = flat
    let outputs = recorder.observations.first { $0.observable == "outputs" }!
    for sample in 0..<6 {
      let z = plain.outputs(data.train.inputs.row(sample))
      for o in 0..<2 { #expect(abs(outputs.values[2 * sample + o] - z[o]) < 1e-13) }
    }
    let last = recorder.observations.first { $0.observable == "preactivation-kernel.3" }!
    #expect(last.shape == [6, 6])
    for i in 0..<6 {
      for j in 0..<6 {
        let expected =
          dot(Array(outputs.values[(2 * i)..<(2 * i + 2)]), Array(outputs.values[(2 * j)..<(2 * j + 2)])) / 2
        #expect(abs(last.values[6 * i + j] - expected) < 1e-13)
        let inputs = dot(data.train.inputs.row(i), data.train.inputs.row(j)) / 3
        #expect(
          abs(recorder.observations.first { $0.observable == "feature-kernel.1" }!.values[6 * i + j] - inputs) < 1e-13)
      }
    }
    // The kernel has the units of the network's own parametrization; PlainNetwork's C_W differ.
    let jacobian = SampleJacobian<Double>(try .init(Self.network))
    let kernel = recorder.observations.first { $0.observable == "tangent-kernel" }!
    var rows = [[Double]]()
    for sample in 0..<6 {
      var buffer = [Double](repeating: 0, count: 2 * flat.count)
      flat.withUnsafeBufferPointer { jacobian.move(to: $0.baseAddress!) }
      data.train.inputs.row(sample).withUnsafeBufferPointer { x in
        buffer.withUnsafeMutableBufferPointer {
          jacobian.rows(of: 0..<2, at: x.baseAddress!, into: $0.baseAddress!, stride: flat.count)
        }
      }
      rows.append(buffer)
    }
    for i in 0..<6 { for j in 0..<6 { #expect(abs(kernel.values[6 * i + j] - dot(rows[i], rows[j]) / 2) < 1e-12) } }
  }

  /// Σ over pairs by explicit Jacobians: the squared Jacobian between layers of a deep linear network is that of a weight matrix.
  @Test func jacobianNormsOfADeepLinearNetwork() throws {
    let network = ResolvedNetwork(
      ExperimentNetworks.network(.linear, widths: [6, 5], weight: 1, outputs: 4))
    let data = try TrainingTests.data(5, outputs: 4)
    let recorder = try Self.observed(
      [.init(rawValue: "jacobian-norms")!], network: network, optimizer: Self.optimizer(steps: 0), steps: .at([0]),
      data: data
    ) { $0.probes = 400 }
    let parameters = try NetworkParameters(network)
    var flat = [Double](repeating: 0, count: parameters.layout.count)
    flat.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: 5, member: 0) }
    let matrices = parameters.layout.tensors.filter(\.isMatrix).map {
      Matrix(rows: $0.rows, columns: $0.columns, elements: Array(flat[$0.range]))
    }
    func squares(_ matrix: Matrix<Double>) -> Double { KernelSimilarity.product(matrix, matrix) / Double(matrix.rows) }
    func value(_ name: String) -> Double { recorder.observations.first { $0.observable == name }!.values[0] }
    for (name, exact) in [
      ("jacobian-norm", squares(matrices[1])), ("output-jacobian-norm", squares(matrices[2].product(matrices[1]))),
    ] {
      #expect(abs(value("\(name).1") - exact) < 4 * value("\(name)-error.1"))
      #expect(value("\(name)-error.1") < 0.1 * exact)
    }
    #expect(abs(value("jacobian-norm.2") - squares(matrices[2])) < 4 * value("jacobian-norm-error.2"))
  }

  /// At the first steps kernels have gone nowhere; the velocity is the drift's slope in time.
  @Test func velocityIsTheSlopeOfTheDrift() throws {
    let data = try TrainingTests.data(8, outputs: 2)
    var optimizer = Self.optimizer(steps: 2)
    optimizer.learningRate = .value(1e-5)
    let recorder = try Self.observed(
      [.init(rawValue: "kernel-drift")!, .init(rawValue: "kernel-velocity")!, .init(rawValue: "kernel-alignment")!],
      network: Self.network, optimizer: optimizer, steps: .every(1), data: data)
    let drift = TrainingTests.values(recorder, "kernel-drift")
    let velocity = TrainingTests.values(recorder, "kernel-velocity")
    #expect(drift[0] == 0 && abs(drift[1] / (1e-5 * velocity[0]) - 1) < 1e-3)
    #expect(TrainingTests.values(recorder, "kernel-turn").count == 2)
    #expect(TrainingTests.values(recorder, "kernel-alignment").allSatisfy { $0 > 0 && $0 < 1 })
  }

  /// What estimators remember survives a stop: the same numbers as without.
  @Test func stoppedRunsRememberEarlierKernels() throws {
    let data = try TrainingTests.data(8, outputs: 2)
    let optimizer = Self.optimizer(steps: 9)
    let experiment = try TrainingExperiment(Self.network, data: data, optimizer: optimizer)
    var options = TrainingExperiment.Options()
    options.observables = [.init(rawValue: "kernel-drift")!, .init(rawValue: "feature-similarity")!]
    options.steps = .every(3)
    let whole = MemoryRecorder()
    _ = try experiment.run(seed: 5, options: options, recorder: whole)
    let parts = MemoryRecorder()
    let calls = StepCounter()
    options.isCancelled = { calls.next() > 5 }
    #expect(throws: ExperimentError.self) { _ = try experiment.run(seed: 5, options: options, recorder: parts) }
    options.isCancelled = nil
    _ = try experiment.run(seed: 5, options: options, recorder: parts)
    for name in ["kernel-drift", "kernel-rotation", "kernel-turn", "cka.2", "unbiased-cka.3"] {
      #expect(TrainingTests.values(parts, name) == TrainingTests.values(whole, name))
      #expect(TrainingTests.values(whole, name).count == (name == "kernel-turn" ? 3 : 4))
    }
  }

  @Test func whatIsNotToBeHadIsSaid() throws {
    let numbers = try TrainingData(
      train: .init(
        inputs: ExperimentNetworks.inputs(8),
        targets: Matrix(rows: 8, columns: 2, elements: (0..<16).map { sin(Double($0)) })))
    func message(_ name: String, data: TrainingData? = nil, method: OptimizerMethod = .gradientDescent()) -> String {
      do {
        _ = try Self.observed(
          [.init(rawValue: name)!], network: Self.network, optimizer: Self.optimizer(method),
          data: data ?? TrainingTests.data(8, outputs: 2))
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("preconditioned-sharpness").contains("gradient-descent does not scale"))
    #expect(message("preconditioned-sharpness", method: .adam()) == "")
    #expect(message("accuracy", data: numbers).contains("no classes"))
    #expect(message("test-loss", data: numbers).contains("no test set"))
    #expect(message("gradient-noise-scale").contains("--noise-batch"))
    #expect(TrainingObservable(rawValue: "sharpnes") == nil)
    var options = TrainingExperiment.Options()
    options.settings.probes = 0
    #expect(throws: ObservableError.self) {
      try TrainingExperiment(Self.network, data: numbers, optimizer: Self.optimizer()).check(options: options)
    }
    // The usual ones are those that the data have.
    options = TrainingExperiment.Options()
    let records = try TrainingExperiment(Self.network, data: numbers, optimizer: Self.optimizer()).records(
      options: options)
    #expect(records.map(\.0) == [.loss, .gradientNorm, .weightNorm])
  }
}

/// Counts from any thread.
final class StepCounter: Sendable {
  private let count = Mutex(0)
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
