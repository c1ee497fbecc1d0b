import OrreryAnalysis
import OrreryNetworks

/// Expectations over pairs by an activation's closed form or series, where quadrature would be slower.
public struct DualPairIntegrator: PairIntegrator {
  public let dual: any DualActivation

  public init(_ dual: any DualActivation) { self.dual = dual }

  public func expectation(at pair: PairKernel) -> PairExpectation {
    let moments = dual.pair(
      GaussianPair(k11: pair.first, k22: pair.second, oneMinusCorrelation: pair.oneMinusCorrelation))
    let norms = moments.second1.squareRoot() - moments.second2.squareRoot()
    let scale = moments.second1.squareRoot() * moments.second2.squareRoot()
    return PairExpectation(
      first: moments.second1, second: moments.second2,
      halfSquaredDifference: norms * norms / 2 + scale * moments.oneMinusCorrelation, slopes: moments.derivative)
  }
}

extension Activation {
  /// The fastest way to this activation's expectations over pairs.
  public var pairIntegrator: any PairIntegrator { DualPairIntegrator(dual) }
}
