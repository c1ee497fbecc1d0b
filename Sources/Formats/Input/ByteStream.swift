/// Bytes that are read once, from front to back, and whose number is known beforehand.
///
/// Array decoders read from this, so that a member of an archive goes straight into its array, compressed or not.
package protocol ByteStream: AnyObject {
  /// The file, and within an archive the member, for messages.
  var name: String { get }
  /// How many bytes are still to come.
  var remaining: Int { get }
  /// Fills `target` completely.
  func read(into target: UnsafeMutableRawBufferPointer) throws
  /// Call after the last byte: checks what can only be checked then, such as a checksum.
  func finish() throws
}

extension ByteStream {
  /// The next `count` bytes, which must not be more than remain.
  package func bytes(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(into: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}

/// A range of a source, as a stream.
package final class SourceStream: ByteStream {
  package let name: String
  private let source: ByteSource
  private var position: Int
  private let end: Int

  /// - Precondition: the range lies inside the source.
  package init(_ source: ByteSource, range: Range<Int>? = nil, name: String? = nil) {
    let range = range ?? 0..<source.count
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count, "The range leaves the source.")
    self.source = source
    self.name = name ?? source.name
    position = range.lowerBound
    end = range.upperBound
  }

  package var remaining: Int { end - position }

  package func read(into target: UnsafeMutableRawBufferPointer) throws {
    guard target.count <= remaining else {
      throw FormatError(.truncated, file: name, "the file ends too early", remedy: "copy or save it again")
    }
    try source.read(into: target, at: position)
    position += target.count
  }

  package func finish() throws {}
}
