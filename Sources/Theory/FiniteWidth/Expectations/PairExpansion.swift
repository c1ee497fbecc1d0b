/// A function of the covariance of two preactivations with its first and second derivatives:
/// f(K + δK) = f + Σ_a f_a δk_a + ½ Σ_ab f_ab δk_a δk_b with k₁₁, k₁₂ and k₂₂ independent.
///
/// Of a Gaussian expectation f = ⟨F(z₁, z₂)⟩ the derivatives are, by Price's theorem, ∂/∂k_aa = ½⟨∂_a²F⟩ and ∂/∂k₁₂ = ⟨∂₁∂₂F⟩. Where
/// both are one input there is one variance only, k₁₁, and all derivatives but those by it are 0.
///
/// Source: R. Price, IRE Trans. Inf. Theory 4 (1958) 69.
public struct PairExpansion: Hashable, Sendable {
  public var value: Double
  /// ∂f/∂k₁₁, ∂f/∂k₁₂, ∂f/∂k₂₂.
  public var gradient: (d11: Double, d12: Double, d22: Double) { (g11, g12, g22) }
  package var g11 = 0.0
  package var g12 = 0.0
  package var g22 = 0.0
  /// ∂²f/∂k₁₁², ∂²f/∂k₁₁∂k₁₂, ∂²f/∂k₁₁∂k₂₂, ∂²f/∂k₁₂², ∂²f/∂k₁₂∂k₂₂, ∂²f/∂k₂₂².
  public var hessian: (d1111: Double, d1112: Double, d1122: Double, d1212: Double, d1222: Double, d2222: Double) {
    (h1111, h1112, h1122, h1212, h1222, h2222)
  }
  package var h1111 = 0.0
  package var h1112 = 0.0
  package var h1122 = 0.0
  package var h1212 = 0.0
  package var h1222 = 0.0
  package var h2222 = 0.0

  package init(value: Double) { self.value = value }

  /// A function of one variance, f(k₁₁).
  package init(value: Double, first: Double, second: Double) {
    self.value = value
    g11 = first
    h1111 = second
  }

  package static func + (x: Self, y: Self) -> Self {
    var sum = PairExpansion(value: x.value + y.value)
    (sum.g11, sum.g12, sum.g22) = (x.g11 + y.g11, x.g12 + y.g12, x.g22 + y.g22)
    (sum.h1111, sum.h1112, sum.h1122) = (x.h1111 + y.h1111, x.h1112 + y.h1112, x.h1122 + y.h1122)
    (sum.h1212, sum.h1222, sum.h2222) = (x.h1212 + y.h1212, x.h1222 + y.h1222, x.h2222 + y.h2222)
    return sum
  }

  package static func * (a: Double, x: Self) -> Self {
    var product = PairExpansion(value: a * x.value)
    (product.g11, product.g12, product.g22) = (a * x.g11, a * x.g12, a * x.g22)
    (product.h1111, product.h1112, product.h1122) = (a * x.h1111, a * x.h1112, a * x.h1122)
    (product.h1212, product.h1222, product.h2222) = (a * x.h1212, a * x.h1222, a * x.h2222)
    return product
  }

  /// Σ_a f_a δk_a.
  package func linear(_ d11: Double, _ d12: Double, _ d22: Double) -> Double { g11 * d11 + g12 * d12 + g22 * d22 }
}
