import CLevels
import Foundation
import OrreryTensors

/// Every kernel on every path that this processor has, on one thread and by its processor time.
///
/// Paths take turns, so that a change of the processor's clock, or a neighbour, meets all of them; the best of all turns counts.
/// A path that seems slower than the one below it is measured again, longer: only noise goes away.
struct LevelMeasurement {
  /// One kernel, shape and precision.
  struct Row {
    let levelCase: orrery_level_case
    /// Seconds of one call, by path.
    var seconds: [Double]
  }

  /// The paths, slowest first.
  let levels: [InstructionSet]
  /// Operations of f32 and of f64, bytes read, bytes copied: a second, by path.
  var peaks: [[Double]]
  var rows: [Row] = []

  /// Slower means by more than this: the clock's and the turns' noise stays below it, once measured again.
  static let margin = 1.03

  /// The kernels that there are, in order.
  static var kernels: [String] {
    var seen: Set<String> = []
    return cases.map(\.name).filter { seen.insert($0).inserted }
  }

  private static var cases: UnsafeBufferPointer<orrery_level_case> {
    var count = 0
    let start = orrery_level_cases(&count)
    return UnsafeBufferPointer(start: start, count: count)
  }

  /// - Parameters:
  ///   - names: kernels, or the beginnings of their names; none for all.
  ///   - levels: those that this processor has, slowest first.
  init(of names: [String], on levels: [InstructionSet] = InstructionSet.allCases.filter(\.isAvailable)) {
    self.levels = levels
    let chosen = Self.cases.filter { levelCase in
      names.isEmpty || names.contains { levelCase.name.hasPrefix($0.lowercased()) }
    }
    peaks = Array(repeating: Array(repeating: 0, count: Self.kinds.count), count: levels.count)
    measurePeaks(turns: 20)
    for levelCase in chosen {
      var row = Row(levelCase: levelCase, seconds: [])
      for _ in 0..<4 {
        row.measure(on: levels)
        if row.slower.isEmpty { break }
      }
      rows.append(row)
      // The clock changes in the course of a run; the peak is the best of all of it.
      measurePeaks(turns: 2)
    }
  }

  private mutating func measurePeaks(turns: Int) {
    let rounds = 10_000
    for _ in 0..<turns {
      for (index, level) in levels.enumerated() {
        for (place, kind) in Self.kinds.enumerated() {
          let peak = orrery_peak(level.path, Int32(kind.rawValue))
          var kept = peak.run(rounds / 4)
          let seconds = Self.time { kept += peak.run(rounds) }
          precondition(kept.isFinite)
          peaks[index][place] = max(peaks[index][place], peak.work * Double(rounds) / seconds)
        }
      }
    }
  }

  private static let kinds = [ORRERY_PEAK_SINGLE, ORRERY_PEAK_DOUBLE, ORRERY_PEAK_READ, ORRERY_PEAK_COPY]

  /// Processor seconds of this thread.
  fileprivate static func time(_ body: () -> Void) -> Double {
    var (before, after) = (timespec(), timespec())
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
    body()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
    return Double(after.tv_sec - before.tv_sec) + 1e-9 * Double(after.tv_nsec - before.tv_nsec)
  }

  /// Of a row's limit on a path: multiply-adds in registers, or numbers read and written in the first cache.
  func share(_ row: Row, _ index: Int) -> Double? {
    let levelCase = row.levelCase
    let size = levelCase.is_double != 0 ? 8.0 : 4.0
    if levelCase.operations > 0 {
      return levelCase.operations / row.seconds[index] / peaks[index][levelCase.is_double != 0 ? 1 : 0]
    }
    guard levelCase.read + levelCase.written > 0 else { return nil }
    let peak = peaks[index][levelCase.written > 0 ? 3 : 2]
    return (levelCase.read + levelCase.written) * size / row.seconds[index] / peak
  }
}

extension LevelMeasurement.Row {
  /// Paths that are slower than the one below, by their places.
  var slower: [Int] {
    seconds.indices.dropFirst().filter { seconds[$0] > LevelMeasurement.margin * seconds[$0 - 1] }
  }

  /// Turns of a millisecond on each path; the best of these and of earlier ones stays.
  fileprivate mutating func measure(on levels: [InstructionSet]) {
    let calls = levels.map { level in
      withUnsafePointer(to: levelCase) { levelCase in
        levelCase.pointee.prepare(levelCase, level.path)
        var calls = 1
        // Operands are in the caches, and the first call's page faults behind, when a batch takes a millisecond.
        while true {
          let seconds = Self.batch(calls, levelCase, level)
          if seconds > 5e-4 { return max(1, Int(Double(calls) * 1e-3 / seconds)) }
          calls *= 2
        }
      }
    }
    if seconds.isEmpty { seconds = Array(repeating: .infinity, count: levels.count) }
    withUnsafePointer(to: levelCase) { levelCase in
      for _ in 0..<25 {
        for (index, level) in levels.enumerated() {
          // The clock may depend on the width of vectors: some calls come before those that count.
          _ = Self.batch(calls[index] / 4 + 1, levelCase, level)
          seconds[index] = min(seconds[index], Self.batch(calls[index], levelCase, level) / Double(calls[index]))
        }
      }
    }
  }

  private static func batch(
    _ calls: Int, _ levelCase: UnsafePointer<orrery_level_case>, _ level: InstructionSet
  ) -> Double {
    let (run, path) = (levelCase.pointee.run!, level.path)
    return LevelMeasurement.time { for _ in 0..<calls { run(levelCase, path) } }
  }
}

extension orrery_level_case {
  var name: String { String(cString: kernel) }

  /// `128 × 256 × 256`: rows, inner index, columns.
  var shape: String { [rows, inner, columns].filter { $0 > 0 }.map(String.init).joined(separator: " × ") }
}

extension InstructionSet {
  /// As C numbers it.
  fileprivate var path: Int32 { Int32(Self.allCases.firstIndex(of: self)!) }
}
