/// λ_b and λ_W of one layer: gradient descent moves its biases with η λ_b and its weights with η λ_W/fan-in.
public struct LayerLearningRates: Hashable, Codable, Sendable {
  public var bias: Double
  public var weight: Double

  public init(bias: Double, weight: Double) {
    self.bias = bias
    self.weight = weight
  }
}

extension Parametrization {
  /// λ_b and λ_W of each layer.
  ///
  /// In the NTK's, parameters are drawn with unit variance and scaled, which is λ_b = C_b and λ_W = C_W; in the standard one each
  /// parameter moves with η itself, λ_b = 1 and λ_W/fan-in = 1.
  public func learningRates(_ layers: [LayerInitialization], fanIns: [Int]) -> [LayerLearningRates] {
    zip(layers, fanIns).map { layer, fanIn in
      switch self {
      case .ntk: LayerLearningRates(bias: layer.biasVariance, weight: layer.weightVariance)
      case .standard: LayerLearningRates(bias: 1, weight: Double(fanIn))
      }
    }
  }
}

extension PerceptronView {
  /// λ_b and λ_W of each layer in its parametrization.
  public var learningRates: [LayerLearningRates] { parametrization.learningRates(layers, fanIns: fanIns) }
}
