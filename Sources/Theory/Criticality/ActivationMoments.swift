import Foundation
import OrreryNetworks

/// Gaussian expectations of one activation over one preactivation z ~ N(0, K): everything that single-input theory
/// needs, from one set of nodes.
///
/// ```swift
/// let moments = ActivationMoments(Activation(.gelu), kernel: 1)
/// let kernel = 0.1 + 2 * moments.secondMoment   // K' = C_b + C_W ⟨σ²⟩
/// ```
///
/// Derivatives with respect to K are expectations of derivatives, d⟨f⟩/dK = ½⟨f″⟩; at a kink the jumps of f and f′ add
/// their own exact terms (f″ ∋ [f′]δ + [f]δ′). So nothing cancels at small K, where the equivalent Stein weights
/// (½K⁻²)⟨f(z² − K)⟩ lose digits as 1/K². Positively homogeneous activations are exact; K = 0 is the limit.
///
/// Source: PDLT §4–5. Domain: K ≥ 0 for which the expectations are finite.
public struct ActivationMoments: Hashable, Sendable {
  /// K.
  public var kernel: Double
  /// ⟨σ⟩.
  public var mean: Double
  /// m = ⟨σ²⟩.
  public var secondMoment: Double
  /// ⟨σ⁴⟩.
  public var fourthMoment: Double
  /// ⟨σ⁶⟩.
  public var sixthMoment: Double
  /// ⟨σ′²⟩; infinite where σ itself jumps.
  public var squaredSlope: Double
  /// ⟨σ′⁴⟩.
  public var fourthPowerOfSlope: Double
  /// ⟨σσ″⟩ = dm/dK − ⟨σ′²⟩, kinks included.
  public var curvature: Double
  /// dm/dK.
  public var slopeOfSecondMoment: Double
  /// d²m/dK² = ¼⟨∂⁴σ²⟩.
  public var curvatureOfSecondMoment: Double
  /// K³ d³m/dK³, to about 1e-13 of m.
  public var scaledThirdDerivative: Double
  /// K⁴ d⁴m/dK⁴, to about 1e-12 of m.
  public var scaledFourthDerivative: Double
  /// d⟨σ′²⟩/dK.
  public var slopeOfSquaredSlope: Double
  /// c₂ = ⟨σ⁴⟩ − ⟨σ²⟩², without cancellation.
  public var varianceOfSquare: Double
  /// dc₂/dK.
  public var slopeOfVarianceOfSquare: Double
  /// K² d²c₂/dK², to about 1e-13 of c₂ + m².
  public var scaledCurvatureOfVarianceOfSquare: Double
  /// c₃ = ⟨(σ² − m)³⟩ = ⟨σ⁶⟩ − 3⟨σ⁴⟩⟨σ²⟩ + 2⟨σ²⟩³.
  public var thirdCumulantOfSquare: Double
  /// A bound on the relative error of m, ⟨σ′²⟩ and the others against the integral of the integrand's magnitude.
  public var relativeError: Double

  /// - Precondition: K ≥ 0.
  public init(_ activation: Activation, kernel: Double) {
    precondition(kernel >= 0, "A kernel of one input is not negative.")
    if let slopes = activation.slopes {
      self.init(positive: slopes.positive, negative: slopes.negative, kernel: kernel)
    } else if kernel == 0 {
      self.init(atZeroOf: activation)
    } else {
      self.init(integrating: activation, kernel: kernel)
    }
  }

  init(unset kernel: Double) {
    self.kernel = kernel
    mean = 0
    secondMoment = 0
    fourthMoment = 0
    sixthMoment = 0
    squaredSlope = 0
    fourthPowerOfSlope = 0
    curvature = 0
    slopeOfSecondMoment = 0
    curvatureOfSecondMoment = 0
    scaledThirdDerivative = 0
    scaledFourthDerivative = 0
    slopeOfSquaredSlope = 0
    varianceOfSquare = 0
    slopeOfVarianceOfSquare = 0
    scaledCurvatureOfVarianceOfSquare = 0
    thirdCumulantOfSquare = 0
    relativeError = 0
  }

  /// Whether the kernel recursion can go on: m and its slope are finite.
  public var isFinite: Bool { secondMoment.isFinite && slopeOfSecondMoment.isFinite }
}
