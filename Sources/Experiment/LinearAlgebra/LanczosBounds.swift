/// How large a Lanczos process may be.
enum LanczosBounds {
  /// The tridiagonal matrix is solved as a dense one, at intervals.
  static let mostSteps = 4096
  /// Numbers in the basis.
  static let mostNumbers = 1 << 34

  /// - Parameter remedy: what fewer of make fewer steps.
  /// - Throws: ``ObservableError`` for a process that is too long, or whose basis is too large.
  static func check(_ key: String, _ setting: ObservableSetting, steps: Int, remedy: String) throws {
    let vectors = min(steps, setting.layout.count)
    guard vectors <= mostSteps, vectors <= mostNumbers / max(1, setting.layout.count) else {
      throw ObservableError(
        key, "\(vectors) Lanczos vectors of \(setting.layout.count) numbers are more than can be held",
        remedy: "take fewer \(remedy)")
    }
  }
}
