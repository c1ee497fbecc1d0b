import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Networks of one activation at criticality, equal in width, on one input: what most laws at initialization are told on.
struct CriticalNetwork: Sendable {
  var activation: Activation
  /// L: preactivation layers, the output's counted.
  var layers: Int
  /// n.
  var width: Int
  /// q = |x|²/n_0 of the one input.
  var meanSquaredInput = 1.0

  /// The critical point whose initialization it takes.
  ///
  /// - Throws: `NoCriticalPoint`.
  func criticalPoint() throws -> CriticalPoint {
    try Criticality.points(of: activation).choice(meanSquaredInput: meanSquaredInput)
  }

  /// - Throws: `NoCriticalPoint`.
  func resolved() throws -> ResolvedPerceptron {
    ResolvedPerceptron(
      architecture: MultilayerPerceptron(depth: layers - 1, width: width, activation: activation), inputs: 1,
      layers: try criticalPoint().layers(count: layers, meanSquaredInput: meanSquaredInput), parametrization: .ntk)
  }

  /// The expansion at order 1/n and after.
  func flow() throws -> SingleInputFlow {
    SingleInputFlow(try resolved(), meanSquaredInput: meanSquaredInput)
  }

  /// Ĝ^(ℓ) of real networks for ℓ = 2 … L: one list a layer, of one number a network.
  func kernels(networks: Int, seed: UInt64, in laboratory: Laboratory) throws -> [[Double]] {
    let input = Matrix(rows: 1, columns: 1, elements: [meanSquaredInput.squareRoot()])
    var options = InitializationExperiment.Options()
    options.isCancelled = laboratory.isCancelled
    let ensemble = try InitializationExperiment(try resolved(), inputs: input).run(
      networks: networks, seed: seed, options: options)
    return (2...layers).map { ensemble.conditionalKernels(layer: $0, 0, 0) }
  }
}
