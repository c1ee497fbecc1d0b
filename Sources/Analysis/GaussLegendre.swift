import Foundation
import Synchronization

/// The Gauss–Legendre rule with n nodes: ∫₋₁¹ f(x) dx ≈ Σ wᵢ f(xᵢ), exact for polynomials of degree below 2n.
///
/// Nodes are found by Newton's method in the angle θ, x = cos θ. The polynomial comes from the recurrence for
/// differences Dₖ = Pₖ − Pₖ₋₁,
///
///     Dₖ₊₁ = (k Dₖ − (2k+1)(1 − x) Pₖ) / (k+1),     1 − x = 2 sin²(θ/2),
///
/// which keeps its relative accuracy towards x = 1, where the usual one cancels; weights are wᵢ = 2/(dPₙ/dθ)².
/// Cost: O(n²) once; rules are kept. Errors stay at a few units in the last place into the thousands of nodes.
public struct GaussLegendre: Sendable {
  /// The nodes in (−1, 1), increasing; exactly antisymmetric.
  public let nodes: [Double]
  /// The weights, positive; they add up to 2.
  public let weights: [Double]
  /// 1 + xᵢ, the distance from the left end, without cancellation.
  package let distancesFromLeft: [Double]

  private static let rules = Mutex<[Int: GaussLegendre]>([:])

  /// The rule with `count` nodes, computed at its first use.
  ///
  /// - Precondition: `count` ≥ 1.
  public static func rule(_ count: Int) -> GaussLegendre {
    precondition(count >= 1, "A Gauss–Legendre rule has at least one node; \(count) were asked for.")
    if let rule = rules.withLock({ $0[count] }) { return rule }
    let rule = GaussLegendre(count: count)
    rules.withLock { $0[count] = rule }
    return rule
  }

  private init(count n: Int) {
    var nodes = [Double](repeating: 0, count: n)
    var weights = [Double](repeating: 0, count: n)
    var distances = [Double](repeating: 1, count: n)
    for i in 0..<((n + 1) / 2) {
      // The i-th node from x = 1; for odd n the last is x = 0.
      let isMiddle = 2 * i + 1 == n
      var theta = isMiddle ? Double.pi / 2 : Self.guess(i, of: n)
      var slope = Self.legendre(n, theta).slope
      for _ in 0..<(isMiddle ? 0 : 8) {
        let step = Self.legendre(n, theta).value / slope
        theta -= step
        slope = Self.legendre(n, theta).slope
        if step.magnitude <= 0x1p-52 * theta { break }
      }
      let half = sin(theta / 2)
      let x = isMiddle ? 0 : cos(theta)
      nodes[n - 1 - i] = x
      nodes[i] = -x
      distances[i] = isMiddle ? 1 : 2 * half * half
      distances[n - 1 - i] = 1 + x
      weights[i] = 2 / (slope * slope)
      weights[n - 1 - i] = weights[i]
    }
    self.nodes = nodes
    self.weights = weights
    distancesFromLeft = distances
  }

  /// Tricomi's approximation to the i-th zero from x = 1, as an angle.
  private static func guess(_ i: Int, of n: Int) -> Double {
    let n = Double(n)
    let phi = (4 * Double(i) + 3) / (4 * n + 2) * .pi
    return phi + 1 / (8 * n * n) * (1 - 1 / n) / tan(phi)
  }

  /// Pₙ(cos θ) and its derivative with respect to θ.
  private static func legendre(_ n: Int, _ theta: Double) -> (value: Double, slope: Double) {
    let half = sin(theta / 2)
    let y = 2 * half * half
    var value = 1.0
    var difference = 0.0
    for k in 0..<n {
      let k = Double(k)
      difference = (k * difference - (2 * k + 1) * y * value) / (k + 1)
      value += difference
    }
    // (1 − x²) P′ = n (Pₙ₋₁ − x Pₙ) = n (y Pₙ − Dₙ), and dP/dθ = −sin θ P′.
    return (value, -Double(n) * (y * value - difference) / sin(theta))
  }
}
