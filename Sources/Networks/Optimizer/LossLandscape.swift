import OrreryTensors

/// The loss of one given network on one data set as a function of its parameters, with its derivatives up to the third.
///
/// Theory asks it for what central flows, linearizations and curvature thresholds are made of; Experiment implements it, by running
/// the network, and Studies hands it over. It knows a network at its weights and nothing of any training.
///
/// A point is a displacement δ from the given weights w₀, in the units of the optimizer's own parameters ω: w = w₀ + U δ with U
/// diagonal, so that a step of gradient descent at the learning rate η is δ ← δ − η ∇L(δ), with whatever units and multipliers of the
/// rate single tensors have. All derivatives are with respect to δ.
///
/// ```swift
/// let g = landscape.gradient()                            // ∇L
/// let Hg = try landscape.hessianProduct(g)                // ∇²L g
/// let slope = try landscape.thirdDerivative(v, v)         // ∇³L[v, v]: the gradient of vᵀ∇²L v
/// ```
///
/// One thread at a time.
public protocol LossLandscape<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar

  /// The number of parameters, P.
  var count: Int { get }

  /// Goes to a point; the first is 0, the given weights.
  ///
  /// - Parameter displacement: δ, P numbers.
  func move(to displacement: [Scalar])

  /// L, in the loss's own convention of ½, sum and mean.
  func value() -> Double

  /// ∇L, P numbers.
  func gradient() -> [Scalar]

  /// ∇²L v, P numbers.
  ///
  /// - Throws: where that derivative does not exist.
  func hessianProduct(_ v: [Scalar]) throws -> [Scalar]

  /// ∇³L[u, v] = Σ_jk ∂³L/∂δ_i∂δ_j∂δ_k u_j v_k, P numbers; symmetric in u and v.
  ///
  /// - Throws: where that derivative does not exist.
  func thirdDerivative(_ u: [Scalar], _ v: [Scalar]) throws -> [Scalar]
}
