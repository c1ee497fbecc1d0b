import Foundation

extension GaussianExpectation {
  /// Polar coordinates for integrands with kinks on z₁ = 0 and z₂ = 0: every sector between the kinks is smooth.
  ///
  /// With θ = arccos c, z₁ = √k₁₁ r sin ψ and z₂ = √k₂₂ r sin(ψ − θ): kinks at ψ = 0, θ, π, π + θ. Inside a sector an
  /// angle is measured from both ends, so that sines stay accurate however narrow the sector is:
  /// with ψ = a and θ − ψ = b in the first, z₁ ∝ sin a and z₂ ∝ −sin b; with ψ − θ = a and π − ψ = b in the second,
  /// z₁ ∝ sin b and z₂ ∝ sin a; the other two are their negatives. Gauss–Legendre in both coordinates with more nodes
  /// until two orders agree; a homogeneous integrand is exact to rounding with 24.
  static func pairPolar(
    _ pair: GaussianPair, components: Int, tolerance: Tolerance, _ integrand: PairIntegrand
  ) -> [Estimate] {
    var radius = 10.0
    while true {
      let sectors = PolarSectors(pair: pair)
      var history = RefinementHistory(components: components)
      var edge = 0.0
      var magnitudes: [Double] = []
      for order in [10, 16, 24, 36, 54, 80] {
        let rule = GaussLegendre.rule(order)
        var sums = WeightedSums(components: components)
        let panels = max(3, Int((radius / 3).rounded(.up)))
        var outer: [Double] = []
        for panel in 0..<panels {
          let before = sums.magnitudes
          sectors.add(
            radii: (Double(panel) * radius / Double(panels), Double(panel + 1) * radius / Double(panels)), rule: rule,
            to: &sums, integrand)
          outer = zip(sums.magnitudes, before).map { $0 - $1 }
        }
        history.record(sums)
        magnitudes = sums.magnitudes
        edge = zip(outer, magnitudes).reduce(0.0) { $1.1 == 0 ? $0 : max($0, $1.0 / $1.1) }
        if !(edge <= 1e-9), radius < largestHalfWidth { break }
        if history.isConverged(tolerance) || history.isHopeless { break }
      }
      // The outermost panel still counts: the integral may go on beyond it.
      if !(edge <= 1e-9), radius < largestHalfWidth {
        radius = min(1.4 * radius, largestHalfWidth)
        continue
      }
      return history.estimates.enumerated().map { component, estimate in
        edge <= 1e-9 ? estimate : cutEstimate(estimate, edge: edge, magnitude: magnitudes[component])
      }
    }
  }

  private struct PolarSectors {
    let pair: GaussianPair
    /// θ = arccos c and π − θ, each accurate where it is small.
    let angle: Double
    let supplement: Double

    init(pair: GaussianPair) {
      self.pair = pair
      angle = 2 * atan2(pair.oneMinusCorrelation.squareRoot(), pair.onePlusCorrelation.squareRoot())
      supplement = 2 * atan2(pair.onePlusCorrelation.squareRoot(), pair.oneMinusCorrelation.squareRoot())
    }

    /// The integral over a ring, all four sectors, each cut in two.
    func add(
      radii: (Double, Double), rule: GaussLegendre, to sums: inout WeightedSums,
      _ integrand: GaussianExpectation.PairIntegrand
    ) {
      let deviation1 = pair.k11.squareRoot()
      let deviation2 = pair.k22.squareRoot()
      let sineOfHalf = sin(angle / 2)
      var batch = PairNodeBatch()
      for isSecond in [false, true] {
        let width = isSecond ? supplement : angle
        for half in 0..<2 {
          for i in rule.nodes.indices {
            // a from the sector's beginning, b to its end; the smaller one is computed, not subtracted.
            let near = 0.25 * width * rule.distancesFromLeft[i]
            let a = half == 0 ? near : width - near
            let b = half == 0 ? width - near : near
            let sine1 = isSecond ? sin(b) : sin(a)
            let sine2 = isSecond ? sin(a) : -sin(b)
            // sin ψ − sin(ψ − θ), as a product.
            let spread = isSecond ? 2 * sineOfHalf * sin((b - a) / 2) : 2 * sineOfHalf * cos((a - b) / 2)
            let difference = pair.deviationDifference * sine1 + deviation2 * spread
            let angular = 0.25 * width * rule.weights[i] / (2 * .pi)
            for k in rule.nodes.indices {
              let span = radii.1 - radii.0
              let r = radii.0 + 0.5 * span * rule.distancesFromLeft[k]
              let exponent = 0.5 * r * r
              let weight = angular * 0.5 * span * rule.weights[k] * r * exp(-exponent)
              for sign in [1.0, -1.0] {
                batch.append(
                  sign * deviation1 * r * sine1, sign * deviation2 * r * sine2, difference: sign * r * difference,
                  weight: weight, exponent: exponent)
              }
            }
            batch.flush(to: &sums, integrand)
          }
        }
      }
    }
  }
}
