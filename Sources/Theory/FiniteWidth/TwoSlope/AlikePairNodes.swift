import Foundation
import OrreryAnalysis

/// Nodes over the angle of two unit Gaussian variables of correlation cos θ, for expectations of what is homogeneous in them.
///
/// With ẑ₁ = R cos t, ẑ₂ = R cos(t − θ), an integrand of degree p is R^p times a function of t, ⟨R²⟩ = 2 and ⟨R⁴⟩ = 8, and for two
/// slopes that function is a trigonometric polynomial between the zeros of ẑ₁ and ẑ₂. σ₁ − σ₂ is computed as such, not as a
/// difference, so that its powers keep their digits however alike the two are.
struct AlikePairNodes: Sendable {
  struct Node: Sendable {
    /// Adds up to 1.
    var weight: Double
    /// σ(ẑ₁)/R and σ(ẑ₂)/R.
    var first: Double
    var second: Double
    /// (σ(ẑ₁) − σ(ẑ₂))/R.
    var difference: Double
    /// σ′₁σ′₂.
    var slopes: Double
  }

  let nodes: [Node]

  init(positive: Double, negative: Double, _ pair: CorrelatedPair) {
    let angle =
      pair.minus <= 1 ? 2 * asin((pair.minus / 2).squareRoot()) : .pi - 2 * asin((pair.plus / 2).squareRoot())
    // Degree 4 over half a turn, to rounding.
    let rule = GaussLegendre.rule(20)
    var nodes: [Node] = []
    nodes.reserveCapacity(4 * rule.nodes.count)
    for (x, w) in zip(rule.nodes, rule.weights) {
      // Both of one sign: t from θ/2, to either side by up to (π − θ)/2.
      let half = (.pi - angle) / 2
      let t = half * x
      let (first, second) = (cos(t + angle / 2), cos(t - angle / 2))
      let difference = -2 * sin(t) * sin(angle / 2)
      for slope in [positive, -negative] {
        nodes.append(
          Node(
            weight: w * half / (2 * .pi), first: slope * first, second: slope * second,
            difference: slope * difference, slopes: slope * slope))
      }
      // Of opposite signs: ẑ₁ = ∓sin t, ẑ₂ = ±sin(θ − t).
      let u = angle / 2 * (1 + x)
      let (low, high) = (sin(u), sin(angle - u))
      for (first, second) in [(-negative * low, positive * high), (positive * low, -negative * high)] {
        nodes.append(
          Node(
            weight: w * angle / (4 * .pi), first: first, second: second, difference: first - second,
            slopes: positive * negative))
      }
    }
    self.nodes = nodes
  }
}
