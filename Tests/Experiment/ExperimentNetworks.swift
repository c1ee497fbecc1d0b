import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport

/// Networks for the tests of Experiment.
enum ExperimentNetworks {
  static func network(
    _ function: ActivationFunction, widths: [Int], inputs: Int = 3, weight: Double, bias: Double = 0, outputs: Int = 1,
    distribution: WeightDistribution = .gaussian
  ) -> PerceptronView {
    let architecture = MultilayerPerceptron(widths: widths, activation: Activation(function), outputs: outputs)
    let layer = LayerInitialization(
      weightVariance: weight, biasVariance: bias, weightDistribution: distribution, biasDistribution: distribution)
    return PerceptronView(
      architecture: architecture, inputs: inputs, layers: Array(repeating: layer, count: architecture.layerCount),
      parametrization: .ntk)
  }

  /// Rows of standard normals.
  static func inputs(_ samples: Int, features: Int = 3, seed: UInt64 = 5) -> Matrix<Double> {
    var random = SplitMix(seed: seed)
    return Matrix(rows: samples, columns: features, elements: random.normals(samples * features))
  }

  /// The weights that are drawn, seen through a network of one layer with one input of 1: z_i = W_i1.
  static func weights(
    _ distribution: WeightDistribution, variance: Double, count: Int, networks: Int,
    precision: Precision = .float64
  ) throws -> Tensor<Double> {
    let network = network(
      .linear, widths: [], inputs: 1, weight: variance, outputs: count, distribution: distribution)
    let experiment = try InitializationExperiment(network, inputs: Matrix([[1]]))
    return try experiment.run(networks: networks, seed: 31, options: .init(precision: precision)).outputTensor
  }
}
