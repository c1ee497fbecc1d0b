import Foundation
import OrreryFormats
import Synchronization

private let readerIsGone = Atomic<Bool>(false)

/// Where results go. Every byte is accounted for: a full disk is an error with a sentence and exit status 73.
///
/// A reader that has seen enough (`orrery forecast mine.yaml | head -1`) is no error: the rest of the text is dropped, and
/// the command does what else it has to do.
enum StandardOutput {
  /// Lets writes to a closed pipe return instead of ending the program.
  static func install() { signal(SIGPIPE, SIG_IGN) }

  /// - Throws: ``UnwritableOutput`` when the system refuses.
  static func print(_ text: String = "", terminator: String = "\n") throws {
    guard !readerIsGone.load(ordering: .relaxed) else { return }
    guard let code = Descriptor.write(text + terminator, to: STDOUT_FILENO) else { return }
    guard code != EPIPE else { return readerIsGone.store(true, ordering: .relaxed) }
    throw UnwritableOutput(
      description:
        "Standard output cannot be written (\(String(cString: strerror(code)))); free space, or send it elsewhere.")
  }
}

/// Where sentences and progress go. There is nowhere to complain of a standard error that cannot be written.
enum StandardError {
  static func print(_ text: String, terminator: String = "\n") {
    _ = Descriptor.write(text + terminator, to: STDERR_FILENO)
  }
}

private enum Descriptor {
  /// Writes all of a text; nil, or the system's code for why not.
  static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, rest.baseAddress!, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if count < 0, errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}

/// An output that cannot be written.
struct UnwritableOutput: Error, CustomStringConvertible {
  var description: String
  var category: FailureCategory { .cannotWrite }
}
