import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Observables of networks with batch normalization are of the function in evaluation, running averages as constants: against its
/// Jacobian by the chain rule, and differences of it.
@Suite struct BatchNormObservableTests {
  private static let (inputs, units, outputs, samples) = (3, 4, 2, 5)
  private static let epsilon = 1e-3

  private static func network(_ layers: [Layer]? = nil) throws -> ResolvedNetwork {
    let layers =
      layers ?? [
        Layer(Dense(units: units)), Layer(BatchNorm(epsilon: epsilon)), Layer(Nonlinearity(Activation(.tanh))),
        Layer(Dense(units: outputs)),
      ]
    let architecture = Architecture(layers)
    let weights = try architecture.parameters(inputShape: [inputs]).filter(\.isDrawnWeight).count
    return try ResolvedNetwork(
      architecture: architecture, inputShape: [inputs],
      initializations: Array(repeating: LayerInitialization(weightVariance: 1.5, biasVariance: 0.1), count: weights),
      parametrization: .standard)
  }

  /// Parameters and running averages of no special values, and the network written out.
  private struct Plain {
    let layout: ParameterLayout
    /// Parameters, means, variances.
    var numbers: [Double]

    init() throws {
      layout = try NetworkParameters(BatchNormObservableTests.network()).layout
      var random = SplitMix(seed: 8)
      numbers = random.normals(layout.count + BatchNormObservableTests.units)
      numbers += (0..<BatchNormObservableTests.units).map { 0.3 + 0.4 * Double($0) }
    }

    func moved(_ direction: [Double], by step: Double) -> Plain {
      var result = self
      for i in direction.indices { result.numbers[i] += step * direction[i] }
      return result
    }

    private subscript(_ name: String) -> [Double] { Array(numbers[layout.tensors.first { $0.name == name }!.range]) }

    /// What leaves the first layer, the hidden units, the outputs, and ∂z_o/∂θ of each output.
    func pass(_ x: [Double]) -> (first: [Double], hidden: [Double], outputs: [Double], jacobian: [[Double]]) {
      let (units, inputs) = (BatchNormObservableTests.units, BatchNormObservableTests.inputs)
      let (w1, b1, gain, shift) = (self["0.weight"], self["0.bias"], self["1.gain"], self["1.shift"])
      let (w2, b2) = (self["3.weight"], self["3.bias"])
      let first = (0..<units).map { i in b1[i] + (0..<inputs).reduce(0) { $0 + w1[i * inputs + $1] * x[$1] } }
      let scale = (0..<units).map { i in
        1 / (numbers[layout.count + units + i] + BatchNormObservableTests.epsilon).squareRoot()
      }
      let normed = (0..<units).map { (first[$0] - numbers[layout.count + $0]) * scale[$0] }
      let hidden = (0..<units).map { tanh(gain[$0] * normed[$0] + shift[$0]) }
      var (results, jacobian): ([Double], [[Double]]) = ([], [])
      for o in 0..<BatchNormObservableTests.outputs {
        let readout = Array(w2[(o * units)..<((o + 1) * units)])
        results.append(b2[o] + dot(readout, hidden))
        let delta = (0..<units).map { readout[$0] * (1 - hidden[$0] * hidden[$0]) }
        let entering = (0..<units).map { delta[$0] * gain[$0] * scale[$0] }
        var parts = ["0.bias": entering, "1.shift": delta]
        parts["0.weight"] = entering.flatMap { slope in x.map { slope * $0 } }
        parts["1.gain"] = (0..<units).map { delta[$0] * normed[$0] }
        parts["3.weight"] = (0..<w2.count).map { $0 / units == o ? hidden[$0 % units] : 0 }
        parts["3.bias"] = (0..<b2.count).map { $0 == o ? 1 : 0 }
        jacobian.append(layout.tensors.flatMap { parts[$0.name]! })
      }
      return (first, hidden, results, jacobian)
    }

    /// Of the mean over samples of ½|z − y|².
    func gradient(_ data: TrainingData) -> [Double] {
      var sum = [Double](repeating: 0, count: layout.count)
      for sample in 0..<data.train.samples {
        let found = pass(data.train.inputs.row(sample))
        for (o, row) in found.jacobian.enumerated() {
          let residual = (found.outputs[o] - data.train.targets[sample, o]) / Double(data.train.samples)
          for i in row.indices { sum[i] += residual * row[i] }
        }
      }
      return sum
    }

