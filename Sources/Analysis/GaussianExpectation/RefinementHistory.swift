/// The values of successive refinements of a quadrature rule, and the error they suggest for the last.
///
/// With differences d₀ and d₁ of the last three values and r = d₁/d₀, a geometric sequence has d₁ r/(1 − r) left to go;
/// rules that converge faster have less. The estimate is twice that, but at least 10⁻³ d₁, so that a difference that is
/// small by accident is not trusted entirely, and never less than rounding allows.
struct RefinementHistory {
  private var last: [Double]
  private var differences: [Double]
  private var previousDifferences: [Double]
  private var roundings: [Double]
  private(set) var refinements = 0

  init(components: Int) {
    last = Array(repeating: .nan, count: components)
    differences = Array(repeating: .infinity, count: components)
    previousDifferences = differences
    roundings = Array(repeating: 0, count: components)
  }

  /// Records a refinement's values and their rounding errors.
  mutating func record(value: (Int) -> Double, rounding: (Int) -> Double) {
    for component in last.indices {
      let new = value(component)
      previousDifferences[component] = differences[component]
      differences[component] = refinements == 0 ? .infinity : (new - last[component]).magnitude
      last[component] = new
      roundings[component] = rounding(component)
    }
    refinements += 1
  }

  mutating func record(_ sums: WeightedSums) { record(value: sums.value, rounding: sums.rounding) }

  func estimate(_ component: Int) -> Estimate {
    let difference = differences[component]
    guard last[component].isFinite, difference.isFinite else {
      return Estimate(value: last[component], error: .infinity)
    }
    let ratio = difference == 0 ? 0 : difference / previousDifferences[component]
    let remainder = ratio < 0.5 && refinements > 2 ? max(1e-3, ratio / (1 - ratio)) : 1
    return Estimate(value: last[component], error: max(2 * remainder * difference, roundings[component]))
  }

  var estimates: [Estimate] { last.indices.map(estimate) }

  /// Whether every component meets the tolerance or cannot get better for rounding.
  func isConverged(_ tolerance: Tolerance) -> Bool {
    last.indices.allSatisfy { component in
      let estimate = estimate(component)
      return estimate.error.isFinite
        && (estimate.meets(tolerance) || estimate.error <= 2 * roundings[component])
    }
  }

  /// Whether nothing can help: a value is not a number.
  var isHopeless: Bool { last.contains { !$0.isFinite } }
}
