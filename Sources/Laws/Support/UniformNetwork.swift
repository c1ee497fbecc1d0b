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
  /// C_W and C_b of the first layer.
  var firstLayer: LayerInitialization
  /// L: preactivation layers, the output's counted.
  var layers: Int
  /// n.
  var width: Int
  /// n_L.
  var outputs = 1
  /// λ_b and λ_W of each layer; C_b and C_W without them.
  var learningRates: [LayerLearningRates]?

  /// K^(1) of an input of mean square one.
  var firstKernel: Double { firstLayer.biasVariance + firstLayer.weightVariance }

  var map: KernelMap { KernelMap(activation, weightVariance: weightVariance, biasVariance: biasVariance) }

  /// C_W and C_b of every layer.
  var initializations: [LayerInitialization] {
    [firstLayer]
      + Array(
        repeating: LayerInitialization(weightVariance: weightVariance, biasVariance: biasVariance), count: layers - 1)
  }

  func resolved(features: Int) -> PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(depth: layers - 1, width: width, activation: activation, outputs: outputs),
      inputs: features, layers: initializations, parametrization: .ntk)
  }

  /// K^(ℓ) of an input of mean square q with what fluctuates about it.
  func flow(meanSquaredInput: Double = 1) -> SingleInputFlow {
    SingleInputFlow(resolved(features: 1), meanSquaredInput: meanSquaredInput)
  }

  /// The tensors at order 1/n.
  ///
  /// - Throws: `FiniteWidthError`.
  func tensors(
    _ inputs: Matrix<Double> = UniformNetwork.single, extent: FiniteWidthExtent = .preactivations
  ) throws -> FiniteWidthFlow {
    let network = resolved(features: inputs.columns)
    return try FiniteWidthFlow(
      network, inputs: inputs, learningRates: learningRates ?? network.learningRates, extent: extent)
  }

  /// Var Ĝ/(E Ĝ)² of layers ℓ = 2 … L and the size of the second order in 1/n relative to the first: of homogeneous activations
  /// without biases the exact one and 0, of others both orders.
  var relativeVariances: [(value: Double, next: Double)] {
    guard biasVariance == 0, activation.slopes != nil else {
      return flow().layers.dropFirst().map(\.twoOrdersOfRelativeVariance)
    }
    return (1..<layers).map { hidden in
      let law = HomogeneousKernelLaw(activation, widths: Array(repeating: width, count: hidden))
      return (law?.relativeVariance ?? .nan, 0)
    }
  }

  /// The Gram chain on one input of mean square one.
  ///
  /// - Throws: `GramChainError`.
  func chain() throws -> GramChain { try GramChain(resolved(features: 1), inputs: Self.single) }

  /// Kernels and outputs of real networks.
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

  /// Kernel and NTK of real networks, followed from layer to layer.
  ///
  /// - Throws: `ExperimentError`.
  func tangentStatistics(
    _ inputs: Matrix<Double> = UniformNetwork.single, networks: Int, seed: UInt64, withControls: Bool = false,
    in laboratory: Laboratory
  ) throws -> TangentStatistics {
    try TangentStatisticsExperiment(
      resolved(features: inputs.columns), inputs: inputs, learningRates: learningRates
    ).run(networks: networks, seed: seed, withControls: withControls, isCancelled: { laboratory.isStopped })
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

extension UniformNetwork {
  /// - Parameter firstKernel: K^(1) of an input of mean square one; the first layer has no bias.
  init(
    _ activation: Activation, weightVariance: Double, biasVariance: Double = 0, firstKernel: Double, layers: Int,
    width: Int
  ) {
    self.init(
      activation: activation, weightVariance: weightVariance, biasVariance: biasVariance,
      firstLayer: LayerInitialization(weightVariance: firstKernel, biasVariance: 0), layers: layers, width: width)
  }

  /// At a critical point.
  init(_ point: CriticalPoint, firstKernel: Double, layers: Int, width: Int) {
    self.init(
      point.activation, weightVariance: point.weightVariance, biasVariance: point.biasVariance,
      firstKernel: firstKernel, layers: layers, width: width)
  }

  /// At the critical point of an activation, the first layer too as the point has it for inputs of mean square one; with the learning
  /// rates of its class, λ_b and λ_W as `LearningRateScaling` has them for λ̃ = 1, so that every layer adds as much to Θ: what laws
  /// of the NTK are told on.
  ///
  /// - Throws: `NoCriticalPoint`.
  static func critical(_ activation: Activation, layers: Int, width: Int, outputs: Int = 1) throws -> UniformNetwork {
    let point = try Criticality.points(of: activation).choice()
    return UniformNetwork(
      activation: activation, weightVariance: point.weightVariance, biasVariance: point.biasVariance,
      firstLayer: point.layers(count: 1, meanSquaredInput: 1)[0], layers: layers, width: width, outputs: outputs,
      learningRates: LearningRateScaling(point).factors(layerCount: layers).map {
        LayerLearningRates(bias: $0.bias, weight: $0.weight)
      })
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

extension SingleInputLayer {
  /// Var Ĝ/(E Ĝ)² to second order in 1/n, and the size of the second relative to the first.
  var twoOrdersOfRelativeVariance: (value: Double, next: Double) {
    let next = nextVariance / variance - 2 * shift / kernel
    return (relativeVariance * (1 + next), abs(next))
  }
}
