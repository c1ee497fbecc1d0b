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

/// A Hermite series at small kernels, where few terms do, and ``PairQuadrature`` at large ones, where the series gives way
/// to quadrature that works node by node.
struct LargeKernelIntegrator: PairIntegrator {
  let series: DualPairIntegrator
  let quadrature: PairQuadrature
  /// The K from which on quadrature is used.
  let limit: Double

  func expectation(at pair: PairKernel) -> PairExpectation {
    max(pair.first, pair.second) < limit ? series.expectation(at: pair) : quadrature.expectation(at: pair)
  }
}

extension Activation {
  /// The fastest way to this activation's expectations over pairs.
  public var pairIntegrator: any PairIntegrator {
    let dual = dual
    let base = (dual as? ScaledDual)?.base ?? dual
    if base is QuadratureDual, !isDiscontinuous { return PairQuadrature(self) }
    guard base is HermiteDual else { return DualPairIntegrator(dual) }
    // The series' terms fall as exp(−√(2j) d/√K), d the distance of the nearest pole: some hundreds do up to here.
    return LargeKernelIntegrator(
      series: DualPairIntegrator(dual), quadrature: PairQuadrature(self), limit: 30 / (inputScale * inputScale))
  }
}
