import Foundation
import OrreryNetworks

/// The correlation c* that two inputs of the same norm tend to at a fixed point of the kernel, and how fast.
///
/// Source: Poole et al. 2016, Schoenholz et al. 2017. Ordered (χ_⊥ ≤ 1): c* = 1, χ_c = χ_⊥. Chaotic (χ_⊥ > 1):
/// c* = (C_b + C_W⟨σ₁σ₂⟩)/K* < 1, χ_c = C_W⟨σ′₁σ′₂⟩ there.
public struct CorrelationFixedPoint: Hashable, Sendable {
  /// c*.
  public var correlation: Double
  /// χ_c.
  public var susceptibility: Double
  /// ξ_c = −1/ln χ_c: layers over which c approaches c* by a factor e; infinite at criticality.
  public var depthScale: Double? { inverseLogarithm(of: susceptibility) }

  /// - Parameters:
  ///   - point: a fixed point of `map`.
  ///   - integrator: expectations over pairs; the activation's dual if not given.
  public init(at point: KernelFixedPoint, of map: KernelMap, integrator: (any PairIntegrator)? = nil) {
    correlation = 1
    susceptibility = point.susceptibility.perpendicular
    guard point.phase == .chaotic, point.kernel > 0 else { return }
    let integrator = integrator ?? map.activation.pairIntegrator
    let (weight, bias, kernel) = (map.weightVariance, map.biasVariance, point.kernel)
    func pair(_ gap: Double) -> PairExpectation {
      integrator.expectation(at: PairKernel(first: kernel, second: kernel, oneMinusCorrelation: gap))
    }
    /// (1 − c)′ − (1 − c): positive near c = 1, where differences grow.
    func drift(_ gap: Double) -> Double {
      pair(gap).next(weightVariance: weight, biasVariance: bias).oneMinusCorrelation - gap
    }
    var last = 1e-8
    for gap in [1e-6, 1e-4, 1e-3, 1e-2, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2] {
      if drift(gap) < 0 {
        let root = rootInBracket(from: last, to: gap, drift)
        correlation = 1 - root
        susceptibility = weight * pair(root).slopes
        return
      }
      last = gap
    }
    // With C_b = 0 and an odd σ, c = 0 itself is the fixed point.
    correlation = 0
    susceptibility = weight * pair(1).slopes
  }
}
