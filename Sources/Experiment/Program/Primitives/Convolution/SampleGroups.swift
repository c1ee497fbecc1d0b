import OrreryTensors

/// A batch cut into groups, each with scratch of its own; groups depend on the number of samples alone.
struct SampleGroups: Sendable {
  let samples: Int
  let count: Int

  init(_ samples: Int) {
    self.samples = samples
    count = max(1, min(samples, Self.most))
  }

  func range(_ group: Int) -> Range<Int> { group * samples / count..<(group + 1) * samples / count }

  /// What calls `body` with each group and the place in scratch that it may use: on all threads, or one after another at one
  /// place.
  @inline(__always)
  func kernel(isParallel: Bool, _ body: @escaping @Sendable (_ samples: Range<Int>, _ slot: Int) -> Void) -> Kernel {
    Placement.parts(count, isParallel: isParallel) { body(range($0), isParallel ? $0 : 0) }
  }

  /// Enough for balance among a few threads, and as much scratch as that many samples take.
  private static var most: Int { 16 }
  /// Multiply-adds, of some ten microseconds, that are worth a second thread.
  static var parallelWork: Int { 1 << 19 }
}
