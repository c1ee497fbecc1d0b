import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory

/// Networks for the chain's tests.
enum ChainNetworks {
  /// Every dense layer with the same variances.
  static func network(
    _ function: ActivationFunction, widths: [Int], inputs: Int = 3, weight: Double, bias: Double = 0, outputs: Int = 1
  ) -> PerceptronView {
    let architecture = MultilayerPerceptron(widths: widths, activation: Activation(function), outputs: outputs)
    let layer = LayerInitialization(weightVariance: weight, biasVariance: bias)
    return PerceptronView(
      architecture: architecture, inputs: inputs, layers: Array(repeating: layer, count: architecture.layerCount),
      parametrization: .ntk)
  }

  /// Rows of standard normals.
  static func inputs(_ samples: Int, features: Int = 3, seed: UInt64 = 5) -> Matrix<Double> {
    var random = SplitMix(seed: seed)
    return Matrix(rows: samples, columns: features, elements: random.normals(samples * features))
  }

  /// K^(1) on a single input.
  static func single(_ kernel: Double) -> Matrix<Double> { Matrix(rows: 1, columns: 1, elements: [kernel]) }
}
