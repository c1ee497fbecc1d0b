import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Networks at initialization: width 64, depth 5, tanh, 8 inputs of 64 features. Seconds for each network.
enum EnsembleMeasurement {
  static let name = "ensemble-64-5-8"
  static let width = 64
  static let depth = 5
  static let samples = 8

  static func run(in folder: URL) throws {
    let images = try Inputs.double(in: folder, samples: samples)
    // The first 64 pixels of an image are black; the middle rows are not. The peer takes the same columns.
    let inputs = Matrix<Double>((0..<samples).map { Array(images.row($0)[392..<456]) })
    let network = PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: width, activation: Activation(.tanh)),
      inputs: inputs.columns,
      layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: depth + 1),
      parametrization: .ntk)
    let chain = try GramChain(network, inputs: inputs)
    for (kind, covariances) in [("chain", false), ("chain-covariances", true)] {
      let networks = 100_000
      let timing = try Timing.measure(runs: 9, limit: 3) {
        _ = try chain.sample(
          networks: networks, seed: 7, options: GramChainOptions(method: .lanes, covariances: covariances))
      }
      write(kind, timing, networks)
    }
    let experiment = try InitializationExperiment(network, inputs: inputs)
    let networks = 5000
    let timing = try Timing.measure(runs: 9, limit: 3) { _ = try experiment.run(networks: networks, seed: 7) }
    write("networks", timing, networks)
  }

  private static func write(_ kind: String, _ timing: Timing, _ networks: Int) {
    Record(
      who: "orrery", name: "\(name)-\(kind)", values: timing.wall.map { $0 / Double(networks) },
      processor: timing.processor.map { $0 / Double(networks) }
    ).write()
  }
}
