import OrreryStudies
import Synchronization

/// A progress line, with the time left of work whose fraction is known, a few times a second, from any thread.
final class ProgressClock: Sendable {
  private struct State {
    var text = ""
    var (begin, shown) = (ContinuousClock.now, ContinuousClock.now)
    /// Of the work that was done when it began: a run that goes on begins in the middle, and its rate is that of this sitting.
    var start = 0.0
  }

  private let progress: Progress
  private let state = Mutex(State())

  init(_ progress: Progress) { self.progress = progress }

  /// - Parameters:
  ///   - text: what is being done; another one starts the clock anew.
  ///   - fraction: of it that is done, 0 … 1, where that is known.
  func show(_ text: String, _ fraction: Double?) {
    guard progress.isShown else { return }
    let line: String? = state.withLock { state in
      let now = ContinuousClock.now
      guard let fraction else {
        state.text = ""
        return text
      }
      if state.text != text { state = State(text: text, begin: now, shown: now, start: fraction) }
      guard now - state.shown > .milliseconds(200) else { return nil }
      state.shown = now
      let done = fraction - state.start
      let elapsed = (now - state.begin) / .seconds(1)
      let left =
        done > 0.001 && elapsed > 1 ? ", \(StudyCheck.duration(seconds: elapsed * (1 - fraction) / done)) left" : ""
      return "\(text) \(Int((100 * fraction).rounded(.down))) %\(left)"
    }
    if let line { progress.show(line) }
  }
}
