import OrreryTensors

/// A vector as long as all parameters, in parts that threads share: at most sixteen, since each is asked for, and none so short
/// that asking for it would take longer than what is done with it.
///
/// Threads take parts from either end (``ThreadTeam``), in each pass the same ones: so most of them are in the cache of the core
/// that comes back to them.
struct VectorParts: Sendable {
  let length: Int
  let count: Int
  private let part: Int

  init(_ length: Int, isShared: Bool = true) {
    self.length = length
    part = isShared ? max(4096, (length / 16 + 15) / 16 * 16) : max(1, length)
    count = (length + part - 1) / part
  }

  func range(_ index: Int) -> Range<Int> { index * part..<min(length, (index + 1) * part) }
}
