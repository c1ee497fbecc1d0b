import Foundation

/// Comparisons of two rows of numbers as functions of L/n; all are linear in the numbers.
struct DepthWidthComparison: Sendable {
  /// L/n of each shape, row by row, ascending.
  let ratios: [[Double]]

  init(_ ratios: [[Double]]) { self.ratios = ratios }

  var flat: [Double] { ratios.flatMap { $0 } }

  /// Shapes with an L/n that is small.
  var perturbative: [Int] {
    flat.indices.filter { flat[$0] <= DepthAgainstWidth.largestPerturbative }
  }

  /// The slope of values against ln(L/n) over some shapes.
  func power(_ values: [Double], _ places: [Int]) -> Double {
    guard places.count > 1 else { return 0 }
    let x = places.map { log(flat[$0]) }
    let centre = x.reduce(0, +) / Double(x.count)
    let spread = x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return zip(places, x).reduce(0) { $0 + values[$1.0] * ($1.1 - centre) } / spread
  }

  /// The power of n between the two rows at equal depth, the mean over depths of which both have a small L/n.
  func powerOfWidth(_ values: [[Double]], _ widths: [[Double]], dropsDeepest: Bool) -> Double {
    var places = ratios[0].indices.filter {
      max(ratios[0][$0], ratios[1][$0]) <= DepthAgainstWidth.largestPerturbative
        && values[0][$0].isFinite && values[1][$0].isFinite
    }
    if dropsDeepest, places.count > 1 { places.removeLast() }
    guard !places.isEmpty else { return 0 }
    return places.reduce(0) { sum, place in
      sum + (values[1][place] - values[0][place]) / log(widths[1][place] / widths[0][place])
    } / Double(places.count)
  }

  /// The mean difference first row − second at the first row's L/n, the second interpolated in ln(L/n), over places where both have
  /// numbers, with small L/n or with large.
  func collapse(_ values: [[Double]], perturbative: Bool) -> Double {
    var differences: [Double] = []
    let second = ratios[1].indices.filter { values[1][$0].isFinite }
    for (place, ratio) in ratios[0].enumerated() where values[0][place].isFinite {
      guard (ratio <= DepthAgainstWidth.largestPerturbative) == perturbative else { continue }
      guard let above = second.first(where: { ratios[1][$0] >= ratio }), let index = second.firstIndex(of: above),
        index > 0
      else { continue }
      let below = second[index - 1]
      let part = log(ratio / ratios[1][below]) / log(ratios[1][above] / ratios[1][below])
      differences.append(values[0][place] - (1 - part) * values[1][below] - part * values[1][above])
    }
    return differences.isEmpty ? 0 : differences.reduce(0, +) / Double(differences.count)
  }
}
