import Foundation
import OrreryNetworks
import OrreryTensors

extension LayerInitialization {
  /// κ_W of the weights, 0 where there are none.
  var excessKurtosis: Double { weightVariance > 0 ? weightDistribution.excessKurtosis : 0 }
}

extension PerceptronView {
  /// The excess kurtosis of a first-layer preactivation that its weights give it, κ_W C_W²Σx⁴/(n₀K)²: −1.2 Σx⁴/(Σx²)² for uniform
  /// weights without biases, whatever the width.
  func firstKurtosis(_ input: [Double], kernel: Double) -> Double {
    let share = layers[0].weightVariance / (Double(inputs) * kernel)
    return layers[0].excessKurtosis * input.reduce(0) { $0 + pow(share * $1 * $1, 2) }
  }

  /// The largest of any input.
  func firstKurtosis(_ inputs: Matrix<Double>, kernels: [Double]) -> Double {
    kernels.indices.map { kernels[$0] > 0 ? firstKurtosis(inputs.row($0), kernel: kernels[$0]) : 0 }
      .max { abs($0) < abs($1) } ?? 0
  }

  /// A sentence on what the law of the first weights that are not Gaussian does; nil when all are.
  ///
  /// Weights of other laws have a fourth cumulant of their own, which single neurons show: at order 1/n it shifts the means and
  /// changes what a neuron does with itself, and leaves covariances between different neurons as they are. In the first layer
  /// the order is that of 1/n₀, the features.
  ///
  /// - Parameters:
  ///   - effect: what follows "their excess kurtosis", with its full stop.
  ///   - firstLayer: the excess kurtosis of first-layer preactivations, the largest of any input; nil when not known.
  func sentenceOnWeights(_ effect: String, firstLayer: Double? = nil) -> String? {
    layers.firstIndex { $0.weightDistribution != .gaussian && $0.weightVariance > 0 }.map {
      let sentence = "The weights of layer \($0 + 1) are not Gaussian: their excess kurtosis \(effect)"
      guard let firstLayer, firstLayer != 0 else { return sentence }
      let size = (firstLayer * 1000).rounded() / 1000
      return sentence
        + " In the first layer it is a matter of the features, not of the width: it gives preactivations an excess kurtosis of "
        + "\(size), κ_W Σx⁴/(Σx²)² without biases, at any width."
    }
  }
}