    /// Θ between all outputs, (samples, outputs, samples, outputs).
    func kernel(_ data: TrainingData) -> [Double] {
      let rows = (0..<data.train.samples).flatMap { pass(data.train.inputs.row($0)).jacobian }
      return rows.flatMap { left in rows.map { dot(left, $0) } }
    }

    /// (1/n_L) Σ_o Θ_oo.
    func traced(_ data: TrainingData) -> [Double] {
      let (all, n, outputs) = (kernel(data), data.train.samples, BatchNormObservableTests.outputs)
      var result = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        for j in 0..<n {
          for o in 0..<outputs {
            let row = i * outputs + o
            result[i * n + j] += all[row * n * outputs + j * outputs + o] / Double(outputs)
          }
        }
      }
      return result
    }
  }

  private static let optimizer = Optimizer(
    .gradientDescent(), learningRate: .value(0.1), batch: .full, steps: 1,
    loss: .meanSquaredError(reduction: .mean, half: true))

  private static func observed(_ names: [String], _ plain: Plain, _ data: TrainingData) throws -> [String: [Double]] {
    var options = TrainingTests.double(.at([0]))
    options.observables = names.map { TrainingObservable(rawValue: $0)! }
    options.settings.probes = 400
    let recorder = TrainingTests.starting(plain.numbers)
    _ = try TrainingExperiment(network(), data: data, optimizer: optimizer).run(
      seed: 5, options: options, recorder: recorder)
    return Dictionary(uniqueKeysWithValues: recorder.observations.map { ($0.observable, $0.values) })
  }

  @Test func kernelsAndGradients() throws {
    let plain = try Plain()
    let data = try TrainingTests.data(Self.samples, outputs: Self.outputs)
    let found = try Self.observed(
      [
        "outputs", "gradient-norms", "feature-kernels", "preactivation-kernels", "tangent-kernel",
        "full-tangent-kernel", "jacobian-norms",
      ], plain, data)
    let passes = (0..<Self.samples).map { plain.pass(data.train.inputs.row($0)) }
    #expect(relativeError(found["outputs"]!, passes.flatMap(\.outputs)) < 1e-13)
    #expect(relativeError(found["full-tangent-kernel"]!, plain.kernel(data)) < 1e-13)
    #expect(relativeError(found["tangent-kernel"]!, plain.traced(data)) < 1e-13)
    func products(_ rows: [[Double]]) -> [Double] {
      rows.flatMap { left in rows.map { dot(left, $0) / Double(left.count) } }
    }
    #expect(relativeError(found["feature-kernel.2"]!, products(passes.map(\.hidden))) < 1e-13)
    #expect(relativeError(found["preactivation-kernel.1"]!, products(passes.map(\.first))) < 1e-13)
    let gradient = plain.gradient(data)
    for tensor in plain.layout.tensors {
      let part = Array(gradient[tensor.range])
      let norm = try #require(found["gradient-norm.\(tensor.name)"])[0]
      #expect(abs(norm - dot(part, part).squareRoot()) < 1e-13, "\(tensor.name)")
    }
    // ∂z_o/∂z^(1)_i is ∂z_o/∂b_i.
    let biases = plain.layout.tensors.first { $0.name == "0.bias" }!.range
    let squares = passes.flatMap(\.jacobian).map { dot(Array($0[biases]), Array($0[biases])) }.reduce(0, +)
    let exact = squares / Double(Self.samples * Self.outputs)
    #expect(abs(found["jacobian-norm.1"]![0] - exact) < 4 * found["jacobian-norm-error.1"]![0])
  }

  /// Hv against differences of the gradient, the kernel's and the Jacobian's derivatives against theirs.
  @Test func secondDerivatives() throws {
    let plain = try Plain()
    let data = try TrainingTests.data(Self.samples, outputs: Self.outputs)
    var random = SplitMix(seed: 9)
    let direction = random.normals(plain.layout.count)
    let step = 1e-5
    func difference(_ values: (Plain) -> [Double]) -> [Double] {
      zip(values(plain.moved(direction, by: step)), values(plain.moved(direction, by: -step))).map {
        ($0 - $1) / (2 * step)
      }
    }
    let network = try Self.network()
    let curvature = CurvatureOperator<Double>(
      try .init(
        .hessian, of: network, loss: Self.optimizer.loss, samples: Self.samples, mode: .evaluation, isParallel: false))
    let arrays = TrainingArrays<Double>(data.train)
    plain.numbers.withUnsafeBufferPointer { curvature.move(to: $0.baseAddress!, on: arrays) }
    var product = [Double](repeating: 0, count: direction.count)
    curvature.apply(direction, into: &product)
    #expect(relativeError(product, difference { $0.gradient(data) }) < 1e-8)
    let largest = LargestEigenpairs(curvature, seed: 5).run(1, mostSteps: 60)
    // Each lies within its own residual of the largest eigenvalue.
    let observed = try Self.observed(["sharpness"], plain, data)
    let distance = abs(observed["sharpness"]![0] - largest.values[0])
    #expect(distance <= observed["sharpness-bound"]![0] + largest.residuals[0])
    let kernel = TangentKernelEstimator<Double>(
      try .init(network, samples: [Self.samples], isDirectional: true, mode: .evaluation))
    let slope = plain.numbers.withUnsafeBufferPointer { w in
      data.train.inputs.withUnsafeBuffer { x in
        direction.withUnsafeBufferPointer {
          kernel.tracedDerivative(
            w.baseAddress!, along: $0.baseAddress!, .init(x.baseAddress!, count: Self.samples))
        }
      }
    }
    #expect(relativeError(slope.tensor.elements, difference { $0.traced(data) }) < 1e-8)
    let second = DirectionalDerivative<Double>(
      try .init(network, order: 2, samples: Self.samples, mode: .evaluation))
    let curved = plain.numbers.withUnsafeBufferPointer { w in
      data.train.inputs.withUnsafeBuffer { x in
        Array(second.apply(w.baseAddress!, inputs: x.baseAddress!, along: [direction, direction]))
      }
    }
    let expected = difference { plain in
      (0..<Self.samples).flatMap { plain.pass(data.train.inputs.row($0)).jacobian.map { dot($0, direction) } }
    }
    #expect(relativeError(curved, expected) < 1e-8)
  }

  /// Everything at once, trained: what is promised is recorded and finite.
  @Test func everyObservableIsToBeHad() throws {
    let network = try Self.network([
      Layer(Dense(units: 6)), Layer(BatchNorm()), Layer(Nonlinearity(Activation(.tanh))), Layer(Dense(units: 5)),
      Layer(BatchNorm(learned: false)), Layer(Nonlinearity(Activation(.tanh))), Layer(Dense(units: 2)),
    ])
    let data = try TrainingTests.data(24, outputs: 2)
    let names = TrainingObservable.allCases.filter { $0 != .integration }
    let recorder = try ObservableTests.observed(
      names, network: network, optimizer: ObservableTests.optimizer(.adam(), steps: 4), data: data
    ) { ($0.kernelSamples, $0.noiseBatch, $0.probes) = (10, 4, 4) }
    var options = TrainingExperiment.Options()
    options.observables = names
    (options.settings.kernelSamples, options.settings.noiseBatch) = (10, 4)
    let records = try TrainingExperiment(
      network, data: data, optimizer: ObservableTests.optimizer(.adam(), steps: 4)
    ).records(options: options)
    #expect(Set(recorder.observations.map(\.observable)) == Set(records.flatMap(\.1).map(\.name)))
    #expect(recorder.observations.allSatisfy { $0.values.allSatisfy(\.isFinite) })
  }

  /// The kernel at the beginning is that of the averages at the beginning, also where it is computed later.
  @Test func driftIsFromTheBeginning() throws {
    let data = try TrainingTests.data(8, outputs: 2)
    var optimizer = Self.optimizer
    optimizer.steps = 4
    let drifts = try [ObservationSteps.at([0, 4]), .at([4])].map { steps in
      let recorder = try ObservableTests.observed(
        [TrainingObservable(rawValue: "kernel-drift")!], network: Self.network(), optimizer: optimizer, steps: steps,
        data: data)
      return TrainingTests.values(recorder, "kernel-drift").last!
    }
    #expect(drifts[0] > 0 && drifts[0] == drifts[1])
  }
}
