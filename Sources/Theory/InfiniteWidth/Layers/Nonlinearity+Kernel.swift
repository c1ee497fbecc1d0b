import OrreryAnalysis
import OrreryNetworks

/// h = σ(z) of a Gaussian z: ⟨hh⟩ = ⟨σσ⟩, Θ′ = ⟨σ′σ′⟩ Θ. Of z → γz, whatever z is: γ²K, γ²Θ.
extension Nonlinearity: KernelPropagating {
  public func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState {
    if let factor {
      return state.mappingPairs(isGaussian: state.isGaussian) { variance, mean in
        (0.0, factor * factor * variance, factor * mean)
      } pair: { _, _, pair in
        // −z is anticorrelated with nothing: both sites change sign.
        (pair.oneMinusCorrelation, pair.tangent.map { factor * factor * $0 })
      }
    }
    let dual = activation.dual
    return state.mappingPairs(isGaussian: false) { variance, _ in
      let moments = dual.single(variance: variance)
      return (variance, moments.second, moments.mean)
    } pair: { first, second, pair in
      let moments = dual.pair(
        GaussianPair(k11: first, k22: second, oneMinusCorrelation: pair.oneMinusCorrelation))
      return (moments.oneMinusCorrelation, pair.tangent.map { moments.derivative * $0 })
    }
  }

  /// γ of z → γz; nil for other functions.
  package var factor: Double? {
    guard let coefficients = activation.polynomialCoefficients, coefficients.count == 2, coefficients[0] == 0 else {
      return nil
    }
    return coefficients[1]
  }
}
