import Foundation
import OrreryNetworks

/// All critical points of one activation, and which to use.
public struct CriticalityAnalysis: Sendable {
  public var activation: Activation
  /// Every place where χ_∥ = χ_⊥ = 1 with C_b ≥ 0, in order of K*, those that repel on both sides included.
  public var points: [CriticalPoint]
  /// Why there is none to build on; nil if there is one.
  public var obstruction: NoCriticalPoint?

  /// The critical point stable from the data's side.
  ///
  /// Points that attract from both sides come first (kernels of finite networks fluctuate to both sides), then those
  /// that attract from the side of K = C_b + C_W q, then the other half-stable ones; among equals the nearest in log K.
  ///
  /// - Parameter meanSquaredInput: q = |x|²/n₀ of the data.
  /// - Throws: ``NoCriticalPoint``, with the reason.
  public func choice(meanSquaredInput: Double = 1) throws(NoCriticalPoint) -> CriticalPoint {
    func rank(_ point: CriticalPoint) -> (Int, Double) {
      let start = point.biasVariance + point.weightVariance * meanSquaredInput
      guard let kernel = point.kernel, kernel > 0 else { return (0, 0) }
      let distance = start > 0 ? abs(log(start / kernel)) : .infinity
      switch point.stability {
      case .stable, .marginal: return (0, distance)
      case .attractsFromAbove: return (start >= kernel ? 1 : 2, distance)
      case .attractsFromBelow: return (start <= kernel ? 1 : 2, distance)
      case .unstable: return (3, distance)
      }
    }
    guard let best = points.filter(\.isUsable).min(by: { rank($0) < rank($1) }) else {
      throw obstruction ?? NoCriticalPoint(activation: activation, reason: .constant)
    }
    return best
  }
}

/// Finds where a deep network of a given activation is critical.
///
/// χ_∥ = χ_⊥ = 1 ⇔ ⟨σσ″⟩_K* = 0, C_W = 1/⟨σ′²⟩_K*, C_b = K* − C_W⟨σ²⟩_K* (PDLT §5.3). Besides roots K* > 0 this has
/// the limit K* → 0 where σ(0) = 0 and σ′(0) ≠ 0, with C_b = 0, C_W = 1/σ′(0)².
public enum Criticality {
  /// All critical points in the table's range of kernels, 1e-8 … 1e6 in units of 1/inputScale².
  public static func points(of activation: Activation) -> CriticalityAnalysis {
    points(of: activation, table: MomentTable(activation))
  }

  public static func points(of activation: Activation, table: MomentTable) -> CriticalityAnalysis {
    func none(_ reason: NoCriticalPoint.Reason, _ points: [CriticalPoint] = []) -> CriticalityAnalysis {
      CriticalityAnalysis(
        activation: activation, points: points,
        obstruction: NoCriticalPoint(activation: activation, reason: reason))
    }
    if activation.inputScale == 0 || activation.outputScale == 0 { return none(.constant) }
    if activation.kinks.contains(where: { $0.order == 0 }) { return none(.infiniteSlope) }
    if let point = scaleInvariant(activation) {
      return CriticalityAnalysis(activation: activation, points: [point], obstruction: nil)
    }
    guard table.moments.contains(where: { $0.squaredSlope > 0 }) else { return none(.constant) }

    var points: [CriticalPoint] = []
    if let point = atZero(activation) { points.append(point) }
    var rejected: NoCriticalPoint.Reason?
    for kernel in roots(table) {
      let moments = ActivationMoments(activation, kernel: kernel)
      let point = isolated(activation, moments)
      if point.biasVariance >= -1e-13 * kernel {
        points.append(point)
      } else {
        rejected = .negativeBiasVariance(kernel: kernel, biasVariance: point.biasVariance)
      }
    }
    if points.contains(where: \.isUsable) {
      return CriticalityAnalysis(activation: activation, points: points, obstruction: nil)
    }
    if let zero = points.first(where: { $0.kernel == 0 }) {
      return none(.unstableAtZero(coefficient: zero.exponents.a1 ?? -(zero.exponents.beta ?? 0)), points)
    }
    let positive = table.moments.contains { $0.curvature > 0 }
    return none(rejected ?? .curvatureHasOneSign(positive: positive), points)
  }

  private static func roots(_ table: MomentTable) -> [Double] {
    // ⟨σσ″⟩ is a sum of terms of size √(⟨σ²⟩⟨σ″²⟩), so that far smaller values are rounding.
    table.signChanges(
      of: \.curvature,
      noise: { 64 * Double.ulpOfOne * ($0.squaredSlope + ($0.secondMoment / $0.kernel)) })
  }

