import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written whole or not at all.
///
/// The bytes go to a temporary file in the same folder; `commit()` flushes it to the disk and renames it, which the
/// system does in one step. Dropping the value earlier, or any error, removes the temporary file and leaves what was
/// there before. A process that is killed leaves a hidden file named like `.K.npz.3w5e11264sgs.partial`.
///
/// ```swift
/// let file = try AtomicFile(url)
/// try file.write(header)
/// try file.write(body)
/// try file.commit()
/// ```
public final class AtomicFile {
  /// Where the file will be.
  public let destination: URL
  /// The number of bytes written so far.
  public private(set) var count = 0

  private let name: String
  private let finalPath: String
  private let temporaryPath: String
  private let synchronizes: Bool
  private var descriptor: Int32

  /// What is being written now, so that an interrupted program can remove it.
  private static let unfinished = Mutex<Set<String>>([])

  /// Starts to write.
  ///
  /// - Parameter synchronizes: whether `commit()` waits until the bytes are on the disk, so that they survive a loss of
  ///   power. Without, they survive the end of the process only.
  /// - Throws: `OutputError` when the folder does not exist, the place is taken by a folder or a device, or the system
  ///   refuses.
  public init(_ destination: URL, synchronizes: Bool = true) throws {
    self.destination = destination
    self.synchronizes = synchronizes
    name = ByteSource.displayName(of: destination)
    finalPath = try Self.resolve(destination, name: name)
    let folder = (finalPath as NSString).deletingLastPathComponent
    let last = (finalPath as NSString).lastPathComponent
    let number = UInt64.random(in: .min ... .max)
    temporaryPath = (folder as NSString).appendingPathComponent(
      ".\(last).\(String(number, radix: 36))\(Self.suffix)")
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw Self.refusal(to: "be written", name) }
    let path = temporaryPath
    Self.unfinished.withLock { _ = $0.insert(path) }
    var status = stat()
    if stat(finalPath, &status) == 0 { fchmod(descriptor, status.st_mode & 0o777) }
  }

  deinit { discard() }

  /// What ends the names of temporary files.
  static let suffix = ".partial"

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  /// Appends a text in UTF-8.
  public func write(_ text: String) throws { try write(Array(text.utf8)) }

  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    try put(bytes, at: count)
    count += bytes.count
  }

  /// Replaces bytes that have been written already.
  package func overwrite(_ bytes: [UInt8], at offset: Int) throws {
    precondition(offset >= 0 && offset + bytes.count <= count, "Only what has been written can be replaced.")
    try bytes.withUnsafeBytes { try put($0, at: offset) }
  }

  private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    precondition(descriptor >= 0, "This file has been committed or discarded.")
    guard SystemFile.write(descriptor, bytes, at: offset) else {
      let error = Self.refusal(to: "be written", name)
      discard()
      throw error
    }
  }

  /// Puts the file in its place; nothing can be written afterwards.
  public func commit() throws {
    precondition(descriptor >= 0, "This file has been committed or discarded.")
    guard !synchronizes || fsync(descriptor) == 0, rename(temporaryPath, finalPath) == 0 else {
      let error = Self.refusal(to: "be completed", name)
      discard()
      throw error
    }
    close(descriptor)
    descriptor = -1
    forget()
    if synchronizes { _ = SystemFile.synchronize(path: (finalPath as NSString).deletingLastPathComponent) }
  }

  /// Removes the temporary file; what was at the destination stays.
  public func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporaryPath)
    forget()
  }

  private func forget() {
    let path = temporaryPath
    Self.unfinished.withLock { _ = $0.remove(path) }
  }

  private static func refusal(to action: String, _ name: String) -> OutputError {
    let full = errno == ENOSPC || errno == EDQUOT
    return OutputError(
      .refused, file: name, "the file cannot \(action) (\(SystemFile.lastErrorText))",
      remedy: full ? "make room, or choose another folder" : "choose another folder, or change its permissions")
  }

  /// The path to rename to: links are followed, so that a link keeps pointing to the new contents.
  private static func resolve(_ destination: URL, name: String) throws -> String {
    guard destination.isFileURL else {
      throw OutputError(.refused, file: name, "only local files are written", remedy: "give a path")
    }
    let path = destination.path
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR:
        throw OutputError(.occupied, file: name, "this is a folder", remedy: "give the path of a file")
      default:
        throw OutputError(
          .occupied, file: name, "this is a device or a pipe, which a file must not replace",
          remedy: "give the path of a file")
      }
      guard let resolved = realpath(path, nil) else { return path }
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let folder = destination.deletingLastPathComponent().path
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw OutputError(
        .noSuchFolder, file: name, "the folder \(folder) does not exist",
        remedy: "create it, or choose another place")
    }
    return path
  }
}

extension AtomicFile {
  /// Writes a whole file.
  public static func write(_ bytes: [UInt8], to url: URL) throws {
    let file = try AtomicFile(url)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole file of text in UTF-8.
  public static func write(_ text: String, to url: URL) throws { try write(Array(text.utf8), to: url) }

  /// Checks, before work begins, that a file can be written here.
  ///
  /// - Throws: `OutputError`.
  public static func requireWritable(_ url: URL) throws { try AtomicFile(url, synchronizes: false).discard() }

  /// Removes the temporary files of everything that is being written, for a program that is about to end because it was
  /// interrupted. Writers must not be used afterwards.
  ///
  /// - Parameter folder: only what is being written directly in this folder; everywhere when nil.
  public static func removeUnfinished(in folder: URL? = nil) {
    unfinished.withLock { paths in
      for path in paths where folder == nil || (path as NSString).deletingLastPathComponent == folder?.path {
        unlink(path)
        paths.remove(path)
      }
    }
  }
}
