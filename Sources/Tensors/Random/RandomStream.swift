/// What a random draw is for. A closed list: adding a purpose never disturbs the draws of another.
public enum RandomPurpose: UInt8, Codable, Sendable, CaseIterable {
  case weights = 1
  case biases = 2
  case gramChain = 3
  case syntheticInputs = 4
  case dataSubset = 5
  case bootstrap = 6
  case batches = 7
  case probe = 8
  case test = 255
}

/// A counter-based stream (Philox4x32-10): a draw is a function of (seed, purpose, member, layer, step, index) alone.
///
/// Member i is the same network in an ensemble of 200 or 1000, and results do not depend on the number of threads.
/// Key: the 64-bit seed. Counter: (index / 4 low 32 bits, member, step, purpose 8 bits | layer 16 bits | index / 4 high 8 bits).
public struct RandomStream: Sendable, Hashable {
  public var seed: UInt64
  public var purpose: RandomPurpose
  public var member: UInt32
  public var layer: UInt16
  public var step: UInt32

  public init(seed: UInt64, purpose: RandomPurpose, member: Int = 0, layer: Int = 0, step: Int = 0) {
    self.seed = seed
    self.purpose = purpose
    self.member = UInt32(member)
    self.layer = UInt16(layer)
    self.step = UInt32(step)
  }
}
