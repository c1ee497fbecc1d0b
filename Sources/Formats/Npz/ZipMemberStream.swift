/// The contents of one member of a zip archive, decompressed if need be, its checksum verified at the end.
final class ZipMemberStream: ByteStream {
  private enum Contents {
    case stored(SourceStream)
    case deflated(Inflater)
  }

  let name: String
  private(set) var remaining: Int
  private let expected: UInt32
  private let contents: Contents
  private var checksum = Checksum()

  /// - Throws: `FormatError` when the member is encrypted, compressed in another way, or declares a size that its
  ///   compressed bytes cannot unfold to, or that exceeds the limits; nothing has been decompressed then.
  init(_ member: ZipArchive.Member, of archive: ZipArchive, name: String, limits: ReadLimits) throws {
    let range = try archive.dataRange(of: member)
    guard !member.isEncrypted else {
      throw FormatError(.unsupported, file: name, "the array is encrypted", remedy: "save it without a password")
    }
    switch member.method {
    case 0:
      guard member.size == range.count else {
        throw FormatError(
          .inconsistent, file: name,
          "the archive promises \(byteCountText(member.size)) and holds \(byteCountText(range.count))",
          remedy: "save it again with numpy.savez")
      }
      contents = .stored(SourceStream(archive.source, range: range, name: name))
    case 8:
      guard member.size <= ReadLimits.largestInflation(ofCompressed: range.count) else {
        throw FormatError(
          .inconsistent, file: name,
          "the archive promises \(byteCountText(member.size)) from \(byteCountText(range.count)) of compressed data, "
            + "more than the factor 1032 that is possible", remedy: "save it again with numpy.savez_compressed")
      }
      guard member.size <= limits.inflatedBytes else {
        throw FormatError(
          .tooLarge, file: name,
          "the compressed array unfolds to \(byteCountText(member.size)), more than the limit of "
            + byteCountText(limits.inflatedBytes), remedy: "save it with numpy.savez if you trust it")
      }
      contents = .deflated(try Inflater(archive.source, range: range, wrapping: .none))
    default:
      throw FormatError(
        .unsupported, file: name, "the array is compressed by method \(member.method), and only 0 and 8 are read",
        remedy: "save it with numpy.savez or numpy.savez_compressed")
    }
    self.name = name
    remaining = member.size
    expected = member.checksum
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws {
    guard target.count <= remaining else { throw short() }
    // In pieces, so that the checksum is taken while they are in the cache.
    var position = 0
    while position < target.count {
      let count = min(1 << 18, target.count - position)
      let piece = UnsafeMutableRawBufferPointer(rebasing: target[position..<(position + count)])
      switch contents {
      case .stored(let stream): try stream.read(into: piece)
      case .deflated(let inflater): guard try inflater.read(into: piece) == count else { throw short() }
      }
      checksum.update(UnsafeRawBufferPointer(piece))
      position += count
    }
    remaining -= target.count
  }

  func finish() throws {
    if case .deflated(let inflater) = contents { try inflater.requireEnd() }
    guard remaining == 0, checksum.value == expected else {
      throw FormatError(
        .corrupt, file: name, "the contents do not have the checksum that the archive states",
        remedy: "copy or save it again")
    }
  }

  private func short() -> FormatError {
    FormatError(
      .truncated, file: name, "the contents end before the size that the archive states",
      remedy: "copy or save it again")
  }
}
