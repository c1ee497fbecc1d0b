/// A Gaussian expectation E(k_αα, k_αβ, k_ββ) = ⟨f(z_α, z_β)⟩ with its first and second derivatives in the covariances.
///
/// By Price's theorem ∂/∂k_αα = ½⟨∂_α²f⟩ and ∂/∂k_αβ = ⟨∂_α∂_βf⟩, so that to second order in a fluctuation δK
/// ½Σ⟨∂_a∂_bf⟩δK_ab + ⅛Σ⟨∂_a∂_b∂_c∂_df⟩δK_abδK_cd = ∇E·δk + ½δk·∇∇E·δk. Where α = β there is one covariance only, and all
/// derivatives but those by k_αα are 0.
package struct PairResponse: Sendable {
  package var value = 0.0
  /// ∂E/∂k_αα, ∂E/∂k_αβ, ∂E/∂k_ββ.
  package var gradient = (0.0, 0.0, 0.0)
  /// ∂²E by (αα, αα), (αα, αβ), (αα, ββ), (αβ, αβ), (αβ, ββ), (ββ, ββ).
  package var hessian = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

  package static func + (x: Self, y: Self) -> Self {
    PairResponse(
      value: x.value + y.value,
      gradient: (x.gradient.0 + y.gradient.0, x.gradient.1 + y.gradient.1, x.gradient.2 + y.gradient.2),
      hessian: (
        x.hessian.0 + y.hessian.0, x.hessian.1 + y.hessian.1, x.hessian.2 + y.hessian.2, x.hessian.3 + y.hessian.3,
        x.hessian.4 + y.hessian.4, x.hessian.5 + y.hessian.5
      ))
  }

  package static func * (a: Double, x: Self) -> Self {
    PairResponse(
      value: a * x.value, gradient: (a * x.gradient.0, a * x.gradient.1, a * x.gradient.2),
      hessian: (
        a * x.hessian.0, a * x.hessian.1, a * x.hessian.2, a * x.hessian.3, a * x.hessian.4, a * x.hessian.5
      ))
  }

  /// ∇E·δk.
  package func linear(_ aa: Double, _ ab: Double, _ bb: Double) -> Double {
    gradient.0 * aa + gradient.1 * ab + gradient.2 * bb
  }
}

/// The first derivatives of a Gaussian expectation in the preactivations themselves: ⟨∂_αf⟩ and ⟨∂_βf⟩ of f(z_α, z_β).
///
/// Where α = β the first is the total derivative, and the second 0.
package struct PairSlope: Sendable {
  package var first = 0.0
  package var second = 0.0
}
