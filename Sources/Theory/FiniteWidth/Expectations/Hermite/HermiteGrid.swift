import Foundation

/// Nodes u of the trapezoid rule on the line, and the weighted Hermite functions on them.
///
/// For f analytic in a strip, or entire of Gaussian type, the rule's error for the coefficient ⟨f He_n⟩ falls exponentially in
/// 1/step: the step is 2π over twice the highest frequency of He_n e^(−u²/2)f that is above e^(−36).
///
/// `HermiteSeries` finds its nodes by refining until the coefficients of one function stay. Here some thirty products of the same
/// derivatives are expanded at once, at every input and on planes: one grid, known beforehand from the activation's bandwidth, lets all of
/// them share its values and be one matrix product.
struct HermiteGrid: Sendable {
  let nodes: [Double]
  /// The Gaussian probability of each node.
  let weights: [Double]
  /// weight · He_n(u)/√n!, shape (degree + 1, nodes).
  let weightedPolynomials: [Double]
  let degree: Int

  /// Beyond it e^(−u²/4) is 1e-17: what He_n e^(−u²/2) is, at most, times the square root of the weight.
  private static let halfWidth = 12.6

  /// - Parameters:
  ///   - bandwidth: the frequency in u above which the integrand's transform is below e^(−36).
  ///   - degree: the highest Hermite coefficient that is wanted.
  ///   - peak: where |f|e^(−u²/4) is largest for the fastest growing f that is expanded; 0 for what grows no faster than σ³
  ///     of |σ| ~ |z|.
  init(bandwidth: Double, degree: Int, peak: Double = 0) {
    self.degree = degree
    let width = Self.halfWidth + peak
    // He_n e^(−u²/4) has frequencies to √n, e^(−u²/4) to √36.
    let highest = bandwidth + Double(degree).squareRoot() + 6
    let half = max(48, Int((width * highest / Double.pi).rounded(.up)))
    let step = width / Double(half)
    let count = 2 * half + 1
    nodes = (0..<count).map { Double($0 - half) * step }
    weights = nodes.map { step * exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot() }
    var table = [Double](repeating: 0, count: (degree + 1) * count)
    for j in 0..<count {
      var (previous, current) = (0.0, weights[j])
      table[j] = current
      for n in 0..<degree {
        let next = (nodes[j] * current - Double(n).squareRoot() * previous) / Double(n + 1).squareRoot()
        (previous, current) = (current, next)
        table[(n + 1) * count + j] = current
      }
    }
    weightedPolynomials = table
  }
}
