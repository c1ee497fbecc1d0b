import OrreryNetworks

/// How one parameter tensor enters kernels.
///
/// A weight tensor of fan-in n has Var W = C/n and the learning rate λ/n; of biases, gains and embeddings n is 1.
public struct ParameterScales: Hashable, Codable, Sendable {
  /// C; 0 for what starts as a constant.
  public var variance: Double
  /// λ.
  public var rate: Double

  public init(variance: Double, rate: Double) {
    self.variance = variance
    self.rate = rate
  }
}

extension ResolvedNetwork {
  /// The scales of every parameter tensor, a list for each layer, in the order of `LayerDescription.parameters(for:)`.
  ///
  /// In the NTK parametrization λ = C, and 1 for constants, which are not scaled; in the standard one every parameter moves with η itself, λ = n.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  public func parameterScales() throws -> [[ParameterScales]] {
    var scales = [[ParameterScales]](repeating: [], count: architecture.layers.count)
    for parameter in try parameters() {
      let description = parameter.description
      let variance: Double
      if description.initial == .drawn, parameter.weightNumber > 0 {
        let own = initializations[parameter.weightNumber - 1]
        variance = description.role.isBias ? own.biasVariance : own.weightVariance
      } else {
        variance = 0
      }
      let rate: Double =
        switch parametrization {
        case .ntk: description.initial == .drawn ? variance : 1
        case .standard: Double(description.fanIn)
        }
      scales[parameter.layer].append(ParameterScales(variance: variance, rate: rate))
    }
    return scales
  }
}
