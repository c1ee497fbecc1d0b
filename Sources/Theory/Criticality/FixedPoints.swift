import Foundation
import OrreryNetworks

/// Which inputs' differences survive depth, at a fixed point of the kernel.
public enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
  /// χ_⊥ < 1: all inputs become alike, gradients shrink.
  case ordered
  /// χ_⊥ = 1: differences and gradients change as powers of depth at most.
  case critical
  /// χ_⊥ > 1: close inputs separate, gradients grow.
  case chaotic
  /// The kernel grows without bound.
  case unbounded
}

/// What the kernel recursion does near a fixed point.
public enum Stability: String, Hashable, Codable, Sendable, CaseIterable {
  /// |χ_∥| < 1, or χ_∥ = 1 and both sides return.
  case stable
  /// |χ_∥| > 1, or χ_∥ = 1 and both sides leave.
  case unstable
  /// χ_∥ = 1: larger kernels return, smaller ones leave.
  case attractsFromAbove = "attracts from above"
  /// χ_∥ = 1: smaller kernels return, larger ones leave.
  case attractsFromBelow = "attracts from below"
  /// Every kernel nearby is a fixed point too.
  case marginal
}

/// A fixed point K* = C_b + C_W⟨σ²⟩ of the kernel recursion.
public struct KernelFixedPoint: Hashable, Sendable {
  /// K*.
  public var kernel: Double
  public var susceptibility: Susceptibility
  public var stability: Stability
  public var phase: Phase

  /// ξ_q = −1/ln χ_∥: layers over which K approaches K* by a factor e; infinite at χ_∥ = 1, nil where K* repels.
  public var kernelDepthScale: Double? { inverseLogarithm(of: susceptibility.parallel) }
  /// ξ_∇ = −1/ln χ_⊥: layers over which squared gradients shrink by e (negative: grow); infinite at criticality.
  public var gradientDepthScale: Double {
    susceptibility.perpendicular == 1 ? .infinity : -1 / log(susceptibility.perpendicular)
  }
}

/// −1/ln χ for 0 < χ ≤ 1, otherwise nil.
func inverseLogarithm(of susceptibility: Double) -> Double? {
  guard susceptibility > 0, susceptibility <= 1 else { return susceptibility == 0 ? 0 : nil }
  return susceptibility == 1 ? .infinity : -1 / log(susceptibility)
}

/// All fixed points of a kernel recursion in a range of K.
///
/// Source: Poole et al. 2016, Schoenholz et al. 2017; GELU at its critical point has a half-stable and a stable one.
/// Method: between the kernels where χ_∥ = 1, K′ − K is monotone, so that each stretch holds at most one root; a
/// double root shows as an extremum where K′ − K vanishes within rounding.
public struct FixedPoints: Sendable {
  /// In order of K.
  public var points: [KernelFixedPoint]
  /// Every kernel is a fixed point: scale-invariant activations at C_b = 0, C_W = 1/A₂.
  public var everyKernel: Bool
  /// Kernels at the upper end of the range grow: nothing above the highest fixed point holds them.
  public var growsAboveHighest: Bool

  public init(_ map: KernelMap) { self.init(map, table: MomentTable(map.activation)) }

