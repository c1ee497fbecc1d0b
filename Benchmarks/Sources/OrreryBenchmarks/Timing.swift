import Foundation

/// Wall and processor times of repeated runs, in seconds.
struct Timing {
  var wall: [Double] = []
  /// All threads together.
  var processor: [Double] = []

  /// After one run that does not count, up to `runs` of them, or until `limit` seconds are spent.
  static func measure(runs: Int, limit: Double, _ body: () throws -> Void) rethrows -> Timing {
    try body()
    var timing = Timing()
    var total = 0.0
    while timing.wall.count < runs, timing.wall.count < 3 || total < limit {
      let before = processorTime()
      let elapsed = try once(body)
      timing.processor.append(processorTime() - before)
      timing.wall.append(elapsed)
      total += elapsed
    }
    return timing
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

  /// Processor seconds of one run, all threads together.
  static func processor(_ body: () throws -> Void) rethrows -> Double {
    let before = processorTime()
    try body()
    return processorTime() - before
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
