/// The first derivatives of a Gaussian expectation in the preactivations themselves: ⟨∂_αf⟩ and ⟨∂_βf⟩ of f(z_α, z_β).
///
/// Where α = β the first is the total derivative, and the second 0.
package struct PairSlope: Sendable {
  package var first = 0.0
  package var second = 0.0
}
