/// The table of contents of a zip archive, every number in it checked against the size of the file.
///
/// Reference: PKWARE, APPNOTE.TXT 6.3.10: end record (4.3.16), its 64-bit form (4.3.14), central directory (4.3.12). The
/// directory is believed, not the headers in front of the members, whose sizes may be missing in streamed archives.
struct ZipArchive: Sendable {
  struct Member: Hashable, Sendable {
    var name: String
    /// 0 stored, 8 deflated.
    var method: Int
    var isEncrypted: Bool
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var headerOffset: Int
  }

  let source: ByteSource
  let members: [Member]
  /// Where the central directory starts, and so the last place where a member may end.
  private let directoryOffset: Int

  /// Whether these are the first bytes of a zip archive.
  static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6])
  }

  init(_ source: ByteSource) throws {
    self.source = source
    let end = try Self.endRecord(source)
    directoryOffset = end.directoryOffset
    let directory = try source.bytes(in: end.directoryOffset..<(end.directoryOffset + end.directorySize))
    var members: [Member] = []
    var position = 0
    for _ in 0..<end.memberCount {
      let (member, next) = try Self.member(directory, at: position, of: source)
      members.append(member)
      position = next
    }
    self.members = members
  }

  /// Where the bytes of a member lie.
  func dataRange(of member: Member) throws -> Range<Int> {
    let offset = member.headerOffset
    guard offset <= directoryOffset, directoryOffset - offset >= 30 else { throw Self.malformed(source) }
    let header = try source.bytes(in: offset..<(offset + 30))
    guard header.starts(with: [0x50, 0x4b, 3, 4]) else { throw Self.malformed(source) }
    let nameAndExtra = Int(header[26]) + Int(header[27]) << 8 + Int(header[28]) + Int(header[29]) << 8
    let start = offset + 30 + nameAndExtra
    guard start <= directoryOffset, member.compressedSize <= directoryOffset - start else {
      throw Self.malformed(source)
    }
    return start..<(start + member.compressedSize)
  }

  private struct End {
    var memberCount: Int
    var directorySize: Int
    var directoryOffset: Int
  }

  private static func malformed(_ source: ByteSource) -> FormatError {
    FormatError(
      .malformed, file: source.name, "the archive's table of contents is damaged", remedy: "copy or save it again")
  }

  private static func endRecord(_ source: ByteSource) throws -> End {
    let size = 22
    let tailStart = max(0, source.count - size - 0xffff)
    let tail = try source.bytes(in: tailStart..<source.count)
    let place = stride(from: tail.count - size, through: 0, by: -1).first { start in
      tail[start] == 0x50 && tail[start + 1] == 0x4b && tail[start + 2] == 5 && tail[start + 3] == 6
        && start + size + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count
    }
    guard let place else {
      throw FormatError(
        .truncated, file: source.name, "the archive has no table of contents at its end, so that it is cut short",
        remedy: "copy or save it again")
    }
    func field(_ offset: Int, _ size: Int) -> Int { LittleEndian.integer(tail, at: place + offset, size: size)! }
    var end = End(memberCount: field(10, 2), directorySize: field(12, 4), directoryOffset: field(16, 4))
    var limit = tailStart + place
    if end.memberCount == 0xffff || end.directorySize == 0xffff_ffff || end.directoryOffset == 0xffff_ffff,
      let (wide, wideOffset) = try wideEndRecord(source, before: limit)
    {
      end = wide
      limit = wideOffset
    }
    guard end.directoryOffset <= limit, end.directorySize <= limit - end.directoryOffset,
      end.memberCount <= end.directorySize / 46
    else { throw malformed(source) }
    return end
  }

  /// The 64-bit end record, if the locator that must stand just before the end record is there.
  private static func wideEndRecord(_ source: ByteSource, before limit: Int) throws -> (End, offset: Int)? {
    guard limit >= 20 else { return nil }
    let locator = try source.bytes(in: (limit - 20)..<limit)
    guard locator.starts(with: [0x50, 0x4b, 6, 7]) else { return nil }
    guard let offset = LittleEndian.integer(locator, at: 8, size: 8), offset <= limit - 20, limit - 20 - offset >= 56
    else { throw malformed(source) }
    let record = try source.bytes(in: offset..<(offset + 56))
    guard record.starts(with: [0x50, 0x4b, 6, 6]), let count = LittleEndian.integer(record, at: 32, size: 8),
      let size = LittleEndian.integer(record, at: 40, size: 8),
      let start = LittleEndian.integer(record, at: 48, size: 8)
    else { throw malformed(source) }
    return (End(memberCount: count, directorySize: size, directoryOffset: start), offset)
  }

  private static func member(_ directory: [UInt8], at start: Int, of source: ByteSource) throws -> (Member, next: Int) {
    func field(_ offset: Int, _ size: Int) -> Int { LittleEndian.integer(directory, at: start + offset, size: size)! }
    guard directory.count - start >= 46, directory[start...].starts(with: [0x50, 0x4b, 1, 2]) else {
      throw malformed(source)
    }
    let nameEnd = start + 46 + field(28, 2)
    let extraEnd = nameEnd + field(30, 2)
    let next = extraEnd + field(32, 2)
    guard next <= directory.count else { throw malformed(source) }
    var sizes = [field(24, 4), field(20, 4), field(42, 4)]
    try widen(&sizes, extra: Array(directory[nameEnd..<extraEnd]), source: source)
    return (
      Member(
        name: String(decoding: directory[(start + 46)..<nameEnd], as: UTF8.self), method: field(10, 2),
        isEncrypted: field(8, 2) & 1 != 0, checksum: UInt32(field(16, 4)), compressedSize: sizes[1], size: sizes[0],
        headerOffset: sizes[2]), next
    )
  }

  /// Replaces the sizes that did not fit in 32 bits by those of the extra field 1, which holds just these, in order.
  private static func widen(_ sizes: inout [Int], extra: [UInt8], source: ByteSource) throws {
    var position = 0
    while extra.count - position >= 4 {
      let tag = LittleEndian.integer(extra, at: position, size: 2)!
      let length = LittleEndian.integer(extra, at: position + 2, size: 2)!
      let end = position + 4 + length
      guard end <= extra.count else { throw malformed(source) }
      if tag == 1 {
        var place = position + 4
        for index in sizes.indices where sizes[index] == 0xffff_ffff && end - place >= 8 {
          guard let wide = LittleEndian.integer(extra, at: place, size: 8) else { throw malformed(source) }
          sizes[index] = wide
          place += 8
        }
      }
      position = end
    }
  }
}
