import OrreryNetworks

extension ResolvedPerceptron {
  /// A sentence on what the law of the first weights that are not Gaussian does; nil when all are.
  ///
  /// Weights of other laws have a fourth cumulant of their own, which single neurons show: at order 1/n it shifts the means, and leaves
  /// covariances between different neurons as they are.
  ///
  /// - Parameter effect: what follows "their excess kurtosis", with its full stop.
  func sentenceOnWeights(_ effect: String) -> String? {
    layers.firstIndex { $0.weightDistribution != .gaussian && $0.weightVariance > 0 }.map {
      "The weights of layer \($0 + 1) are not Gaussian: their excess kurtosis \(effect)"
    }
  }
}
