import OrreryNetworks
import OrreryTheory

extension Forecast {
  /// A fixed point of the hidden layers' kernel recursion: where depth leads, and over how many layers.
  public struct FixedPoint: Hashable, Codable, Sendable {
    /// K*.
    public var kernel: Double
    /// χ_∥ and χ_⊥ there.
    public var parallelSusceptibility: Double
    public var perpendicularSusceptibility: Double
    /// "stable", "unstable", "attracts from above", …
    public var stability: String
    /// "ordered", "critical" or "chaotic".
    public var phase: String
    /// ξ_q = −1/ln χ_∥, layers; nil where K* repels, or where the approach is a power of depth.
    public var kernelDepthScale: Double?
    /// c*, which two inputs' correlation tends to; nil where it does not exist.
    public var correlation: Double?
    /// ξ_c = −1/ln χ_c, layers; nil at criticality.
    public var correlationDepthScale: Double?
    /// ξ_∇ = −1/ln χ_⊥, layers over which squared gradients shrink (negative: grow) by e; nil at criticality.
    public var gradientDepthScale: Double?
    /// Whether the study's own inputs lead here.
    public var isReached: Bool
  }
}

extension Forecast.FixedPoint {
  /// All fixed points for the numbers of a network's last layer, in order of K*.
  ///
  /// - Parameter meanSquaredInput: q, from which the study's own kernel starts.
  static func all(of network: PerceptronView, meanSquaredInput: Double) -> [Forecast.FixedPoint] {
    guard network.architecture.depth > 0, let last = network.layers.last, let first = network.layers.first else {
      return []
    }
    let map = KernelMap(network.architecture.activation, last)
    let points = FixedPoints(map)
    let reached = points.reached(from: first.biasVariance + first.weightVariance * meanSquaredInput, by: map)
    return points.points.map { point in
      let isUsable = !map.activation.isDiscontinuous && point.phase != .unbounded
      let pair = isUsable ? CorrelationFixedPoint(at: point, of: map) : nil
      // At criticality χ is 1 to rounding only.
      func finite(_ scale: Double?) -> Double? { scale.flatMap { abs($0) < 1e9 ? $0 : nil } }
      return Self(
        kernel: point.kernel, parallelSusceptibility: point.susceptibility.parallel,
        perpendicularSusceptibility: point.susceptibility.perpendicular, stability: point.stability.rawValue,
        phase: point.phase.rawValue, kernelDepthScale: finite(point.kernelDepthScale), correlation: pair?.correlation,
        correlationDepthScale: finite(pair?.depthScale), gradientDepthScale: finite(point.gradientDepthScale),
        isReached: point == reached)
    }
  }
}
