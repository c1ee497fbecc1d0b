import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Says that a process is at work on a run: a lock on a small file, which the system gives back when the process ends,
/// however it ends.
///
/// A number of a process in the database would outlive the process, and the system may give it to another one.
final class RunLock: Sendable {
  private let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Nil when another holds it.
  ///
  /// - Throws: `ArchiveError` when the file cannot be made.
  static func acquire(_ path: String, folder: String) throws -> RunLock? {
    // Who asks whether a lock is held holds it for a moment: that is not someone at work.
    for attempt in 0..<4 {
      if attempt > 0 { usleep(5_000) }
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else {
        throw ArchiveError(
          errno == ENOSPC || errno == EDQUOT ? .full : .cannotWrite,
          "The archive \(folder) cannot be written (\(String(cString: strerror(errno)))); check its permissions and its "
            + "disk, or name another with --archive.")
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStill(descriptor, at: path) {
        let number = Array("\(getpid())\n".utf8)
        // The number is for people only; a full disk leaves it out.
        _ = ftruncate(descriptor, 0)
        _ = number.withUnsafeBytes { pwrite(descriptor, $0.baseAddress!, $0.count, 0) }
        return RunLock(path: path, descriptor: descriptor)
      }
      close(descriptor)
    }
    return nil
  }

  /// Whether a process is at work.
  static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// The number of the process that holds it, as that process wrote it.
  static func holder(_ path: String) -> Int32? {
    (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
      Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }

  /// The one who held the lock before may have removed the file between our opening and locking it.
  private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var (own, there) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat(path, &there) == 0 && own.st_ino == there.st_ino
      && own.st_dev == there.st_dev
  }

  deinit {
    // While the lock is still held, so that nobody's new file is removed.
    unlink(path)
    close(descriptor)
  }
}
