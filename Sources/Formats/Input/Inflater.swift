import CZlib

/// Undoes deflate compression (RFC 1951) piece by piece, with zlib, from a range of a source.
package final class Inflater {
  package enum Wrapping: Int32 {
    /// Bare deflate data, as in a zip archive.
    case none = -15
    /// With gzip's header, checksum and length (RFC 1952), which zlib checks.
    case gzip = 31
  }

  private let source: ByteSource
  private let end: Int
  private var position: Int
  // zlib keeps the address of its stream, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private(set) var atEnd = false

  /// - Precondition: the range lies inside the source.
  package init(_ source: ByteSource, range: Range<Int>, wrapping: Wrapping) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count, "The range leaves the source.")
    self.source = source
    position = range.lowerBound
    end = range.upperBound
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: max(1, min(1 << 16, range.count)), alignment: 16)
    let status = inflateInit2_(stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw FormatError(
        .tooLarge, file: source.name, "there is no memory to decompress it", remedy: "decompress it beforehand")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// The offset in the source just after the last byte that was used.
  package var consumedEnd: Int { position - Int(stream.pointee.avail_in) }

  /// Fills `target`; returns fewer bytes only at the end of the compressed stream.
  package func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < target.count, !atEnd {
      if stream.pointee.avail_in == 0 { try refill() }
      let room = min(target.count - done, 1 << 30)
      stream.pointee.next_out = (target.baseAddress! + done).assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      let status = inflate(stream, Z_NO_FLUSH)
      done += room - Int(stream.pointee.avail_out)
      switch status {
      case Z_OK: break
      case Z_STREAM_END: atEnd = true
      case Z_BUF_ERROR where stream.pointee.avail_in == 0: break
      default: throw corrupt()
      }
    }
    return done
  }

  /// Checks that the compressed stream ends here, with no byte more.
  package func requireEnd() throws {
    guard !atEnd else { return }
    var extra: UInt8 = 0
    let count = try withUnsafeMutableBytes(of: &extra) { try read(into: $0) }
    guard count == 0, atEnd else { throw corrupt() }
  }

  private func refill() throws {
    let count = min(input.count, end - position)
    guard count > 0 else {
      throw FormatError(
        .truncated, file: source.name, "the compressed data end too early", remedy: "copy or download the file again")
    }
    try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[..<count]), at: position)
    position += count
    stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
  }

  private func corrupt() -> FormatError {
    let detail = stream.pointee.msg.map { " (\(String(cString: $0)))" } ?? ""
    return FormatError(
      .corrupt, file: source.name, "the compressed data are damaged\(detail)",
      remedy: "copy or download the file again")
  }
}
