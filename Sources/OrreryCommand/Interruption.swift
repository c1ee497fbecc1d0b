import Dispatch
import Foundation
import Synchronization

/// Ctrl-C asks the work to stop at the next safe place; a second one ends the program at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let source = Mutex<(any DispatchSourceSignal)?>(nil)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func install() {
    signal(SIGINT, SIG_IGN)
    let watch = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    watch.setEventHandler {
      if requested.exchange(true, ordering: .relaxed) { exit(130) }
    }
    watch.resume()
    source.withLock { $0 = watch }
  }
}
