import CZlib

/// The 32-bit cyclic redundancy check of zip archives and tile journals, computed by zlib.
package struct Checksum {
  package private(set) var value: UInt32 = 0

  package init() {}

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    // zlib counts in 32 bits.
    var position = 0
    while position < bytes.count {
      let count = min(1 << 30, bytes.count - position)
      let piece = (start + position).assumingMemoryBound(to: UInt8.self)
      value = UInt32(truncatingIfNeeded: crc32(uLong(value), piece, uInt(count)))
      position += count
    }
  }

  package static func of(_ bytes: [UInt8]) -> UInt32 {
    var checksum = Checksum()
    bytes.withUnsafeBytes { checksum.update($0) }
    return checksum.value
  }
}
