import Foundation

extension GaussianExpectation {
  /// Iterated Gauss–Legendre panels, z₁ outside, z₂ given z₁ ~ N(c√(k₂₂/k₁₁) z₁, k₂₂(1 − c²)) inside, for kinks anywhere
  /// and for variances much larger than the integrand's own scale.
  ///
  /// Inner panels break at the kinks of z₂; outer ones at those of z₁ and, finer and finer, about the images of z₂'s
  /// kinks, where the inner integral turns over a width √k₁₁ √(1 − c²)/|c|. Panels stay fixed; the order grows until two
  /// agree. The second result says whether rounding stopped it.
  static func pairIterated(
    _ pair: GaussianPair, components: Int, kinks: PairKinks, scale: Double, tolerance: Tolerance,
    _ integrand: PairIntegrand
  ) -> ([Estimate], isConverged: Bool) {
    var halfWidth = 10.0
    while true {
      let panels = IteratedPanels(pair: pair, kinks: kinks, scale: scale, halfWidth: halfWidth)
      var history = RefinementHistory(components: components)
      var edge = 0.0
      var magnitudes: [Double] = []
      for order in [8, 12, 18, 27, 40] {
        let (sums, share) = panels.integrate(order: order, components: components, integrand)
        edge = share
        magnitudes = sums.magnitudes
        if !(edge <= 1e-12), halfWidth < largestHalfWidth { break }
        history.record(sums)
        if history.isConverged(tolerance) || history.isHopeless { break }
      }
      if !(edge <= 1e-12), halfWidth < largestHalfWidth {
        halfWidth = min(1.4 * halfWidth, largestHalfWidth)
        continue
      }
      let estimates = history.estimates.enumerated().map { component, estimate in
        edge <= 1e-12 ? estimate : cutEstimate(estimate, edge: edge, magnitude: magnitudes[component])
      }
      return (estimates, history.isConverged(tolerance))
    }
  }

  private struct IteratedPanels {
    let pair: GaussianPair
    let halfWidth: Double
    /// The standard deviation τ of z₂ given z₁.
    let inner: Double
    let outerBreaks: [Double]
    let innerPartition: PanelBreaks

    init(pair: GaussianPair, kinks: PairKinks, scale: Double, halfWidth: Double) {
      self.pair = pair
      self.halfWidth = halfWidth
      let deviation1 = pair.k11.squareRoot()
      let deviation2 = pair.k22.squareRoot()
      let inner = deviation2 * pair.residualDeviation
      self.inner = inner
      let innerCenters = ([0] + kinks.second).map { PanelBreaks.Center(position: $0, scale: scale) }
      innerPartition = PanelBreaks(centers: innerCenters, deviation: inner)
      var centers = ([0] + kinks.first).map { PanelBreaks.Center(position: $0, scale: scale) }
      let end = halfWidth * deviation1
      if pair.correlation != 0 {
        let ratio = deviation1 / (pair.correlation * deviation2)
        centers += kinks.second.map { PanelBreaks.Center(position: $0 * ratio, scale: inner * ratio.magnitude) }
        centers.append(PanelBreaks.Center(position: 0, scale: hypot(inner, scale) * ratio.magnitude))
      }
      outerBreaks = PanelBreaks(centers: centers, deviation: deviation1).breaks(lower: -end, upper: end)
    }

    /// The sums at one order, and the largest share of the outermost outer panels.
    func integrate(
      order: Int, components: Int, _ integrand: GaussianExpectation.PairIntegrand
    ) -> (WeightedSums, edge: Double) {
      let rule = GaussLegendre.rule(order)
      let deviation1 = pair.k11.squareRoot()
      var sums = WeightedSums(components: components)
      var outermost = [Double](repeating: 0, count: components)
      var batch = PairNodeBatch()
      for panel in 0..<(outerBreaks.count - 1) {
        let before = sums.magnitudes
        let half = 0.5 * (outerBreaks[panel + 1] - outerBreaks[panel])
        for i in rule.nodes.indices {
          let z1 = outerBreaks[panel] + half * rule.distancesFromLeft[i]
          let u = z1 / deviation1
          let exponent = 0.5 * u * u
          let weight = half * rule.weights[i] / deviation1 * exp(-exponent) / (2 * .pi)
          appendInner(z1, u: u, weight: weight, exponent: exponent, rule: rule, to: &batch)
          batch.flush(to: &sums, integrand)
        }
        if panel == 0 || panel == outerBreaks.count - 2 {
          for component in 0..<components { outermost[component] += sums.magnitudes[component] - before[component] }
        }
      }
      let edge = zip(outermost, sums.magnitudes).reduce(0.0) { $1.1 == 0 ? $0 : max($0, $1.0 / $1.1) }
      return (sums, edge)
    }

    /// The nodes of z₂ given z₁, as offsets from its conditional mean, so that close pairs keep their difference.
    private func appendInner(
      _ z1: Double, u: Double, weight: Double, exponent: Double, rule: GaussLegendre, to batch: inout PairNodeBatch
    ) {
      let mean = pair.correlation * pair.k22.squareRoot() * u
      let meanDifference = pair.commonDifference * u
      // Within the disc of radius R in (u, v), plus two deviations.
      let reach = max(0, halfWidth * halfWidth - u * u).squareRoot() + 2
      var partition = innerPartition
      for index in partition.centers.indices { partition.centers[index].position -= mean }
      let breaks = partition.breaks(lower: -reach * inner, upper: reach * inner)
      for panel in 0..<(breaks.count - 1) {
        let half = 0.5 * (breaks[panel + 1] - breaks[panel])
        for k in rule.nodes.indices {
          let offset = breaks[panel] + half * rule.distancesFromLeft[k]
          let v = offset / inner
          let innerExponent = 0.5 * v * v
          batch.append(
            z1, mean + offset, difference: meanDifference - offset,
            weight: weight * half * rule.weights[k] / inner * exp(-innerExponent), exponent: exponent + innerExponent)
        }
      }
    }
  }
}
