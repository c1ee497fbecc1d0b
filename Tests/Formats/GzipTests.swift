import Foundation
import OrreryFormats
import Testing

@Suite("gzip") struct GzipTests {
  private let text = Array("0.5,1.5\n".utf8)

  @Test func contents() throws {
    #expect(try Gzip.inflate(storedGzip(text), name: "X.gz") == text)
    #expect(
      try Gzip.inflate(contentsOf: Fixtures.url("table.csv.gz")) == Fixtures.bytes("savetxt.csv"))
    #expect(try Gzip.inflate(storedGzip([]), name: "X.gz") == [])
  }

  @Test func severalMembersAndPadding() throws {
    let member = storedGzip(text)
    #expect(try Gzip.inflate(member + member + member, name: "X.gz") == text + text + text)
    #expect(try Gzip.inflate(member + [0, 0, 0], name: "X.gz") == text)
  }

  @Test func badInput() throws {
    let again = "copy or download the file again."
    let member = storedGzip(text)
    expectFormatError(.truncated, "X.gz: the compressed data end too early; \(again)") {
      try Gzip.inflate(member.dropLast(), name: "X.gz")
    }
    var changed = member
    changed[16] ^= 1
    expectFormatError(.corrupt, "X.gz: the compressed data are damaged (incorrect data check); \(again)") {
      try Gzip.inflate(changed, name: "X.gz")
    }
    changed = member
    changed[changed.count - 1] ^= 1
    expectFormatError(.corrupt, "X.gz: the compressed data are damaged (incorrect length check); \(again)") {
      try Gzip.inflate(changed, name: "X.gz")
    }
    expectFormatError(.malformed, "X.gz: 3 bytes that are no gzip data follow the compressed data; \(again)") {
      try Gzip.inflate(member + [0, 0, 7], name: "X.gz")
    }
    expectFormatError(
      .malformed,
      "X.gz: the file does not start as a gzip file does; give it a name without .gz if it is not compressed."
    ) { try Gzip.inflate(text, name: "X.gz") }
    expectFormatError(
      .tooLarge,
      "X.gz: the compressed data unfold to more than the limit of 7 bytes; decompress the file beforehand if you trust "
        + "it."
    ) { try Gzip.inflate(member, name: "X.gz", limits: ReadLimits(inflatedBytes: 7)) }
    #expect(try Gzip.inflate(member, name: "X.gz", limits: ReadLimits(inflatedBytes: 8)) == text)
  }
}
