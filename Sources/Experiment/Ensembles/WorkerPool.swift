import Synchronization

/// Workers that are made when first needed, one per thread at most, and used again.
final class WorkerPool<Worker>: Sendable {
  private struct Idle: @unchecked Sendable { var workers: [Worker] = [] }
  private let idle = Mutex(Idle())
  private let make: Box

  private struct Box: @unchecked Sendable { let make: () -> Worker }

  init(_ make: @escaping () -> Worker) { self.make = Box(make: make) }

  func take() -> Worker {
    let worker = idle.withLock { Idle(workers: $0.workers.popLast().map { [$0] } ?? []) }
    return worker.workers.first ?? make.make()
  }

  func give(_ worker: Worker) {
    let returned = Idle(workers: [worker])
    idle.withLock { $0.workers += returned.workers }
  }
}
