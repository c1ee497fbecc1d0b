import Foundation

extension GaussianExpectation {
  /// Gauss–Legendre panels between the kinks, halved where 14 and 22 nodes disagree.
  static func panels(
    variance: Double, components: Int, kinks: [Double], scale: Double, tolerance: Tolerance, _ integrand: BatchIntegrand
  ) -> [Estimate] {
    let deviation = variance.squareRoot()
    let centers = ([0] + kinks).map { PanelBreaks.Center(position: $0, scale: scale) }
    let partition = PanelBreaks(centers: centers, deviation: deviation)
    var halfWidth = initialHalfWidth
    while true {
      let end = halfWidth * deviation
      let breaks = partition.breaks(lower: -end, upper: end)
      var panels = AdaptivePanels(deviation: deviation, components: components, breaks: breaks)
      panels.evaluatePending(integrand)
      let edge = panels.edgeShare
      if edge > 1e-16, halfWidth < largestHalfWidth {
        halfWidth = min(1.4 * halfWidth, largestHalfWidth)
        continue
      }
      while panels.split(tolerance), panels.evaluations <= evaluationLimit { panels.evaluatePending(integrand) }
      let totals = panels.totals
      return totals.enumerated().map { component, estimate in
        edge > 1e-16
          ? cutEstimate(estimate, edge: edge, magnitude: panels.magnitude(component)) : estimate
      }
    }
  }

  /// Panels with the integral over each and its error; those not yet evaluated are pending.
  private struct AdaptivePanels {
    struct Panel {
      var lower: Double
      var upper: Double
      var values: [Double] = []
      var errors: [Double] = []
      var magnitudes: [Double] = []
    }

    let deviation: Double
    let components: Int
    private var done: [Panel] = []
    private var pending: [Panel]
    private(set) var evaluations = 0
    private let coarse = GaussLegendre.rule(14)
    private let fine = GaussLegendre.rule(22)

    init(deviation: Double, components: Int, breaks: [Double]) {
      self.deviation = deviation
      self.components = components
      pending = zip(breaks, breaks.dropFirst()).map { Panel(lower: $0, upper: $1) }
    }

    mutating func evaluatePending(_ integrand: BatchIntegrand) {
      var batch = NodeBatch()
      for panel in pending {
        for rule in [coarse, fine] {
          let half = 0.5 * (panel.upper - panel.lower)
          let middle = panel.lower + half
          let factor = half / (deviation * (2 * Double.pi).squareRoot())
          for i in rule.nodes.indices {
            let z = middle + half * rule.nodes[i]
            let u = z / deviation
            let exponent = 0.5 * u * u
            batch.append(z, weight: factor * rule.weights[i] * exp(-exponent), exponent: exponent)
          }
        }
      }
      evaluations += batch.count
      let perPanel = coarse.nodes.count + fine.nodes.count
      batch.evaluate(components: components, integrand) { values in
        for index in pending.indices {
          var panel = pending[index]
          for component in 0..<components {
            let base = component * batch.count + index * perPanel
            var sums = (coarse: 0.0, fine: 0.0, magnitude: 0.0)
            for i in 0..<perPanel {
              let term = batch.weights[index * perPanel + i] * values[base + i]
              if i < coarse.nodes.count {
                sums.coarse += term
              } else {
                sums.fine += term
                sums.magnitude += term.magnitude * (1 + batch.exponents[index * perPanel + i])
              }
            }
            panel.values.append(sums.fine)
            panel.errors.append((sums.fine - sums.coarse).magnitude)
            panel.magnitudes.append(sums.magnitude)
          }
          done.append(panel)
        }
      }
      pending = []
    }

    func magnitude(_ component: Int) -> Double { done.reduce(0) { $0 + $1.magnitudes[component] } }

    /// The totals; the error is the sum of the panels' differences between two orders, or what rounding allows.
    var totals: [Estimate] {
      (0..<components).map { component in
        let sorted = done.sorted { $0.values[component].magnitude < $1.values[component].magnitude }
        let value = sorted.reduce(0) { $0 + $1.values[component] }
        let error = sorted.reduce(0) { $0 + $1.errors[component] }
        let rounding = 0x1p-51 * magnitude(component)
        return Estimate(value: value, error: value.isFinite ? max(error, rounding) : .infinity)
      }
    }

    /// The share of Σ |w f| in the outermost panels.
    var edgeShare: Double {
      var share = 0.0
      for component in 0..<components {
        let total = magnitude(component)
        for panel in [done.first, done.last] where total > 0 {
          share = max(share, panel!.magnitudes[component] / total)
        }
      }
      return share
    }

    /// Halves the panels with more than their part of the error allowed; false when there is none.
    mutating func split(_ tolerance: Tolerance) -> Bool {
      let totals = totals
      guard totals.allSatisfy(\.value.isFinite) else { return false }
      let isOpen = (0..<components).map { component in
        totals[component].error > tolerance.allowedError(for: totals[component].value)
          && totals[component].error > 0x1p-50 * magnitude(component)
      }
      guard isOpen.contains(true) else { return false }
      let floor = (0..<components).map { component in
        max(
          tolerance.allowedError(for: totals[component].value) / Double(2 * done.count),
          0x1p-52 * magnitude(component) / Double(done.count))
      }
      let kept = done.filter { panel in
        !(0..<components).contains { isOpen[$0] && panel.errors[$0] > max(floor[$0], 0x1p-52 * panel.magnitudes[$0]) }
          || panel.upper - panel.lower <= 0x1p-48 * max(panel.upper.magnitude, panel.lower.magnitude)
      }
      guard kept.count < done.count else { return false }
      let keptLowers = Set(kept.map(\.lower))
      for panel in done where !keptLowers.contains(panel.lower) {
        let middle = panel.lower + 0.5 * (panel.upper - panel.lower)
        pending.append(Panel(lower: panel.lower, upper: middle))
        pending.append(Panel(lower: middle, upper: panel.upper))
      }
      done = kept
      return true
    }
  }
}
