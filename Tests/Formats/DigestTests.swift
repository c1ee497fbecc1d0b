import Foundation
import OrreryFormats
import OrreryTestSupport
import Testing

/// The examples of FIPS 180 (NIST, "SHA-256", Computer Security Resource Center) and of its validation suite.
@Suite("SHA-256") struct DigestTests {
  private let examples: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ]

  @Test func standardExamples() {
    for (text, digest) in examples { #expect(Digest(of: text).hexadecimal == digest) }
  }

  @Test func aMillionLetters() throws {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(Digest(of: text).description == expected)
    var hasher = Digest.Hasher()
    for start in stride(from: 0, to: text.count, by: 777) {
      hasher.update(Array(text[start..<min(text.count, start + 777)]))
    }
    #expect(hasher.finalize().hexadecimal == expected)
    #expect(hasher.finalize() == Digest(of: text))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("letters")
      try AtomicFile.write(text, to: url)
      #expect(try Digest(contentsOf: url).hexadecimal == expected)
      expectFormatError(.noSuchFile, "\(folder.relativePath)/none: there is no such file; check the path.") {
        try Digest(contentsOf: folder.appendingPathComponent("none"))
      }
    }
  }

  @Test func bytes() { #expect(Digest(of: "abc").bytes.prefix(2) == [0xba, 0x78]) }

  /// The check value of CRC-32/ISO-HDLC, the one of zip and gzip.
  @Test func cyclicRedundancyCheck() { #expect(Checksum.of(Array("123456789".utf8)) == 0xcbf4_3926) }
}
