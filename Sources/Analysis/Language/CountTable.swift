/// Counts by key, in one array with linear probing: millions of keys at some tens of nanoseconds each.
struct CountTable: Sendable {
  private struct Slot {
    var key: UInt64
    /// How often, and how many kinds followed; a slot of no count is free.
    var count: UInt32
    var kinds: UInt32
  }

  private var slots: [Slot]
  private var used = 0

  init(expected: Int = 0) {
    var size = 1 << 10
    while size < 2 * expected { size <<= 1 }
    slots = Array(repeating: Slot(key: 0, count: 0, kinds: 0), count: size)
  }

  /// Where a key is, or would be: a free slot then.
  @inline(__always)
  private func place(_ key: UInt64) -> Int {
    // Fibonacci hashing: the product's high bits depend on all bits of the key.
    let mask = slots.count &- 1
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while slots[place].count > 0, slots[place].key != key { place = (place &+ 1) & mask }
    return place
  }

  /// Counts a key once more.
  ///
  /// - Returns: whether it is new.
  @discardableResult
  mutating func add(_ key: UInt64) -> Bool {
    let place = place(key)
    slots[place].count += 1
    guard slots[place].count == 1 else { return false }
    slots[place].key = key
    used += 1
    if 3 * used > 2 * slots.count { grow() }
    return true
  }

  /// Counts a key once more, and a kind of what followed it where that is new.
  mutating func add(_ key: UInt64, newKind: Bool) {
    add(key)
    // The table may have grown.
    if newKind { slots[place(key)].kinds += 1 }
  }

  func count(_ key: UInt64) -> Int { Int(slots[place(key)].count) }

  func countAndKinds(_ key: UInt64) -> (count: Int, kinds: Int) {
    let slot = slots[place(key)]
    return (Int(slot.count), Int(slot.kinds))
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(key: 0, count: 0, kinds: 0), count: 2 * old.count)
    for slot in old where slot.count > 0 { slots[place(slot.key)] = slot }
  }
}
