@preconcurrency import Dispatch
import Foundation
import OrreryFormats
import Synchronization

private let interruptionRequested = Atomic<Bool>(false)

/// Ctrl-C asks the work to stop at the next safe place; a second one, or work that finds no such place for seconds, ends the
/// program at once.
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
    // A thread of its own: the work may hold all of Dispatch's.
    Thread.detachNewThread {
      while !isRequested { usleep(50_000) }
      usleep(patience)
      end("Interrupted before a place to stop at was reached.")
    }
  }

  /// How long the work has to come to a safe place: long enough for most, short for a person who waits.
  private static let patience: UInt32 = 3_000_000

  /// Ends the program, after what is half-written has been removed.
  private static func end(_ sentence: String) -> Never {
    AtomicFile.removeUnfinished()
    StandardError.print("orrery: \(sentence)")
    _exit(ExitStatus.interrupted)
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
    source.setEventHandler { end("Interrupted; nothing was written.") }
    source.resume()
  }

  /// Made once and then only resumed; Dispatch's own queue is the one thread that runs its handler.
  nonisolated(unsafe) private static let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
}
