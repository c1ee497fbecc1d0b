import OrreryNetworks
import OrreryTensors

/// The largest learning rate at which an optimizer is stable at one point of a given network's loss.
///
/// Beside a point the loss is L + gᵀδ + ½ δᵀHδ, and a component of δ along an eigenvector of H of eigenvalue λ follows the recursion of
/// ``DescentRule`` by itself: it grows when η passes 2/λ for gradient descent, 2(1 + β)/λ for heavy ball. The largest λ, the sharpness,
/// sets the threshold (J. Cohen et al. 2021, arXiv:2103.00065).
///
/// **Domain.** Exact for a quadratic loss. Elsewhere it is of steps that are small beside the scale on which H changes: above the
/// threshold the loss rises along the first eigenvector until its third and fourth derivatives act, by which training may go on at
/// another place. Gradients of the whole training set; a batch of part of it adds noise that this does not see.
///
/// **Error.** λ is the Rayleigh quotient vᵀHv of a unit vector, from below, and the residual r = ‖Hv − λv‖ is measured: an eigenvalue
/// lies within r of λ, and the start of the Lanczos process is random, so that it is the largest one but for starts orthogonal to its
/// eigenvector. The threshold then lies between those of λ + r and λ.
public struct CurvatureThreshold: Hashable, Codable, Sendable {
  /// λ, in units of the loss by those of the optimizer's own parameters, squared.
  public let sharpness: Double
  /// r, of the sharpness.
  public let residual: Double
  /// η; nil where every rate is stable: without positive curvature, and for gradient flow.
  public let largestStableRate: Double?
  /// By how much the threshold of λ + r lies below; nil with the rate.
  public let rateError: Double?
}

extension DescentRule {
  /// The largest stable learning rate where a landscape is now; of the network itself before it has been moved.
  ///
  /// - Parameters:
  ///   - tolerance: the residual at which the Lanczos process ends, relative to the sharpness.
  ///   - mostProducts: with the Hessian, before it ends without; the residual says how far it came.
  ///   - seed: of its first vector.
  /// - Throws: ``DynamicsError/badNumber(name:value:)`` where products are not finite; what the landscape throws.
  public func threshold<Scalar: TensorScalar>(
    on landscape: any LossLandscape<Scalar>, tolerance: Double = 1e-3, mostProducts: Int = 60, seed: UInt64 = 1
  ) throws -> CurvatureThreshold {
    let hessian = HessianOperator(landscape)
    let found = LargestEigenpairs(hessian, seed: seed).run(1, tolerance: tolerance, mostSteps: mostProducts)
    if let failure = hessian.failure { throw failure }
    let (sharpness, residual) = (found.values[0], found.residuals[0])
    guard sharpness.isFinite, residual.isFinite else {
      throw DynamicsError.badNumber(name: "sharpness", value: .nan)
    }
    let rate = largestStableRate(curvature: sharpness)
    return CurvatureThreshold(
      sharpness: sharpness, residual: residual, largestStableRate: rate.isFinite ? rate : nil,
      rateError: rate.isFinite ? rate - largestStableRate(curvature: sharpness + residual) : nil)
  }
}

/// A landscape's Hessian as an operator. One that cannot be had yields numbers that are none, which end the Lanczos process.
private final class HessianOperator<Scalar: TensorScalar>: SymmetricOperator {
  let landscape: any LossLandscape<Scalar>
  let count: Int
  private(set) var failure: (any Error)?

  init(_ landscape: any LossLandscape<Scalar>) {
    self.landscape = landscape
    count = landscape.count
  }

  func apply(_ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>) {
    do {
      let product = try landscape.hessianProduct(Array(UnsafeBufferPointer(start: x, count: count)))
      product.withUnsafeBufferPointer { y.update(from: $0.baseAddress!, count: count) }
    } catch {
      failure = error
      y.update(repeating: .nan, count: count)
    }
  }
}
