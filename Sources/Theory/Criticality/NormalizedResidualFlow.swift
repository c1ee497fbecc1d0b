import Foundation
import OrreryNetworks

/// Kernel and gradients of a residual network that normalizes before its activation, z′ = b + Wσ(LN z) + μz, at infinite width.
///
/// LN z = (z − mean)/standard deviation has unit kernel, so that every branch adds the same a = C_b + C_W⟨σ²⟩₁, and sends back the
/// same g = C_W⟨σ′²⟩₁ over the stream's size:
///
///     K′ = a + μ²K,   χ = g/K + μ².
///
/// With μ < 1 the stream saturates, K* = a/(1 − μ²) and χ* = μ² + (1 − μ²)g/a: critical where g = a, as for scale-invariant σ without
/// biases. With μ = 1 it grows as aℓ, and the mean squared Jacobian ∏χ as ℓ^ζ, ζ = g/a: a power for every C_W and C_b.
///
/// Source: D. Doshi, T. He, A. Gromov, arXiv:2111.12143. Domain: infinite width, one input; ⟨z⟩ = 0 over neurons, as in every layer of
/// Gaussian weights. At finite width the normalization fixes K of each network, and the recursions of order 1/n do not apply.
public struct NormalizedResidualFlow: Hashable, Sendable {
  /// a: what a branch adds to the kernel.
  public var drive: Double
  /// g: ∂/∂(LN z) of a branch, squared, in the mean.
  public var gradient: Double
  /// μ.
  public var skip: Double

  /// - Parameters:
  ///   - weightVariance: C_W of the branches.
  ///   - biasVariance: C_b of the branches.
  ///   - skip: μ.
  /// - Precondition: numbers are finite, variances not negative, and the branch adds something: a > 0.
  public init(_ activation: Activation, weightVariance: Double, biasVariance: Double, skip: Double) {
    let moments = ActivationMoments(activation, kernel: 1)
    drive = biasVariance + weightVariance * moments.secondMoment
    gradient = weightVariance * moments.squaredSlope
    precondition(
      drive > 0 && drive.isFinite && skip.isFinite, "The branch adds \(drive) to the kernel; it must add something.")
    self.skip = skip
  }

  /// K of the next layer.
  public func kernel(after kernel: Double) -> Double { drive + skip * skip * kernel }

  /// χ between a layer of kernel K and the next: what the mean squared Jacobian is multiplied by.
  public func susceptibility(at kernel: Double) -> Double { gradient / kernel + skip * skip }

  /// χ* at the kernel that deep networks tend to; μ² for |μ| ≥ 1, whose streams grow without end.
  public var limitOfSusceptibility: Double {
    let square = skip * skip
    return square < 1 ? square + (1 - square) * gradient / drive : square
  }

  /// ζ: the mean squared Jacobian of ℓ layers grows as ℓ^ζ where |μ| = 1.
  public var exponent: Double { gradient / drive }
}
