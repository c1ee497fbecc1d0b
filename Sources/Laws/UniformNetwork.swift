import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Networks of one activation and one width with the same C_W and C_b in every layer but the first, which makes K^(1) what is asked
/// for: critical or not.
struct UniformNetwork: Sendable {
  var activation: Activation
  /// C_W.
  var weightVariance: Double
  /// C_b.
  var biasVariance = 0.0
  /// K^(1) of an input of mean square one; the first layer has no bias.
  var firstKernel: Double
  /// L: preactivation layers, the output's counted.
  var layers: Int
  /// n.
  var width: Int
  /// n_L.
  var outputs = 1

  init(
    _ activation: Activation, weightVariance: Double, biasVariance: Double = 0, firstKernel: Double, layers: Int,
    width: Int
  ) {
    self.activation = activation
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.firstKernel = firstKernel
    self.layers = layers
    self.width = width
  }

  /// At a critical point.
  init(_ point: CriticalPoint, firstKernel: Double, layers: Int, width: Int) {
    self.init(
      point.activation, weightVariance: point.weightVariance, biasVariance: point.biasVariance,
      firstKernel: firstKernel, layers: layers, width: width)
  }

  var map: KernelMap { KernelMap(activation, weightVariance: weightVariance, biasVariance: biasVariance) }

  /// C_W and C_b of every layer.
  var initializations: [LayerInitialization] {
    [LayerInitialization(weightVariance: firstKernel, biasVariance: 0)]
      + Array(
        repeating: LayerInitialization(weightVariance: weightVariance, biasVariance: biasVariance), count: layers - 1)
  }

  func resolved(features: Int) -> ResolvedPerceptron {
    ResolvedPerceptron(
      architecture: MultilayerPerceptron(depth: layers - 1, width: width, activation: activation, outputs: outputs),
      inputs: features, layers: initializations, parametrization: .ntk)
  }

  /// K^(ℓ) of an input of mean square q with what fluctuates about it.
  func flow(meanSquaredInput: Double = 1) -> SingleInputFlow {
    SingleInputFlow(resolved(features: 1), meanSquaredInput: meanSquaredInput)
  }

  /// The tensors of several inputs at order 1/n.
  ///
  /// - Throws: `FiniteWidthError`.
  func tensors(_ inputs: Matrix<Double>) throws -> FiniteWidthFlow {
    try FiniteWidthFlow(resolved(features: inputs.columns), inputs: inputs, extent: .preactivations)
  }

  /// Real networks on some inputs.
  ///
  /// - Throws: `ExperimentError`.
  func ensemble(
    _ inputs: Matrix<Double> = UniformNetwork.single, networks: Int, seed: UInt64, precision: Precision = .float32,
    in laboratory: Laboratory
  ) throws -> InitializationEnsemble {
    let options = InitializationExperiment.Options(
      precision: precision, memoryLimit: 4 << 30, isCancelled: laboratory.isCancelled)
    return try InitializationExperiment(resolved(features: inputs.columns), inputs: inputs).run(
      networks: networks, seed: seed, options: options)
  }

  /// One input of mean square one.
  static let single = Matrix<Double>(rows: 1, columns: 1, elements: [1])

  /// Two inputs of mean square one whose correlation is 1 − gap.
  static func pair(gap: Double) -> Matrix<Double> {
    let (sine, cosine) = ((gap / 2).squareRoot(), (1 - gap / 2).squareRoot())
    let scale = 2.0.squareRoot()
    return Matrix(rows: 2, columns: 2, elements: [scale * cosine, scale * sine, scale * cosine, -scale * sine])
  }
}

extension InitializationEnsemble {
  /// Ĝ_αβ of layers ℓ = 2 … L: one list a layer, of one number a network.
  func kernelsByLayer(_ first: Int = 0, _ second: Int = 0) -> [[Double]] {
    (2...layerCount).map { conditionalKernels(layer: $0, first, second) }
  }

  /// Ĝ_11 + Ĝ_22 − 2Ĝ_12 of layers ℓ = 2 … L: the mean squared distance of two inputs' preactivations.
  func squaredDistancesByLayer() -> [[Double]] {
    (2...layerCount).map { layer in
      let (first, second) = (conditionalKernels(layer: layer, 0, 0), conditionalKernels(layer: layer, 1, 1))
      let cross = conditionalKernels(layer: layer, 0, 1)
      return cross.indices.map { first[$0] + second[$0] - 2 * cross[$0] }
    }
  }
}

extension FiniteWidthFlow {
  /// K_11 + K_22 − 2K_12 of layers ℓ = 2 … L and its correction of order 1/n.
  var squaredDistances: [(limit: Double, correction: Double)] {
    layers.dropFirst().map { layer in
      func distance(_ matrix: Matrix<Double>) -> Double { matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1] }
      return (distance(layer.kernel), distance(layer.kernelCorrection) / Double(layer.fanIn))
    }
  }
}
