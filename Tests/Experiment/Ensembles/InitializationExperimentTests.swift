import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Synchronization
import Testing

@Suite("Real networks at initialization")
struct InitializationExperimentTests {
  /// One member, as the definition has it: draws from the streams, loops over neurons.
  private func plainPass(_ network: PerceptronView, _ inputs: Matrix<Double>, seed: UInt64, member: Int)
    -> [[[Double]]]
  {
    var values = (0..<inputs.rows).map(inputs.row)
    var layers: [[[Double]]] = []
    for (index, width) in network.architecture.layerWidths.enumerated() {
      let numbers = network.layers[index]
      let fanIn = network.fanIns[index]
      let w = RandomStream(seed: seed, purpose: .weights, member: member, layer: index + 1).normals(
        count: width * fanIn)
      let b = RandomStream(seed: seed, purpose: .biases, member: member, layer: index + 1).normals(count: width)
      let scale = (numbers.weightVariance / Double(fanIn)).squareRoot()
      let z = values.map { x in
        (0..<width).map { i in
          (0..<fanIn).reduce(numbers.biasVariance.squareRoot() * b[i]) { $0 + scale * w[i * fanIn + $1] * x[$1] }
        }
      }
      layers.append(z)
      values = z.map { $0.map { network.architecture.activation($0) } }
    }
    return layers
  }

