/// Wall times of repeated runs.
enum Timing {
  /// Seconds of each run: after one that does not count, up to `runs` runs or until `limit` seconds are spent.
  static func seconds(runs: Int, limit: Double = 10, _ body: () throws -> Void) rethrows -> [Double] {
    try body()
    var values: [Double] = []
    var total = 0.0
    while values.count < runs, values.count < 3 || total < limit {
      let elapsed = try once(body)
      values.append(elapsed)
      total += elapsed
    }
    return values
  }

  /// Seconds of one run.
  static func once(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let elapsed = try clock.measure(body)
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
