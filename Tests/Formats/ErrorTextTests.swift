import Foundation
import OrreryFormats
import Testing

/// Errors are sentences: they name the file, end with a full stop, and carry the category that the command line maps.
@Suite("Errors") struct ErrorTextTests {
  @Test func inputErrors() {
    for kind in FormatError.Kind.allCases {
      let error = FormatError(kind, file: "X.npy", "something is wrong", remedy: "mend it")
      #expect(error.description == "X.npy: something is wrong; mend it.")
      #expect(error.localizedDescription == error.description)
      #expect("\(error)" == error.description)
      #expect([65, 66].contains(error.category.exitStatus))
    }
    #expect(FormatError(.noSuchFile, file: "X", "", remedy: "").category == .noSuchInput)
    #expect(FormatError(.unreadable, file: "X", "", remedy: "").category == .noSuchInput)
    #expect(FormatError(.truncated, file: "X", "", remedy: "").category == .badData)
  }

  @Test func outputErrors() {
    for kind in OutputError.Kind.allCases {
      let error = OutputError(kind, file: "K.npz", "something is wrong", remedy: "mend it")
      #expect(error.description == "K.npz: something is wrong; mend it.")
      #expect(error.localizedDescription == error.description)
      #expect(error.category == .cannotWrite)
    }
  }

  @Test func relativePathsAreShownAsGiven() {
    let url = URL(
      filePath: "no-such-folder/X.npy", relativeTo: URL(filePath: "/somewhere/", directoryHint: .isDirectory))
    expectFormatError(.noSuchFile, "no-such-folder/X.npy: there is no such file; check the path.") {
      try NumericArray.read(from: url)
    }
  }

  @Test func sizesAsPeopleWriteThem() {
    for (count, text) in [
      (0, "0 bytes"), (1, "1 byte"), (1_048_575, "1048575 bytes"), (1_048_576, "1.0 MiB"), (1_600_000_000, "1.5 GiB"),
      (Int.max, "8.0 EiB"),
    ] { #expect(byteCountText(count) == text) }
  }

  @Test func shapesAsNumpyPrintsThem() {
    #expect(shapeText([]) == "()")
    #expect(shapeText([3]) == "(3,)")
    #expect(shapeText([3, 4]) == "(3, 4)")
  }

  @Test func untrustedTextIsShortAndHarmless() {
    #expect(printable("a\u{1b}[31mb\n") == "a\u{fffd}[31mb\u{fffd}")
    #expect(printable(String(repeating: "é", count: 40)) == String(repeating: "é", count: 32) + "…")
    #expect(printable("\u{202e}abc") == "\u{fffd}abc")
  }

  @Test func inflationLimitsDoNotOverflow() {
    #expect(ReadLimits.largestInflation(ofCompressed: 10) == 10 * 1032 + 1032)
    #expect(ReadLimits.largestInflation(ofCompressed: Int.max) == Int.max)
    #expect(ReadLimits.largestInflation(ofCompressed: Int.max / 1032) == Int.max)
    #expect(ReadLimits().arrayBytes > 0)
  }
}