  /// The fast pass of perceptrons and the program of any network.
  @Test("Both passes are the plain one", arguments: [Precision.float32, .float64], [false, true])
  func plainTwin(_ precision: Precision, byProgram: Bool) throws {
    // 300 × 200 weights pass in two tiles.
    let network = ExperimentNetworks.network(.gelu, widths: [200, 300, 5], weight: 1.9, bias: 0.2, outputs: 2)
    let inputs = ExperimentNetworks.inputs(3)
    let experiment =
      byProgram
      ? try InitializationExperiment(byProgram: ResolvedNetwork(network), inputs: inputs)
      : try InitializationExperiment(network, inputs: inputs)
    let ensemble = try experiment.run(
      networks: 3, seed: 6, options: .init(precision: precision, firstMember: 40))
    #expect(ensemble.layerCount == 4 && ensemble.width == nil)
    let tolerance = precision == .float64 ? 1e-12 : 2e-5
    for member in 0..<3 {
      let layers = plainPass(network, inputs, seed: 6, member: 40 + member)
      for (index, z) in layers.enumerated() {
        let n = Double(z[0].count)
        for a in 0..<3 {
          for b in 0...a {
            let direct = zip(z[a], z[b]).reduce(0) { $0 + $1.0 * $1.1 } / n
            #expect(
              abs(ensemble.empiricalKernels(layer: index + 1, a, b)[member] - direct) <= tolerance
                * max(1, n * abs(direct)))
            guard index + 1 < layers.count else { continue }
            let sigma = [a, b].map { z[$0].map { network.architecture.activation($0) } }
            let conditional = 0.2 + 1.9 * zip(sigma[0], sigma[1]).reduce(0) { $0 + $1.0 * $1.1 } / n
            #expect(
              abs(ensemble.conditionalKernels(layer: index + 2, a, b)[member] - conditional) <= tolerance
                * max(1, conditional))
          }
        }
      }
      for sample in 0..<3 {
        for output in 0..<2 {
          let value = ensemble.outputs(sample: sample, output: output)[member]
          #expect(abs(value - layers[3][sample][output]) <= tolerance * 5)
        }
      }
    }
  }

  @Test("Bit-identical for any number of threads and networks")
  func determinism() throws {
    let network = ExperimentNetworks.network(.tanh, widths: [20, 30], weight: 1.2, bias: 0.1)
    let experiment = try InitializationExperiment(network, inputs: ExperimentNetworks.inputs(2))
    let many = try experiment.run(networks: 301, seed: 3)
    Parallel.setThreads(1)
    defer { Parallel.setThreads(0) }
    let one = try experiment.run(networks: 301, seed: 3)
    #expect(one.outputTensor == many.outputTensor)
    #expect(one.kernelMeasurements == many.kernelMeasurements)
    let fewer = try experiment.run(networks: 50, seed: 3)
    #expect(fewer.outputs(sample: 1) == Array(many.outputs(sample: 1).prefix(50)))
  }

  private static let numbers = LayerInitialization(weightVariance: 1.5, biasVariance: 0.1)

  private static func network(_ layers: [Layer], _ inputShape: [Int], weights: Int) throws -> ResolvedNetwork {
    try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: inputShape,
      initializations: Array(repeating: numbers, count: weights),
      parametrization: .ntk)
  }

  /// z′ = z + Wσ(z) + b, drawn and run by loops.
  @Test("A residual network's signals are those of its definition")
  func residual() throws {
    let width = 6
    let block = Layer(Residual([Layer(Nonlinearity(Activation(.relu))), Layer(Dense(units: width))]))
    let network = try Self.network(
      [Layer(Dense(units: width)), block, block, Layer(Nonlinearity(Activation(.relu))), Layer(Dense(units: 2))], [3],
      weights: 4)
    let inputs = ExperimentNetworks.inputs(2)
    let experiment = try InitializationExperiment(network, inputs: inputs)
    let options = InitializationExperiment.Options(precision: .float64, firstMember: 5)
    let ensemble = try experiment.run(networks: 2, seed: 3, options: options)
    let signals = try experiment.statistics(3 * 2 * width, networks: 2, seed: 3, options: options) { layers in
      layers.prefix(3).flatMap { $0.tensor.elements }
    }
    #expect(ensemble.layerCount == 4 && ensemble.width == width)
    #expect((1...4).map { ensemble.hasConditionalKernel(layer: $0) } == [false, false, false, true])
    for member in 0..<2 {
      func dense(_ x: [Double], _ layer: Int, _ units: Int) -> [Double] {
        let w = RandomStream(seed: 3, purpose: .weights, member: 5 + member, layer: layer).normals(
          count: units * x.count)
        let b = RandomStream(seed: 3, purpose: .biases, member: 5 + member, layer: layer).normals(count: units)
        let scale = (1.5 / Double(x.count)).squareRoot()
        return (0..<units).map { i in
          x.indices.reduce(0.1.squareRoot() * b[i]) { $0 + scale * w[i * x.count + $1] * x[$1] }
        }
      }
      var all: [[[Double]]] = []
      for sample in 0..<2 {
        var z = dense(inputs.row(sample), 1, width)
        var layers = [z]
        for layer in 2...3 {
          z = zip(z, dense(z.map { max($0, 0) }, layer, width)).map { $0 + $1 }
          layers.append(z)
        }
        layers.append(dense(z.map { max($0, 0) }, 4, 2))
        all.append(layers)
      }
      for layer in 1...4 {
        let (z, y) = (all[0][layer - 1], all[1][layer - 1])
        let direct = zip(z, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(z.count)
        #expect(abs(ensemble.empiricalKernels(layer: layer, 0, 1)[member] - direct) < 1e-12)
        var ties = 0.0
        for i in z.indices { for j in z.indices where i != j { ties += z[i] * z[j] * z[j] } }
        let estimate = try #require(ensemble.threePointCorrelation(layer: layer, sample: 0))
        #expect(estimate.networks == 2)
        #expect(abs(ensemble.ties(layer: layer, sample: 0)[member] - ties / Double(z.count * (z.count - 1))) < 1e-12)
        guard layer < 4 else { continue }
        let own = Array(signals.row(member)[((layer - 1) * 2 * width)..<(layer * 2 * width)])
        #expect(zip(own, z + y).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }

  /// Convolutions, norms that keep averages, attention: whatever can be run. What leaves the last layer is the ensemble's output.
  @Test("Networks of any layers are drawn, and are the same for any number of threads", arguments: 0..<3)
  func anyNetwork(_ which: Int) throws {
    let relu = Layer(Nonlinearity(Activation(.relu)))
    let (network, layers): (ResolvedNetwork, Int) =
      switch which {
      case 0:
        (
          try Self.network(
            [
              Layer(Convolution(units: 4, kernel: 3)), Layer(BatchNorm()), relu, Layer(Dropout(0.5)),
              Layer(MaxPool(window: 2)), Layer(Flatten()), Layer(Dense(units: 3)),
            ], [6, 6, 1], weights: 2), 2
        )
      case 1:
        (
          try Self.network(
            [Layer(Dense(units: 8)), Layer(LayerNorm()), relu, Layer(Dense(units: 8)), relu, Layer(Dense(units: 2))],
            [5],
            weights: 3), 3
        )
      default: (try Self.network([Layer(Dense(units: 2))], [4], weights: 1), 1)
      }
    var random = SplitMix(seed: 2)
    let inputs = Matrix(rows: 3, columns: network.inputs, elements: random.normals(3 * network.inputs))
    let experiment = try InitializationExperiment(network, inputs: inputs)
    let many = try experiment.run(networks: 70, seed: 4)
    #expect(many.layerCount == layers)
    Parallel.setThreads(1)
    defer { Parallel.setThreads(0) }
    #expect(try experiment.run(networks: 70, seed: 4).outputTensor == many.outputTensor)
    let outputs = try network.outputShape().reduce(1, *)
    let last = try experiment.statistics(3 * outputs, networks: 70, seed: 4) { $0.last!.tensor.elements }
    #expect(last.tensor.elements == many.outputTensor.elements)
    #expect(experiment.workingMemory(threads: 2) == 2 * experiment.workingMemory(threads: 1))
  }

  /// A layer that Experiment has never heard of.
  private struct Mystery: LayerDescription {
    static let key = "mystery"
    func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
    func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
  }

  @Test("What cannot be drawn is named")
  func whatCannotBeDrawn() throws {
    let inputs = ExperimentNetworks.inputs(1)
    #expect(throws: ExperimentError.unsupportedLayer(key: "mystery", index: 1)) {
      try InitializationExperiment(
        Self.network([Layer(Dense(units: 2)), Layer(Mystery())], [3], weights: 1), inputs: inputs)
    }
    #expect(throws: ExperimentError.self) {
      try InitializationExperiment(Self.network([Layer(Flatten())], [3], weights: 0), inputs: inputs)
    }
    var network = ExperimentNetworks.network(.tanh, widths: [4], weight: 1)
    network.layers[1].biasVariance = -1
    let error = #expect(throws: ExperimentError.self) { try InitializationExperiment(network, inputs: inputs) }
    #expect(error?.description == "Weight tensor 2 cannot be drawn: C_b = -1.0 is not a variance.")
  }

  @Test("Progress is told, cancelling ends the run with an error")
  func progress() throws {
    let network = ExperimentNetworks.network(.relu, widths: [8], weight: 2)
    let experiment = try InitializationExperiment(network, inputs: ExperimentNetworks.inputs(1))
    let most = Atomic<Int>(0)
    _ = try experiment.run(
      networks: 100, seed: 1, options: .init(progress: { most.max($0, ordering: .relaxed) }))
    #expect(most.load(ordering: .relaxed) == 100)
    #expect(throws: ExperimentError.self) {
      try experiment.run(networks: 1000, seed: 1, options: .init(isCancelled: { true }))
    }
  }

  @Test("Bad input is one sentence")
  func errors() throws {
    let network = ExperimentNetworks.network(.exp, widths: [8, 8, 8], weight: 1e4)
    #expect(throws: ExperimentError.featureMismatch(expected: 3, found: 2)) {
      try InitializationExperiment(network, inputs: Matrix([[1, 2]]))
    }
    #expect(throws: ExperimentError.nonFiniteInput(sample: 0, feature: 1)) {
      try InitializationExperiment(network, inputs: Matrix([[1, .infinity, 0]]))
    }
    let experiment = try InitializationExperiment(network, inputs: Matrix([[1, 2, 3]]))
    #expect(throws: ExperimentError.tooFewNetworks(1)) { try experiment.run(networks: 1, seed: 0) }
    #expect(throws: ExperimentError.unsupportedPrecision("float16")) {
      try experiment.run(networks: 2, seed: 0, options: .init(precision: .float16))
    }
    #expect(throws: ExperimentError.self) { try experiment.run(networks: 2, seed: 0) }
    #expect(throws: ExperimentError.self) {
      try experiment.run(networks: 1000, seed: 0, options: .init(memoryLimit: 1000))
    }
    #expect(experiment.requiredMemory(networks: 10) == 8 * 10 * (11 + 4 + 1))
    #expect(experiment.requiredMemory(networks: .max) == .max, "Counting does not overflow.")
    #expect(experiment.workingMemory(threads: 2) == 2 * experiment.workingMemory(threads: 1))
    #expect(experiment.workingMemory(threads: 1, precision: .float64) == 2 * experiment.workingMemory(threads: 1))
    for error: ExperimentError in [
      .tooFewNetworks(1), .cancelled(finished: 1, networks: 2), .unsupportedPrecision("x"),
    ] {
      #expect(error.description.hasSuffix("."))
    }
  }
}
