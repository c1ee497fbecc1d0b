import OrreryTensors
import Synchronization

/// Members of an ensemble in groups, on all threads.
enum MemberGroups {
  /// Calls `body` with groups of members until all are done or the run is cancelled.
  ///
  /// - Parameters:
  ///   - isCancelled: asked before every group, from any thread.
  ///   - progress: called after every group, from any thread, with the number of members that are finished.
  /// - Returns: the number of members that were finished: all, unless the run was cancelled.
  static func forEach(
    _ members: Int, inGroupsOf size: Int, isCancelled: @Sendable () -> Bool, progress: (@Sendable (Int) -> Void)? = nil,
    _ body: @Sendable (Range<Int>) -> Void
  ) -> Int {
    let finished = Atomic<Int>(0)
    let stopped = Atomic<Bool>(false)
    Parallel.forEach((members + size - 1) / size) { index in
      if stopped.load(ordering: .relaxed) { return }
      if isCancelled() {
        stopped.store(true, ordering: .relaxed)
        return
      }
      let group = (index * size)..<min(members, (index + 1) * size)
      body(group)
      let total = finished.wrappingAdd(group.count, ordering: .relaxed).newValue
      progress?(total)
    }
    return finished.load(ordering: .relaxed)
  }
}