  /// - Parameter table: the activation's expectations, to share between initializations.
  public init(_ map: KernelMap, table: MomentTable) {
    let (weight, bias) = (map.weightVariance, map.biasVariance)
    if map.activation.slopes != nil {
      (points, everyKernel, growsAboveHighest) = Self.homogeneous(map)
      return
    }
    func drift(_ moments: ActivationMoments) -> Double { map.next(moments) - moments.kernel }
    func noise(_ moments: ActivationMoments) -> Double {
      32 * Double.ulpOfOne * (moments.kernel + weight * moments.secondMoment + bias)
    }
    let extrema = table.signChanges(
      of: { weight * $0.slopeOfSecondMoment - 1 }, noise: { _ in 64 * Double.ulpOfOne })
    var places = table.moments.isEmpty ? [] : [table.moments[0]]
    places += extrema.map { ActivationMoments(map.activation, kernel: $0) }
    if let last = table.moments.last { places.append(last) }

    var found: [KernelFixedPoint] = []
    if bias == 0, map.activation.vanishesAtZero {
      let zero = ActivationMoments(map.activation, kernel: 0)
      let next = places.first.map(drift) ?? 0
      found.append(Self.point(zero, map, below: 1, above: next))
    }
    for (index, moments) in places.enumerated() {
      // A double root: K′ − K touches zero where χ_∥ = 1.
      if index > 0, index < places.count - 1, abs(drift(moments)) <= noise(moments) {
        let nudge = 0.01 * moments.kernel
        func side(_ kernel: Double) -> Double { drift(ActivationMoments(map.activation, kernel: kernel)) }
        found.append(
          Self.point(moments, map, below: side(moments.kernel - nudge), above: side(moments.kernel + nudge)))
      }
      guard index + 1 < places.count else { continue }
      let (low, high) = (moments, places[index + 1])
      let (before, after) = (drift(low), drift(high))
      guard abs(before) > noise(low), abs(after) > noise(high), before.sign != after.sign else { continue }
      let root = rootInBracket(from: low.kernel, to: high.kernel) {
        drift(ActivationMoments(map.activation, kernel: $0))
      }
      let values = ActivationMoments(map.activation, kernel: root)
      found.append(Self.point(values, map, below: before, above: after))
    }
    points = found.sorted { $0.kernel < $1.kernel }
    everyKernel = false
    growsAboveHighest = table.moments.last.map { drift($0) > noise($0) } ?? true
  }

  /// K′ = C_b + C_W A₂ K.
  private static func homogeneous(_ map: KernelMap) -> ([KernelFixedPoint], Bool, Bool) {
    let ratio = map.weightVariance * ActivationMoments(map.activation, kernel: 1).squaredSlope
    let critical = abs(ratio - 1) <= criticalTolerance
    if critical, map.biasVariance > 0 { return ([], false, true) }
    let kernel = map.biasVariance == 0 ? 0 : map.biasVariance / (1 - ratio)
    guard kernel >= 0 else { return ([], false, true) }
    let values = ActivationMoments(map.activation, kernel: kernel)
    var point = point(values, map, below: 1 - ratio, above: ratio - 1)
    if critical { point.stability = .marginal }
    return ([point], critical, ratio > 1 && !critical)
  }

  /// |χ_⊥ − 1| below this is called critical.
  static let criticalTolerance = 1e-9

  /// - Parameters:
  ///   - below: the sign of K′ − K somewhat below the fixed point.
  ///   - above: the same above.
  private static func point(
    _ moments: ActivationMoments, _ map: KernelMap, below: Double, above: Double
  ) -> KernelFixedPoint {
    let susceptibility = Susceptibility(moments, weightVariance: map.weightVariance)
    let stability: Stability =
      switch (below > 0, above < 0) {
      case (true, true): susceptibility.parallel < -1 ? .unstable : .stable
      case (false, true): .attractsFromAbove
      case (true, false): moments.kernel == 0 ? .unstable : .attractsFromBelow
      case (false, false): .unstable
      }
    return KernelFixedPoint(
      kernel: moments.kernel, susceptibility: susceptibility, stability: stability,
      phase: phase(of: susceptibility.perpendicular))
  }

  static func phase(of perpendicular: Double) -> Phase {
    if abs(perpendicular - 1) <= criticalTolerance { return .critical }
    return perpendicular < 1 ? .ordered : .chaotic
  }

  /// The fixed point that a network starting at this kernel flows to; nil where the kernel grows without bound, or
  /// where every kernel is fixed.
  ///
  /// Domain: K′ rises with K between the start and the fixed point, as for all monotone activations.
  public func reached(from kernel: Double, by map: KernelMap) -> KernelFixedPoint? {
    let drift = map(kernel) - kernel
    guard drift.isFinite else { return nil }
    let near = points.min { abs($0.kernel - kernel) < abs($1.kernel - kernel) }
    if let near, abs(near.kernel - kernel) <= 1e-9 * kernel { return near }
    return drift > 0 ? points.first { $0.kernel > kernel } : points.last { $0.kernel < kernel }
  }
}
