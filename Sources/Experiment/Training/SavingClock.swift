/// Says now and then that a network's position is to be kept.
///
/// A step of a small network is shorter than a look at the clock, which is therefore taken about once in a millisecond.
struct SavingClock {
  private let interval: Duration
  private var last: ContinuousClock.Instant
  private var due: ContinuousClock.Instant
  /// How often the clock is not looked at, and how often it is still not to be.
  private var stride = 1
  private var left = 1

  /// - Parameter interval: between two answers of yes, and before the first; 0 or less for yes always.
  init(interval: Duration) {
    self.interval = interval
    last = .now
    due = last + interval
  }

  mutating func isDue() -> Bool {
    guard interval > .zero else { return true }
    left -= 1
    guard left == 0 else { return false }
    let now = ContinuousClock.now
    stride = now - last < .milliseconds(1) ? min(2 * stride, 1 << 16) : max(1, stride / 2)
    (last, left) = (now, stride)
    guard now >= due else { return false }
    due = now + interval
    return true
  }
}
