#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

#if _endian(big)
  #error("The array formats are read and written as little-endian memory; this processor is big-endian.")
#endif

/// The few system calls that files need, with interrupted and partial transfers continued.
enum SystemFile {
  /// The largest single transfer: Linux stops at 2 GiB − 4 KiB, Darwin refuses more than 2 GiB − 1.
  private static let largestTransfer = 1 << 30

  /// What the system says about the last failed call.
  static var lastErrorText: String { String(cString: strerror(errno)) }

  /// Reads up to `target.count` bytes at `offset`; fewer only at the end of the file. Nil when the system refuses.
  static func read(_ descriptor: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
    var done = 0
    while done < target.count {
      let wanted = min(largestTransfer, target.count - done)
      let count = pread(descriptor, target.baseAddress! + done, wanted, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Writes all bytes at `offset`; false when the system refuses.
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let wanted = min(largestTransfer, bytes.count - done)
      let count = pwrite(descriptor, bytes.baseAddress! + done, wanted, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Flushes a file or folder to the device; false when the system refuses.
  static func synchronize(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }
}
