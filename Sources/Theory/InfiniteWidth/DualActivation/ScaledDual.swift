import OrreryAnalysis
import OrreryFindings

/// σ(z) = A f(βz) + B, given the dual of f.
///
/// The input scale multiplies K by β² and leaves 1 − c alone; the output shift needs the mean:
/// ⟨σ₁σ₂⟩ = A²⟨f₁f₂⟩ + AB(⟨f₁⟩ + ⟨f₂⟩) + B², and leaves the distance ⟨(σ₁ − σ₂)²⟩ alone, from which v follows.
public struct ScaledDual: DualActivation {
  public let base: any DualActivation
  public let inputScale: Double
  public let outputScale: Double
  public let outputShift: Double

  public init(_ base: any DualActivation, inputScale: Double = 1, outputScale: Double = 1, outputShift: Double = 0) {
    self.base = base
    self.inputScale = inputScale
    self.outputScale = outputScale
    self.outputShift = outputShift
  }

  public var source: Source { base.source }

  public func single(variance: Double) -> SingleMoments {
    let f = base.single(variance: inputScale * inputScale * variance)
    return SingleMoments(
      mean: outputScale * f.mean + outputShift, second: second(f),
      derivativeSecond: slopeFactor * f.derivativeSecond, errorBound: f.errorBound)
  }

  public func pair(_ pair: GaussianPair) -> PairMoments {
    let scaled = pair.scaled(by: inputScale)
    let f = base.pair(scaled)
    var v = f.oneMinusCorrelation
    let square = outputScale * outputScale
    var (second1, second2) = (square * f.second1, square * f.second2)
    if outputShift != 0 {
      let difference = f.second1.squareRoot() - f.second2.squareRoot()
      let norm = f.second1.squareRoot() * f.second2.squareRoot()
      let distance = square * (difference * difference + 2 * norm * v)
      second1 = second(base.single(variance: scaled.k11))
      second2 = second(base.single(variance: scaled.k22))
      v = OrreryTheory.oneMinusCorrelation(squaredDistance: distance, second1: second1, second2: second2)
    }
    return PairMoments(
      second1: second1, second2: second2, oneMinusCorrelation: v, derivative: slopeFactor * f.derivative,
      errorBound: f.errorBound)
  }

  private var slopeFactor: Double { outputScale * outputScale * inputScale * inputScale }

  /// ⟨(Af + B)²⟩ as (A⟨f⟩ + B)² + A²(⟨f²⟩ − ⟨f⟩²).
  private func second(_ f: SingleMoments) -> Double {
    if outputShift == 0 { return outputScale * outputScale * f.second }
    let mean = outputScale * f.mean + outputShift
    return mean * mean + outputScale * outputScale * Swift.max(0, f.second - f.mean * f.mean)
  }
}
