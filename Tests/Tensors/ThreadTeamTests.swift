import OrreryTensors
import Synchronization
import Testing

/// Every index once, whatever the numbers of threads, regions in a row, and regions asked for at once.
@Suite(.serialized) struct ThreadTeamTests {
  @Test func everyIndexOnce() {
    defer { Parallel.setThreads(0) }
    for threads in [1, 2, 5, 3] {
      Parallel.setThreads(threads)
      for count in [0, 1, 2, 7, 100] {
        for _ in 0..<200 {
          let seen = (0..<count).map { _ in Counter() }
          ThreadTeam.forEach(count) { seen[$0].value.wrappingAdd(1, ordering: .relaxed) }
          #expect(seen.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
      }
    }
  }

  /// Two at once: one gets the team, the other works alone; and a region inside a region.
  @Test func regionsWithinAndBesideEachOther() {
    Parallel.setThreads(3)
    defer { Parallel.setThreads(0) }
    let total = Atomic<Int>(0)
    Parallel.forEach(40) { _ in
      ThreadTeam.forEach(10) { _ in ThreadTeam.forEach(5) { _ in total.wrappingAdd(1, ordering: .relaxed) } }
    }
    #expect(total.load(ordering: .relaxed) == 2000)
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }
}
