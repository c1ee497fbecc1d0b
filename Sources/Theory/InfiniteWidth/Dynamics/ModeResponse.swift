/// Where training has come, mode by mode of the tangent kernel of the training samples.
///
/// With Θ = Σ_a λ_a v_a v_aᵀ and the residual ε = f − y: v_aᵀε = p_a v_aᵀε(0), and on a test sample
/// f_* = f_*(0) − Θ_{*X} Σ_a q_a v_a v_aᵀε(0) with q_a = (1 − p_a)/λ_a. Modes of λ = 0 stay: p = 1, q = 0.
public struct ModeResponse: Hashable, Sendable {
  /// p_a, in the order of ascending λ.
  public var residuals: [Double]
  /// q_a.
  public var transfers: [Double]

  /// Before training: p = 1, q = 0.
  public init(initial modes: Int) {
    residuals = Array(repeating: 1, count: modes)
    transfers = Array(repeating: 0, count: modes)
  }

  init(residuals: [Double], transfers: [Double]) {
    self.residuals = residuals
    self.transfers = transfers
  }
}
