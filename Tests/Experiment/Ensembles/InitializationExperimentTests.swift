import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Synchronization
import Testing

@Suite("Real networks at initialization")
struct InitializationExperimentTests {
  /// One member, as the definition has it: draws from the streams, loops over neurons.
  private func plainPass(_ network: ResolvedPerceptron, _ inputs: Matrix<Double>, seed: UInt64, member: Int)
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

  @Test("The fast pass is the plain one", arguments: [Precision.float32, .float64])
  func plainTwin(_ precision: Precision) throws {
    // 300 × 200 weights pass in two tiles.
    let network = ExperimentNetworks.network(.gelu, widths: [200, 300, 5], weight: 1.9, bias: 0.2, outputs: 2)
    let inputs = ExperimentNetworks.inputs(3)
    let ensemble = try InitializationExperiment(network, inputs: inputs).run(
      networks: 3, seed: 6, options: .init(precision: precision, firstMember: 40))
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
    #expect(experiment.requiredMemory(networks: 10) == 8 * 10 * (11 + 1))
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
