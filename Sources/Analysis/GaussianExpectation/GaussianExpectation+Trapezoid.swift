import Foundation

extension GaussianExpectation {
  /// The trapezoid rule in t, z = s sinh t, on |z| ≤ R√K; the step is halved, and all earlier nodes serve again.
  static func trapezoid(
    variance: Double, components: Int, scale: Double, tolerance: Tolerance, _ integrand: BatchIntegrand
  ) -> [Estimate] {
    let deviation = variance.squareRoot()
    var halfWidth = initialHalfWidth
    while true {
      let grid = SinhGrid(deviation: deviation, scale: scale, halfWidth: halfWidth)
      var sums = WeightedSums(components: components)
      var batch = NodeBatch()
      grid.appendNodes(to: &batch, level: 0)
      let edge = batch.evaluate(components: components, integrand) { values in
        batch.weights.withUnsafeBufferPointer { weights in
          batch.exponents.withUnsafeBufferPointer { sums.add(values, weights: weights, exponents: $0) }
        }
        return largestEdgeShare(values, batch.weights, sums)
      }
      // An integrand that grows (an exponential, a high power) still counts at the ends: widen.
      if edge > 1e-18, halfWidth < largestHalfWidth {
        halfWidth = min(1.4 * halfWidth, largestHalfWidth)
        continue
      }
      var history = RefinementHistory(components: components)
      history.record(sums)
      var level = 0
      while level < SinhGrid.firstTrustedLevel || !history.isConverged(tolerance), !history.isHopeless,
        grid.count(level: level + 1) <= evaluationLimit
      {
        level += 1
        sums.scale(by: 0.5)
        batch.removeAll()
        grid.appendNodes(to: &batch, level: level)
        batch.add(to: &sums, integrand)
        history.record(sums)
      }
      let isCut = edge > 1e-18
      return history.estimates.enumerated().map { component, estimate in
        isCut ? cutEstimate(estimate, edge: edge, magnitude: sums.magnitudes[component]) : estimate
      }
    }
  }

  /// The largest share of Σ |w f| that the outermost nodes have, over all components.
  private static func largestEdgeShare(
    _ values: UnsafeBufferPointer<Double>, _ weights: [Double], _ sums: WeightedSums
  ) -> Double {
    let count = weights.count
    var share = 0.0
    for component in 0..<sums.components where sums.magnitudes[component] > 0 {
      for i in [0, count - 1] {
        let term = (weights[i] * values[component * count + i]).magnitude
        if !term.isFinite { return .infinity }
        share = max(share, term / sums.magnitudes[component])
      }
    }
    return share
  }

  /// What is known of an expectation whose integrand has not decayed where Gaussian weights end: when the ends carry
  /// a thousandth of it, it may as well diverge.
  static func cutEstimate(_ estimate: Estimate, edge: Double, magnitude: Double) -> Estimate {
    Estimate(value: estimate.value, error: edge <= 1e-3 ? estimate.error + 100 * edge * magnitude : .infinity)
  }

  /// Nodes at t = i h, z = s sinh t, symmetric about 0 and ending at z = ±R√K.
  private struct SinhGrid {
    /// Steps from 0 to the end at level 0: coarse, since what it takes to judge the convergence is cheap there. The
    /// Gaussian itself is integrated to rounding from the second refinement on.
    static let initialSteps = 5
    /// No convergence is believed before this level: 81 nodes.
    static let firstTrustedLevel = 3

    let deviation: Double
    let scale: Double
    let end: Double

    init(deviation: Double, scale: Double, halfWidth: Double) {
      self.deviation = deviation
      self.scale = scale
      end = asinh(halfWidth * deviation / scale)
    }

    func count(level: Int) -> Int { 2 * Self.initialSteps << level }

    /// All nodes of level 0; of a later level, those that the levels before it lack.
    func appendNodes(to batch: inout NodeBatch, level: Int) {
      let steps = Self.initialSteps << level
      let h = end / Double(steps)
      let factor = h * scale / (deviation * (2 * Double.pi).squareRoot())
      let last = level == 0 ? steps : steps - 1
      for i in stride(from: -last, through: last, by: level == 0 ? 1 : 2) {
        let t = Double(i) * h
        let z = scale * sinh(t)
        let u = z / deviation
        let exponent = 0.5 * u * u
        batch.append(z, weight: factor * cosh(t) * exp(-exponent), exponent: exponent)
      }
    }
  }
}
