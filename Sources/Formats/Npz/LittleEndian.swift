/// Unsigned integers as zip archives store them, lowest byte first.
enum LittleEndian {
  /// The integer of `size` bytes at `offset`, which must lie inside; nil when it does not fit in an `Int`.
  static func integer(_ bytes: [UInt8], at offset: Int, size: Int) -> Int? {
    var value: UInt64 = 0
    for index in (0..<size).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
    return Int(exactly: value)
  }

  static func append(_ value: Int, size: Int, to bytes: inout [UInt8]) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
