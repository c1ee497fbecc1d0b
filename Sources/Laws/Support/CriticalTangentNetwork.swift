import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Critical networks of equal width with the learning rates of their class, λ_b and λ_W of each layer as `LearningRateScaling` has
/// them, so that every layer adds as much to Θ: what laws of the NTK are told on.
struct CriticalTangentNetwork: Sendable {
  var activation: Activation
  /// L.
  var layers: Int
  /// n.
  var width: Int
  var outputs = 1
  /// One input, or two of equal length at an angle of 60°; |x|²/n_0 = 1.
  var inputCount = 1

  /// Shape (inputs, n_0).
  var inputs: Matrix<Double> {
    let (whole, half, height) = (2.0.squareRoot(), 0.5.squareRoot(), 1.5.squareRoot())
    return inputCount == 1 ? Matrix([[1.0]]) : Matrix([[whole, 0], [half, height]])
  }

  /// - Throws: `NoCriticalPoint`.
  func criticalPoint() throws -> CriticalPoint {
    try Criticality.points(of: activation).choice(meanSquaredInput: 1)
  }

  /// - Throws: `NoCriticalPoint`.
  func resolved() throws -> ResolvedPerceptron {
    ResolvedPerceptron(
      architecture: MultilayerPerceptron(
        depth: layers - 1, width: width, activation: activation, outputs: outputs),
      inputs: inputs.columns, layers: try criticalPoint().layers(count: layers, meanSquaredInput: 1),
      parametrization: .ntk)
  }

  /// λ_b and λ_W of each layer, those of the class with λ̃ = 1.
  func learningRates() throws -> [LayerLearningRates] {
    LearningRateScaling(try criticalPoint()).factors(layerCount: layers).map {
      LayerLearningRates(bias: $0.bias, weight: $0.weight)
    }
  }

  /// Every layer's tensors at order 1/n.
  func flow(_ extent: FiniteWidthExtent) throws -> FiniteWidthFlow {
    try FiniteWidthFlow(resolved(), inputs: inputs, learningRates: learningRates(), extent: extent)
  }

  /// The output kernel's own expansion on one input, with the order after.
  func kernelFlow() throws -> SingleInputFlow { SingleInputFlow(try resolved(), meanSquaredInput: 1) }

  /// Kernel and NTK of real networks.
  func statistics(
    networks: Int, seed: UInt64, withControls: Bool = false, in laboratory: Laboratory
  ) throws -> TangentStatistics {
    let isCancelled = laboratory.isCancelled
    return try TangentStatisticsExperiment(resolved(), inputs: inputs, learningRates: learningRates()).run(
      networks: networks, seed: seed, withControls: withControls, isCancelled: { isCancelled?() ?? false })
  }
}
