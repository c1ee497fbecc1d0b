import Foundation

/// How much memory a file may ask for.
///
/// A header is not believed before it is compared with the size of its file, so plain files are limited by themselves;
/// these limits are for compressed files, which can be tiny and unfold to anything, and for arrays larger than memory.
public struct ReadLimits: Sendable, Hashable {
  /// The largest array in bytes; the machine's memory unless told otherwise.
  public var arrayBytes: Int
  /// The most bytes that one compressed file or member may unfold to.
  public var inflatedBytes: Int

  public init(arrayBytes: Int? = nil, inflatedBytes: Int = 8 << 30) {
    self.arrayBytes = arrayBytes ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
    self.inflatedBytes = inflatedBytes
  }

  /// The most that deflate can unfold one byte to (1032), with room for the ends of a stream.
  ///
  /// Deflate's densest code spends two bits on 258 bytes. A member that declares more than this times its compressed
  /// size is lying.
  package static func largestInflation(ofCompressed count: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: 1032)
    return overflow ? Int.max : product.addingReportingOverflow(1032).overflow ? Int.max : product + 1032
  }
}

/// A number of bytes as people write it: `"80 bytes"`, `"1.5 GiB"`.
package func byteCountText(_ count: Int) -> String {
  if count == 1 { return "1 byte" }
  if count < 1 << 20 { return "\(count) bytes" }
  let units = ["MiB", "GiB", "TiB", "PiB", "EiB"]
  var value = Double(count) / 0x1p20
  var unit = 0
  while value >= 1024, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  let tenths = (value * 10).rounded()
  return "\(Int(tenths) / 10).\(Int(tenths) % 10) \(units[unit])"
}
