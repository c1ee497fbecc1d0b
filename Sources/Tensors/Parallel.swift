import Dispatch
import Foundation
import Synchronization

/// Computing on several cores, with results that do not depend on how many.
///
/// Work is cut into chunks that are fixed by the problem, not by the machine; each chunk writes its own place, and sums
/// over chunks are taken in order. Regions shorter than about 100 µs do not gain from a second core.
public enum Parallel {
  private static let configuredThreads = Atomic<Int>(0)

  /// The number of threads that computing regions use: what `setThreads` said, else the number of active processors.
  public static var threads: Int {
    let configured = configuredThreads.load(ordering: .relaxed)
    return configured > 0 ? configured : processors
  }

  /// Asked once: the system reads files to answer, and regions of microseconds ask often.
  private static let processors = ProcessInfo.processInfo.activeProcessorCount

  /// Sets the number of threads for the process; 0 means one per active processor.
  public static func setThreads(_ count: Int) { configuredThreads.store(max(0, count), ordering: .relaxed) }

  /// Calls `body` once for each index in `0..<count`, on up to `threads` threads, in no promised order.
  ///
  /// `body` must touch nothing that another index writes. Threads take indices one by one, so that uneven chunks balance.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// The values of `body` for `0..<count`, in order of index.
  public static func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    let values = [Value?](repeating: nil, count: count)
    let slots = Slots(values)
    forEach(count) { slots.store(body($0), at: $0) }
    return slots.values.map { $0! }
  }

  /// One slot per index, each written by exactly one call: no two threads touch the same memory.
  private final class Slots<Value: Sendable>: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<Value?>
    init(_ values: [Value?]) {
      memory = .allocate(capacity: values.count)
      _ = memory.initialize(from: values)
    }
    func store(_ value: Value, at index: Int) { memory[index] = value }
    var values: [Value?] { Array(memory) }
    deinit {
      memory.deinitialize()
      memory.deallocate()
    }
  }
}
