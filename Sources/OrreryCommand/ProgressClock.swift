import Foundation
import OrreryStudies
import Synchronization

/// A progress line with the time left, a few times a second, from any thread.
final class ProgressClock: Sendable {
  private let progress: Progress
  private let title: String
  private let state = Mutex((begin: ContinuousClock.now, shown: ContinuousClock.now, start: -1.0))

  init(_ progress: Progress, _ title: String) {
    self.progress = progress
    self.title = title
  }

  /// - Parameter fraction: of the work, 0 … 1.
  func show(_ fraction: Double) {
    guard progress.isShown else { return }
    let text: String? = state.withLock { state in
      let now = ContinuousClock.now
      // A run that goes on begins in the middle: its rate is that of this sitting.
      if state.start < 0 { (state.start, state.begin) = (fraction, now) }
      guard now - state.shown > .milliseconds(200) else { return nil }
      state.shown = now
      let done = fraction - state.start
      let elapsed = (now - state.begin) / .seconds(1)
      var text = "\(title) \(Int((100 * fraction).rounded(.down))) %"
      if done > 0.001, elapsed > 1 {
        text += ", \(StudyCheck.duration(seconds: elapsed * (1 - fraction) / done)) left"
      }
      return text
    }
    if let text { progress.show(text) }
  }
}
