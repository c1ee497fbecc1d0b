import Foundation

/// Files compressed with gzip (RFC 1952): one member or several, one after another.
public enum Gzip {
  /// Whether these are the first bytes of a gzip file.
  public static func matches(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b }

  /// The decompressed contents of a gzip file in memory.
  ///
  /// - Throws: `FormatError` when the data are damaged, end too early, or unfold to more than `limits.inflatedBytes`.
  public static func inflate(_ bytes: [UInt8], name: String, limits: ReadLimits = ReadLimits()) throws -> [UInt8] {
    try inflate(ByteSource(bytes, name: name), limits: limits)
  }

  /// The decompressed contents of a gzip file.
  public static func inflate(contentsOf url: URL, limits: ReadLimits = ReadLimits()) throws -> [UInt8] {
    try inflate(ByteSource(opening: url), limits: limits)
  }

  package static func inflate(_ source: ByteSource, limits: ReadLimits) throws -> [UInt8] {
    guard try matches(source.prefix(2)) else {
      throw FormatError(
        .malformed, file: source.name, "the file does not start as a gzip file does",
        remedy: "give it a name without .gz if it is not compressed")
    }
    var contents: [UInt8] = []
    var start = 0
    repeat {
      let member = try Inflater(source, range: start..<source.count, wrapping: .gzip)
      try append(member, to: &contents, name: source.name, limit: limits.inflatedBytes)
      start = member.consumedEnd
    } while try anotherMember(source, at: start)
    return contents
  }

  private static func append(_ member: Inflater, to contents: inout [UInt8], name: String, limit: Int) throws {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    while !member.atEnd {
      let count = try member.read(into: piece)
      guard count <= limit - contents.count else {
        throw FormatError(
          .tooLarge, file: name, "the compressed data unfold to more than the limit of \(byteCountText(limit))",
          remedy: "decompress the file beforehand if you trust it")
      }
      contents.append(contentsOf: piece[..<count])
    }
  }

  /// Whether another member follows; zeros after the last one (padding of tapes) are permitted, anything else is not.
  private static func anotherMember(_ source: ByteSource, at offset: Int) throws -> Bool {
    guard offset < source.count else { return false }
    let next = try source.bytes(in: offset..<min(offset + 2, source.count))
    if matches(next) { return true }
    let rest = try source.bytes(in: offset..<source.count)
    guard rest.allSatisfy({ $0 == 0 }) else {
      throw FormatError(
        .malformed, file: source.name, "\(byteCountText(rest.count)) that are no gzip data follow the compressed data",
        remedy: "copy or download the file again")
    }
    return false
  }
}

extension ByteSource {
  /// This source, or what it unfolds to if it is compressed with gzip.
  package func inflatedIfCompressed(limits: ReadLimits) throws -> ByteSource {
    guard try Gzip.matches(prefix(2)) else { return self }
    return ByteSource(try Gzip.inflate(self, limits: limits), name: name)
  }
}
