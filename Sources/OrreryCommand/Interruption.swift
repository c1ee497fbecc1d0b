import Foundation
import Synchronization

private let interruptionRequested = Atomic<Bool>(false)

/// Ctrl-C asks the work to stop at the next safe place; a second one ends the program at once.
enum Interruption {
  static var isRequested: Bool { interruptionRequested.load(ordering: .relaxed) }

  static func install() {
    // The first access makes the global, which a signal handler must not do.
    interruptionRequested.store(false, ordering: .relaxed)
    // An atomic exchange and _exit are all that a signal handler may do, and all that is needed.
    signal(SIGINT) { _ in
      if interruptionRequested.exchange(true, ordering: .relaxed) { _exit(130) }
    }
  }
}
