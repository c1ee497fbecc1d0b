import OrreryNetworks

/// The convention of a squared-error loss as one number: L = (h/2) Σ (z − y)² over samples and outputs, so that
/// ∂L/∂z = h (z − y), with N samples
///
/// | loss | h |
/// |---|---|
/// | ½ Σ (z − y)² | 1 |
/// | Σ (z − y)² | 2 |
/// | ½ mean over samples | 1/N |
/// | mean over samples | 2/N |
public struct SquaredErrorScale: Hashable, Sendable {
  /// h.
  public var curvature: Double

  public init(curvature: Double) { self.curvature = curvature }

  /// - Parameter samples: N ≥ 1.
  /// - Throws: ``DynamicsError/notSquaredError(loss:)`` for any other loss.
  public init(_ loss: Loss, samples: Int) throws {
    guard case .meanSquaredError(let reduction, let half) = loss else {
      throw DynamicsError.notSquaredError(loss: loss.name)
    }
    curvature = (half ? 1 : 2) / (reduction == .mean ? Double(max(1, samples)) : 1)
  }

  /// The loss of a sum of squared residuals.
  public func loss(sumOfSquares: Double) -> Double { curvature / 2 * sumOfSquares }
}
