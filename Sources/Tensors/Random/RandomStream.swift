import CElementwise

/// A counter-based stream (Philox4x32-10): a draw is a function of (seed, purpose, member, layer, step, index) alone.
///
/// ```swift
/// let weights = RandomStream(seed: 7, purpose: .weights, member: 3, layer: 1)
/// let w = weights.normals(count: 64)
/// ```
///
/// Member i is the same network in an ensemble of 200 or 1000, and results do not depend on the number of threads, on how
/// draws are asked for (draw i is the same in whatever chunk), or on the processor's instruction set, to the bit.
///
/// **Key plan.** Key: the 64-bit seed. Counter: four words,
/// (block, member, step, purpose 8 bits | layer 16 bits | twin 1 bit | block's high 7 bits).
/// Block b holds the 32-bit words of draws 4b to 4b + 3. A 64-bit draw takes its high half there and its low half from the
/// twin block, so that a draw in `Double` is the same draw in `Float` with more bits: networks of one seed are the same
/// network in either precision. A stream has 2⁴¹ draws.
///
/// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC 2011,
/// doi:10.1145/2063384.2063405.
public struct RandomStream: Sendable, Hashable {
  public var seed: UInt64
  public var purpose: RandomPurpose
  public var member: UInt32
  public var layer: UInt16
  public var step: UInt32

  /// - Precondition: `member` and `step` fit in 32 bits, `layer` in 16; none is negative.
  public init(seed: UInt64, purpose: RandomPurpose, member: Int = 0, layer: Int = 0, step: Int = 0) {
    self.seed = seed
    self.purpose = purpose
    self.member = UInt32(member)
    self.layer = UInt16(layer)
    self.step = UInt32(step)
  }

  /// The number of draws that a stream has.
  public static let drawCount = 1 << 41

  /// The stream as the kernels take it.
  var key: orrery_stream {
    orrery_stream(
      seed: seed, member: member, step: step, place: UInt32(purpose.rawValue) << 24 | UInt32(layer) << 8)
  }

  static func check(index: Int, count: Int) {
    precondition(
      index >= 0 && count >= 0 && index <= drawCount - count,
      "Draws \(index)..<\(index)+\(count) are outside a stream, which has 2^41 of them; use another step or layer.")
  }
}
