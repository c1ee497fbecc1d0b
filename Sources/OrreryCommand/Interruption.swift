@preconcurrency import Dispatch
import Foundation
import OrreryFormats
import Synchronization

private let interruptionRequested = Atomic<Bool>(false)

/// Ctrl-C asks the work to stop at the next safe place; a second one ends the program at once.
enum Interruption {
  static var isRequested: Bool { interruptionRequested.load(ordering: .relaxed) }

  static func install() {
    // The first access makes the global, which a signal handler must not do.
    interruptionRequested.store(false, ordering: .relaxed)
    unblock()
    // An atomic exchange and _exit are all that a signal handler may do, and all that is needed.
    signal(SIGINT) { _ in
      if interruptionRequested.exchange(true, ordering: .relaxed) { _exit(130) }
    }
  }

  /// A program that was started from a thread which blocks signals inherits the block.
  private static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Ctrl-C ends the program, after what is half-written has been removed: for work without a safe place to stop at.
  static func endAtOnce() {
    // The system's own handling would end the program before the source below is asked.
    signal(SIGINT, SIG_IGN)
    unblock()
    source.setEventHandler {
      AtomicFile.removeUnfinished()
      FileHandle.standardError.write(Data("orrery: Interrupted; nothing was written.\n".utf8))
      _exit(ExitStatus.interrupted)
    }
    source.resume()
  }

  /// Made once and then only resumed; Dispatch's own queue is the one thread that runs its handler.
  nonisolated(unsafe) private static let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
}
