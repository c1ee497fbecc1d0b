import Foundation

extension GaussianExpectation {
  /// The product trapezoid rule on Cholesky axes: z₁ = √k₁₁ u, z₂ = √k₂₂ (c u + √(1 − c²) v), |(u, v)| ≤ R.
  ///
  /// Both steps are halved together, and all earlier nodes serve again. Nothing is singular as c → ±1: the integrand
  /// only ceases to depend on v.
  static func pairTrapezoid(
    _ pair: GaussianPair, components: Int, tolerance: Tolerance, _ integrand: PairIntegrand
  ) -> [Estimate] {
    var radius = 9.0
    while true {
      let grid = PairGrid(pair: pair, radius: radius)
      var sums = WeightedSums(components: components)
      var batch = PairNodeBatch()
      var rim = WeightedSums(components: components)
      grid.forEachRow(level: 0) { row in
        grid.appendRow(row, level: 0, to: &batch)
        batch.flush(to: &sums, integrand)
        grid.appendRim(row, level: 0, to: &batch)
        batch.flush(to: &rim, integrand)
      }
      let edge = (0..<components).reduce(0.0) {
        max($0, sums.magnitudes[$1] == 0 ? 0 : rim.magnitudes[$1] / sums.magnitudes[$1])
      }
      if !(edge <= 1e-15), radius < largestHalfWidth {
        radius = min(1.4 * radius, largestHalfWidth)
        continue
      }
      var history = RefinementHistory(components: components)
      history.record(sums)
      var level = 0
      while level < PairGrid.firstTrustedLevel || !history.isConverged(tolerance), !history.isHopeless,
        level < PairGrid.deepestLevel
      {
        level += 1
        sums.scale(by: 0.25)
        grid.forEachRow(level: level) { row in
          grid.appendRow(row, level: level, to: &batch)
          batch.flush(to: &sums, integrand)
        }
        history.record(sums)
      }
      return history.estimates.enumerated().map { component, estimate in
        edge <= 1e-15 ? estimate : cutEstimate(estimate, edge: edge, magnitude: sums.magnitudes[component])
      }
    }
  }

  /// Nodes (u, v) = h (i, j) in a disc.
  private struct PairGrid {
    static let initialStep = 1.6
    /// No convergence is believed before this level: a step of 0.4.
    static let firstTrustedLevel = 2
    /// A step of 1/80: about a million nodes.
    static let deepestLevel = 7

    let pair: GaussianPair
    let radius: Double

    func step(_ level: Int) -> Double { Self.initialStep / Double(1 << level) }

    /// The row numbers i with |i h| ≤ R.
    func forEachRow(level: Int, _ body: (Int) -> Void) {
      let last = Int(radius / step(level))
      for row in -last...last { body(row) }
    }

    private func lastColumn(_ row: Int, _ level: Int) -> Int {
      let h = step(level)
      let u = Double(row) * h
      return Int(max(0, radius * radius - u * u).squareRoot() / h)
    }

    /// The nodes of a row that no coarser level has.
    func appendRow(_ row: Int, level: Int, to batch: inout PairNodeBatch) {
      let last = lastColumn(row, level)
      let isRowNew = level == 0 || !row.isMultiple(of: 2)
      for column in -last...last where isRowNew || !column.isMultiple(of: 2) {
        append(row, column, step(level), to: &batch)
      }
    }

    /// The outermost nodes of a row.
    func appendRim(_ row: Int, level: Int, to batch: inout PairNodeBatch) {
      let last = lastColumn(row, level)
      append(row, last, step(level), to: &batch)
      append(row, -last, step(level), to: &batch)
    }

    @inline(__always)
    private func append(_ row: Int, _ column: Int, _ h: Double, to batch: inout PairNodeBatch) {
      let u = Double(row) * h
      let v = Double(column) * h
      let deviation2 = pair.k22.squareRoot()
      let independent = deviation2 * pair.residualDeviation * v
      let exponent = 0.5 * (u * u + v * v)
      batch.append(
        pair.k11.squareRoot() * u, deviation2 * pair.correlation * u + independent,
        difference: pair.commonDifference * u - independent, weight: h * h / (2 * .pi) * exp(-exponent),
        exponent: exponent)
    }
  }
}
