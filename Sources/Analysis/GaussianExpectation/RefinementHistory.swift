/// The values of successive refinements of a quadrature rule, and the error they suggest for the last.
///
/// Let d₀, d₁, d₂ be the last three differences of consecutive values, d₂ the latest, and r₁ = d₁/d₀, r₂ = d₂/d₁.
///
/// - **Fast convergence** (an analytic integrand): both ratios below 1/20, from a value that was good to 10⁻⁵ before.
///   The estimate is 2 d₂. Much less may be left, about d₂ r₂, but not surely: a weak kink that was not declared hides
///   below the smooth part of an integrand until that has converged.
/// - **Anything slower** (a kink that was not declared, structure not yet resolved): differences of such rules are
///   erratic, and a single one may be small by accident. The estimate is twice the largest of d₂, d₁/2 and d₀/8 (a
///   rule of second order loses less per halving), times r/(1 − r) if the larger ratio r exceeds ½.
///
/// Never less than rounding allows.
struct RefinementHistory {
  private struct Component {
    var last = Double.nan
    /// d₀, d₁, d₂; infinite where there is none yet.
    var differences = [Double.infinity, .infinity, .infinity]
    var rounding = 0.0
  }

  private var components: [Component]
  private(set) var refinements = 0

  init(components: Int) { self.components = Array(repeating: Component(), count: components) }

  /// Records a refinement's sums.
  mutating func record(_ sums: WeightedSums) {
    for index in components.indices {
      let new = sums.value(index)
      let difference = refinements == 0 ? .infinity : (new - components[index].last).magnitude
      components[index].differences.removeFirst()
      components[index].differences.append(difference)
      components[index].last = new
      components[index].rounding = sums.rounding(index)
    }
    refinements += 1
  }

  func estimate(_ index: Int) -> Estimate {
    let component = components[index]
    let latest = component.differences[2]
    guard component.last.isFinite, latest.isFinite else {
      return Estimate(value: component.last, error: .infinity)
    }
    return Estimate(value: component.last, error: max(remainder(component), component.rounding))
  }

  private func remainder(_ component: Component) -> Double {
    let (d0, d1, d2) = (component.differences[0], component.differences[1], component.differences[2])
    // Differences of the size of rounding say nothing about the rate.
    if d2 <= component.rounding, d1 <= component.rounding { return 0 }
    guard d1.isFinite else { return 2 * d2 }
    let ratio = d2 / d1
    let magnitude = component.rounding * 0x1p51
    guard d0.isFinite else {
      // Three values only: believe in fast convergence when it has gone further.
      return ratio < 0.05 && d1 <= 1e-6 * magnitude ? 2 * d2 : 2 * max(d2, 0.25 * d1)
    }
    let before = d1 / d0
    if ratio < 0.05, before < 0.05, d1 <= 1e-5 * magnitude { return 2 * d2 }
    let slow = min(max(ratio, before), 0.95)
    return 2 * max(d2, 0.5 * d1, 0.125 * d0) * (slow > 0.5 ? slow / (1 - slow) : 1)
  }

  var estimates: [Estimate] { components.indices.map(estimate) }

  /// Whether every component meets the tolerance or cannot get better for rounding.
  func isConverged(_ tolerance: Tolerance) -> Bool {
    components.indices.allSatisfy { index in
      let estimate = estimate(index)
      return estimate.error.isFinite
        && (estimate.meets(tolerance) || estimate.error <= 2 * components[index].rounding)
    }
  }

  /// Whether nothing can help: a value is not a number.
  var isHopeless: Bool { components.contains { !$0.last.isFinite } }
}
