import Foundation

/// The format of the MNIST family: arrays of integers or floating-point numbers, big-endian, plain or gzipped.
///
/// Two zero bytes, a byte for the element type, a byte for the number of axes, one 32-bit extent per axis, the elements.
/// Reference: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
public enum Idx {
  /// Whether these can be the first bytes of an IDX file.
  public static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && elementType(bytes[2]) != nil && bytes[3] > 0
  }

  /// Reads a file, which may be compressed with gzip.
  ///
  /// - Throws: `FormatError`.
  public static func read(from url: URL, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    try read(ByteSource(opening: url), limits: limits)
  }

  /// Reads a file in memory, which may be compressed with gzip; `name` is what messages call it.
  public static func read(_ bytes: [UInt8], name: String, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    try read(ByteSource(bytes, name: name), limits: limits)
  }

  static func read(_ source: ByteSource, limits: ReadLimits) throws -> NumericArray {
    let contents = try source.inflatedIfCompressed(limits: limits)
    let stream = SourceStream(contents)
    let remedy = "copy or download the file again"
    func malformed(_ problem: String) -> FormatError {
      FormatError(.malformed, file: source.name, problem, remedy: remedy)
    }
    guard stream.remaining >= 4 else {
      throw FormatError(
        .truncated, file: source.name, "the file ends within the first bytes of an IDX file", remedy: remedy)
    }
    let start = try stream.bytes(4)
    guard start[0] == 0, start[1] == 0 else {
      throw malformed("the file does not start with two zero bytes, as an IDX file does")
    }
    guard let type = elementType(start[2]) else {
      throw malformed("the element type \(start[2]) is none of IDX's (8, 9, 11, 12, 13, 14)")
    }
    guard (1...64).contains(start[3]) else { throw malformed("an array of \(start[3]) axes is not read") }
    let rank = Int(start[3])
    guard stream.remaining >= 4 * rank else {
      throw FormatError(.truncated, file: source.name, "the file ends within its header", remedy: remedy)
    }
    let extents = try stream.bytes(4 * rank)
    let shape = (0..<rank).map { axis in extents[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) } }
    let description = ArrayDescription(elementType: type, shape: shape, bigEndian: type.size > 1)
    return try NumericArray(description, from: stream, limits: limits, remedy: remedy)
  }

  private static func elementType(_ code: UInt8) -> ElementType? {
    switch code {
    case 0x08: .uint8
    case 0x09: .int8
    case 0x0b: .int16
    case 0x0c: .int32
    case 0x0d: .float32
    case 0x0e: .float64
    default: nil
    }
  }
}