  /// Positively homogeneous σ: C_W = 1/A₂, C_b = 0, ν = 3c − 1 with c = A₄/A₂².
  private static func scaleInvariant(_ activation: Activation) -> CriticalPoint? {
    guard let slopes = activation.slopes, slopes.positive != 0 || slopes.negative != 0 else { return nil }
    let moments = ActivationMoments(activation, kernel: 1)
    let c = moments.fourthPowerOfSlope / (moments.squaredSlope * moments.squaredSlope)
    return CriticalPoint(
      activation: activation, criticalityClass: .scaleInvariant, weightVariance: 1 / moments.squaredSlope,
      biasVariance: 0, kernel: nil, stability: .marginal,
      exponents: CriticalExponents(kernel: 0, perpendicular: 0, parallel: 0, nu: 3 * c - 1, kernelCorrection: 0))
  }

  /// K* > 0: K′ − K* = Δ + a₂Δ².
  private static func isolated(_ activation: Activation, _ moments: ActivationMoments) -> CriticalPoint {
    let weight = 1 / moments.squaredSlope
    let bias = moments.kernel - weight * moments.secondMoment
    let a2 = weight * moments.curvatureOfSecondMoment / 2
    let flat = abs(a2) * moments.kernel < 1e-12
    return CriticalPoint(
      activation: activation, criticalityClass: flat ? .isolated : .halfStable, weightVariance: weight,
      biasVariance: abs(bias) < 1e-13 * moments.kernel ? 0 : bias, kernel: moments.kernel,
      stability: flat ? .marginal : (a2 < 0 ? .attractsFromAbove : .attractsFromBelow),
      exponents: CriticalExponents(
        kernel: 0, perpendicular: 0, parallel: 0, a2: a2,
        slopeOfPerpendicular: weight * moments.slopeOfSquaredSlope,
        nu: weight * weight * moments.varianceOfSquare / (moments.kernel * moments.kernel)))
  }

  /// K* = 0: σ(0) = 0 and a slope there. With slopes a_± and second derivatives s_± on the two sides of 0,
  /// ⟨σ²⟩ = A₂K + √(2/π)(a₊s₊ − a₋s₋)K^(3/2) + ½⟨σ²⟩″K².
  private static func atZero(_ activation: Activation) -> CriticalPoint? {
    let (left, right) = activation.sidesOfZero
    guard activation.vanishesAtZero, left.value == right.value else { return nil }
    let (p, q) = (right.d1 * right.d1, left.d1 * left.d1)
    let (a2, a4) = ((p + q) / 2, (p * p + q * q) / 2)
    // Rounding of f(shift) − f(shift) leaves σ′ exact, so that a vanishing slope is exactly zero or tiny.
    guard a2 > 1e-24 * pow(activation.outputScale * activation.inputScale, 2) else { return nil }
    let weight = 1 / a2
    // V/K² → (3c − 1)ℓ/3 whenever χ_∥²(K/K′)² → 1 − 2/ℓ, which holds in both classes below.
    let nu = (3 * a4 / (a2 * a2) - 1) / 3
    let beta = -(2 / Double.pi).squareRoot() * (right.d1 * right.d2 - left.d1 * left.d2) / a2
    if abs(beta) > 1e-12 * abs(activation.inputScale) {
      return CriticalPoint(
        activation: activation, criticalityClass: .kinkedCurvature, weightVariance: weight, biasVariance: 0,
        kernel: 0, stability: beta > 0 ? .stable : .unstable,
        exponents: CriticalExponents(kernel: 2, perpendicular: 2, parallel: 3, beta: beta, nu: nu))
    }
    func average(_ f: (OneSidedValues) -> Double) -> Double { (f(left) + f(right)) / 2 }
    let a1 = average { $0.d1 * $0.d3 + 0.75 * $0.d2 * $0.d2 } / a2
    let b1 = average { $0.d1 * $0.d3 + $0.d2 * $0.d2 } / a2
    let flat = abs(a1) < 1e-12 * activation.inputScale * activation.inputScale
    return CriticalPoint(
      activation: activation, criticalityClass: .powerLaw, weightVariance: weight, biasVariance: 0, kernel: 0,
      stability: flat ? .marginal : (a1 < 0 ? .stable : .unstable),
      exponents: CriticalExponents(
        kernel: 1, perpendicular: flat ? 0 : b1 / a1, parallel: 2, a1: a1, b1: b1, nu: nu,
        kernelCorrection: -1.0 / 3))
  }
}
