import CElementwise
import Dispatch
import Foundation
import Synchronization

/// Threads that stand by between regions of tens of microseconds, which waking a sleeping thread would outlast.
///
/// The caller takes indices from the front, helpers from the back: regions that follow each other over the same rows find
/// most of them in the cache of the core that wrote them. (Another core's lines cost more than the arithmetic on them.)
///
/// One computation at a time has the team; others that ask for it work alone. A helper that has met no work for about a
/// tenth of a millisecond goes to sleep, and the next region wakes it without waiting for it.
package enum ThreadTeam {
  /// Calls `body` once for each index in `0..<count`, in no promised order; returns when all are done.
  ///
  /// `body` must touch nothing that another index writes. Nothing is allocated: a body that is kept and used again costs
  /// nothing but its calls.
  package static func forEach(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let helpers = min(Parallel.threads, count) - 1
    guard helpers > 0, shared.claim() else {
      for index in 0..<count { body(index) }
      return
    }
    shared.run(count, helpers: helpers, body)
    shared.release()
  }

  private static let shared = Team()
}

/// The helpers and the one region that is open to them.
///
/// A helper counts itself as present before it looks whether a region is open, and the owner closes the region before it looks
/// whether anyone is present: so no helper reads a region after its owner has gone on.
private final class Team: @unchecked Sendable {
  private let isTaken = Atomic<Bool>(false)
  /// Odd while a region is open; each region has a number of its own.
  private let region = Atomic<Int>(0)
  private let present = Atomic<Int>(0)
  /// Indices that someone has taken, from either end.
  private let taken = Atomic<Int>(0)
  private let takenFromBack = Atomic<Int>(0)
  /// How many helpers may join.
  private let places = Atomic<Int>(0)
  private let asleep = Atomic<Int>(0)
  private let alarm = DispatchSemaphore(value: 0)
  /// Written by the owner while nobody is present and the region is closed.
  private var count = 0
  private var body: (@Sendable (Int) -> Void)?
  private var helpers = 0

  func claim() -> Bool {
    isTaken.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged
  }

  func release() { isTaken.store(false, ordering: .sequentiallyConsistent) }

  func run(_ count: Int, helpers wanted: Int, _ body: @escaping @Sendable (Int) -> Void) {
    while helpers < wanted {
      helpers += 1
      // Threads of their own: they spin, and Dispatch's must not.
      let thread = Thread { [self] in help() }
      thread.start()
    }
    self.count = count
    self.body = body
    taken.store(0, ordering: .relaxed)
    takenFromBack.store(0, ordering: .relaxed)
    places.store(wanted, ordering: .relaxed)
    region.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if asleep.load(ordering: .sequentiallyConsistent) > 0 { for _ in 0..<wanted { alarm.signal() } }
    var front = 0
    while taken.wrappingAdd(1, ordering: .relaxed).oldValue < count {
      body(front)
      front += 1
    }
    region.wrappingAdd(1, ordering: .sequentiallyConsistent)
    var turns = 0
    while present.load(ordering: .sequentiallyConsistent) > 0 {
      orrery_pause()
      turns += 1
      // A helper that the system has put aside needs this core.
      if turns % 4096 == 0 { sched_yield() }
    }
    self.body = nil
  }

  private func workFromBack() {
    let (count, body) = (count, body!)
    while taken.wrappingAdd(1, ordering: .relaxed).oldValue < count {
      body(count - 1 - takenFromBack.wrappingAdd(1, ordering: .relaxed).oldValue)
    }
  }

  private func help() {
    var (idle, last) = (0, 0)
    while true {
      let current = region.load(ordering: .relaxed)
      if current % 2 == 1, current != last {
        present.wrappingAdd(1, ordering: .sequentiallyConsistent)
        if region.load(ordering: .sequentiallyConsistent) == current {
          if places.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue >= 0 { workFromBack() }
          (idle, last) = (0, current)
        }
        present.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      }
      orrery_pause()
      idle += 1
      if idle > Self.patience {
        asleep.wrappingAdd(1, ordering: .sequentiallyConsistent)
        if region.load(ordering: .sequentiallyConsistent) % 2 == 0 { alarm.wait() }
        asleep.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        idle = 0
      }
    }
  }

  /// Turns of waiting before sleep: about 100 µs.
  private static let patience = 4000
}
