import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that can be read at any offset: an open file, or memory.
///
/// Files are read with `pread` and not mapped into memory: a mapped file that someone shortens meanwhile ends the
/// process, a read only comes back short, which is an error like any other.
package final class ByteSource: Sendable {
  private enum Storage: Sendable {
    case bytes([UInt8])
    case file(Int32)
  }

  /// The file, as the caller named it, for messages.
  package let name: String
  /// The number of bytes, as of opening.
  package let count: Int
  private let storage: Storage

  package init(_ bytes: [UInt8], name: String) {
    self.name = name
    count = bytes.count
    storage = .bytes(bytes)
  }

  /// Opens a file for reading.
  ///
  /// - Throws: `FormatError` when there is none, it may not be read, or it is no ordinary file.
  package init(opening url: URL) throws {
    name = Self.displayName(of: url)
    guard url.isFileURL else {
      throw FormatError(
        .unreadable, file: url.absoluteString, "only local files are read", remedy: "download it and give its path")
    }
    // Not blocking: a named pipe that nobody writes to must not hang the program.
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? FormatError(.noSuchFile, file: name, "there is no such file", remedy: "check the path")
        : FormatError(
          .unreadable, file: name, "the file cannot be opened (\(SystemFile.lastErrorText))",
          remedy: "check its permissions")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FormatError(
        .unreadable, file: name, "this is a folder or a device and not a file", remedy: "give the path of a file")
    }
    count = Int(status.st_size)
    storage = .file(descriptor)
  }

  deinit { if case .file(let descriptor) = storage { close(descriptor) } }

  /// The path as the caller wrote it, where the URL still knows.
  package static func displayName(of url: URL) -> String {
    url.isFileURL ? url.relativePath : url.absoluteString
  }

  /// Fills `target` with the bytes from `offset` on.
  ///
  /// - Throws: `FormatError` when fewer are left.
  package func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    guard target.count > 0 else { return }
    guard offset >= 0, offset <= count, target.count <= count - offset else { throw truncated() }
    switch storage {
    case .bytes(let bytes):
      bytes.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset...].prefix(target.count)))
      }
    case .file(let descriptor):
      guard let read = SystemFile.read(descriptor, into: target, at: offset) else {
        throw FormatError(
          .unreadable, file: name, "reading failed (\(SystemFile.lastErrorText))", remedy: "check the disk")
      }
      guard read == target.count else { throw truncated() }
    }
  }

  /// The bytes of a range, which must lie inside.
  package func bytes(in range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else { throw truncated() }
    return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
      initialized = range.count
    }
  }

  /// The first bytes, at most `limit` of them.
  package func prefix(_ limit: Int) throws -> [UInt8] { try bytes(in: 0..<min(limit, count)) }

  private func truncated() -> FormatError {
    FormatError(.truncated, file: name, "the file ends too early", remedy: "copy or save it again")
  }
}
