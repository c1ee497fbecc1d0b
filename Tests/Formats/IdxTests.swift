import Foundation
import OrreryFormats
import OrreryTensors
import Testing

@Suite("IDX") struct IdxTests {
  @Test(arguments: Fixtures.names(endingIn: "-ubyte", "-ubyte.gz"))
  func everyType(_ name: String) throws {
    try expectMatches(Idx.read(from: Fixtures.url(name)), name)
    try expectMatches(NumericArray.read(from: Fixtures.url(name)), name)
  }

  private let again = "copy or download the file again."

  @Test func badInput() throws {
    func expectError(
      _ kind: FormatError.Kind, _ text: String, _ file: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectFormatError(kind, "X: \(text); \(again)", sourceLocation: sourceLocation) {
        try Idx.read(file, name: "X")
      }
    }
    expectError(.truncated, "the file ends within the first bytes of an IDX file", [0, 0, 8])
    expectError(.malformed, "the file does not start with two zero bytes, as an IDX file does", [1, 0, 8, 1, 0])
    expectError(.malformed, "the element type 10 is none of IDX's (8, 9, 11, 12, 13, 14)", [0, 0, 10, 1, 0])
    expectError(.malformed, "an array of 0 axes is not read", [0, 0, 8, 0, 1])
    expectError(.malformed, "an array of 200 axes is not read", [0, 0, 8, 200, 1])
    expectError(.truncated, "the file ends within its header", [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0])
    expectError(
      .truncated, "the header promises shape (2, 3) of uint8, 6 bytes, but 5 bytes follow it",
      [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3] + [1, 2, 3, 4, 5])
    expectError(
      .inconsistent, "the header promises shape (2,) of int16, 4 bytes, but 5 bytes follow it",
      [0, 0, 11, 1, 0, 0, 0, 2] + [1, 2, 3, 4, 5])
    expectError(
      .inconsistent,
      "the header promises shape (4294967295, 4294967295, 4294967295) of uint8, more bytes than can be counted, "
        + "but 0 bytes follow it", [0, 0, 8, 3] + [UInt8](repeating: 0xff, count: 12))
  }

  @Test func noRows() throws {
    let array = try Idx.read([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 3], name: "X")
    #expect(array.shape == [0, 3])
    #expect(array.float32().count == 0)
  }
}
