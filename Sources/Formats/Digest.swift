import CMessageDigest
import Foundation

/// A SHA-256 message digest (FIPS 180-4), computed by libmd.
///
/// ```swift
/// let digest = try Digest(contentsOf: url)
/// print(digest.hexadecimal)
/// ```
public struct Digest: Hashable, Sendable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// The digest of bytes in memory.
  public init(of bytes: [UInt8]) {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.update($0) }
    self = hasher.finalize()
  }

  /// The digest of a text in UTF-8.
  public init(of text: String) { self.init(of: Array(text.utf8)) }

  /// The digest of a file, read in pieces.
  ///
  /// - Throws: `FormatError` when the file cannot be read.
  public init(contentsOf url: URL) throws {
    let source = try ByteSource(opening: url)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { piece.deallocate() }
    var hasher = Hasher()
    var position = 0
    while position < source.count {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, source.count - position)])
      try source.read(into: part, at: position)
      hasher.update(UnsafeRawBufferPointer(part))
      position += part.count
    }
    self = hasher.finalize()
  }

  fileprivate init(rawBytes: [UInt8]) { bytes = rawBytes }

  /// 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension Digest: CustomStringConvertible {
  public var description: String { hexadecimal }
}

extension Digest {
  /// A digest of bytes that come in pieces.
  public struct Hasher {
    private var context = SHA2_CTX()

    public init() { SHA256Init(&context) }

    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
      guard let start = bytes.baseAddress else { return }
      SHA256Update(&context, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    /// The digest of everything so far; more may follow.
    public func finalize() -> Digest {
      var copy = context
      return Digest(
        rawBytes: [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
          SHA256Final(buffer.baseAddress!, &copy)
          count = 32
        })
    }
  }
}
