import Foundation
import OrreryFormats
import OrreryTestSupport
import Testing

@Suite("npy: bad input") struct NpyBadInputTests {
  private func expectError(
    _ kind: FormatError.Kind, _ text: String, _ file: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectFormatError(kind, "X.npy: \(text)", sourceLocation: sourceLocation) { try Npy.read(file, name: "X.npy") }
  }

  private let again = "copy it again, or save it again with numpy.save."
  private let fileAgain = "copy the file again, or save it again with numpy.save."
  private let save = "save the array again with numpy.save."

  @Test func everyTruncationOfAFileIsRefused() throws {
    let file = try Fixtures.bytes("f8-little-C.npy")
    for count in 0..<file.count {
      do {
        _ = try Npy.read(Array(file[..<count]), name: "X.npy")
        Issue.record("\(count) bytes were read.")
      } catch let error as FormatError { #expect(error.kind == .truncated) }
    }
  }

  @Test func truncatedMessages() throws {
    let file = try Fixtures.bytes("f8-little-C.npy")
    expectError(.truncated, "the file ends within the first bytes of an npy file; \(again)", Array(file[..<9]))
    expectError(.truncated, "the file ends within its header; \(again)", Array(file[..<50]))
    expectError(
      .truncated,
      "the header promises shape (3, 4) of float64, 96 bytes, but 95 bytes follow it; \(fileAgain)",
      Array(file.dropLast()))
    expectError(
      .inconsistent,
      "the header promises shape (3, 4) of float64, 96 bytes, but 97 bytes follow it; \(fileAgain)", file + [0])
  }

  @Test func sizesThatOverflow() {
    for shape in ["(4611686018427387904, 4)", "(4294967296, 4294967296)", "(9223372036854775807, 0, 2)"] {
      expectError(
        .inconsistent,
        "the header promises shape \(shape) of float64, more bytes than can be counted, but 8 bytes follow it; "
          + fileAgain,
        npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }", elements: 8))
    }
    expectError(
      .inconsistent, "the header has a shape with an extent that does not fit in 64 bits; \(save)",
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", elements: 8))
  }

  @Test func hugeButCountableIsRefusedBeforeMemoryIsTaken() {
    expectError(
      .truncated,
      "the header promises shape (1152921504606846975,) of float64, 8.0 EiB, but 1 byte follows it; \(fileAgain)",
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846975,), }", elements: 1))
  }

  @Test func limits() {
    let file = npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1000,), }", elements: 8000)
    expectFormatError(
      .tooLarge,
      "X.npy: the array takes 8000 bytes, more than the limit of 4096 bytes; "
        + "split it into several files, or use a machine with more memory."
    ) { try Npy.read(file, name: "X.npy", limits: ReadLimits(arrayBytes: 4096)) }
  }

  @Test func negativeShapes() {
    expectError(
      .malformed, "the header has a shape with the negative extent -3; \(save)",
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (-3, -4), }", elements: 96))
  }

  @Test func tooManyAxes() {
    let shape = [String](repeating: "1", count: 65).joined(separator: ", ")
    expectError(
      .malformed, "the header has a shape of 65 axes where numpy permits 64; \(save)",
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (\(shape)), }", elements: 8))
  }

  @Test(arguments: [
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)", "cannot be understood"),
    ("", "cannot be understood"), ("[1, 2]", "cannot be understood"), ("{'descr': ", "cannot be understood"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), } x", "cannot be understood"),
    ("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "cannot be understood"),
    ("{'descr': '<f\\x38', 'fortran_order': False, 'shape': (2,), }", "cannot be understood"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,,), }", "cannot be understood"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': ((((((((((2)))))))))), }", "cannot be understood"),
    ("{'descr': '<f8', 'shape': (2,), }", "does not consist of descr, fortran_order and shape"),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1}",
      "does not consist of descr, fortran_order and shape"
    ),
    (
      "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,), }", "has a fortran_order that is neither True nor False"
    ),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': 2, }", "has a shape that is no tuple"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': [2], }", "has a shape that is no tuple"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': ('2',), }", "has a shape that does not consist of integers"),
  ])
  func malformedHeaders(_ header: String, _ what: String) {
    expectError(.malformed, "the header \(what); \(save)", npyFile(header, elements: 16))
  }

  @Test func otherFilesAndVersions() throws {
    expectError(
      .malformed,
      "the file does not start as an npy file does; save the array with numpy.save, or give the file the extension of "
        + "its real format.", Array("0.5,0.25,0.125".utf8))
    var file = try Fixtures.bytes("f8-little-C.npy")
    file[6] = 9
    expectError(
      .unsupported, "npy version 9.0 is unknown (1.0, 2.0 and 3.0 are read); save it again with numpy.save.", file)
  }

  @Test func headersLongerThanTheFileOrAnyNeed() {
    let start = [0x93] + Array("NUMPY".utf8) + [2, 0]
    expectError(
      .truncated, "the file ends within its header; \(again)", start + [0xff, 0xff, 0xff, 0xff] + [0x20, 0x20])
    let long = npyFile(String(repeating: " ", count: 1 << 20), version: 2)
    expectError(
      .unsupported,
      "the header takes 1.0 MiB, as only records with many fields need; save each field as an array of its own.", long)
  }

  @Test(arguments: [
    (
      "object",
      "the array holds pickled Python objects, which are never loaded, because loading them can run any program; "
        + "save numbers, as in numpy.save(path, array.astype(float))."
    ),
    ("record", "the array holds records with named fields; save each field as an array of its own."),
    ("complex", "the array holds complex numbers; save its real and its imaginary part as two arrays."),
    ("unicode", "the array holds text; save numbers, as in numpy.save(path, array.astype(float))."),
    ("bytes", "the array holds text; save numbers, as in numpy.save(path, array.astype(float))."),
    ("date", "the array holds dates or times; save numbers, as in numpy.save(path, array.astype(float))."),
    ("void", "the array holds raw records; save each field as an array of its own."),
    (
      "longdouble",
      "the array holds floating-point numbers of an unusual size (<f16); save array.astype('float64')."
    ),
  ])
  func refusedTypes(_ name: String, _ text: String) throws {
    expectError(.unsupported, text, try Fixtures.bytes("refused-\(name).npy"))
  }

  @Test(arguments: ["f3", "i16", "b2", "<<f8", "x", "", "u\u{7}4", "é"])
  func unknownTypes(_ type: String) {
    let file = npyFile("{'descr': '\(type)', 'fortran_order': False, 'shape': (2,), }", elements: 16)
    do {
      _ = try Npy.read(file, name: "X.npy")
      Issue.record("'\(type)' was read.")
    } catch let error as FormatError {
      #expect(error.kind == .unsupported)
      #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
    } catch { Issue.record("\(error)") }
  }

  @Test func noSuchFile() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("X.npy")
      expectFormatError(.noSuchFile, "\(url.relativePath): there is no such file; check the path.") {
        try Npy.read(from: url)
      }
      expectFormatError(
        .unreadable,
        "\(folder.relativePath): this is a folder or a device and not a file; give the path of a file."
      ) { try Npy.read(from: folder) }
    }
    expectFormatError(
      .unreadable, "/dev/zero: this is a folder or a device and not a file; give the path of a file."
    ) { try Npy.read(from: URL(fileURLWithPath: "/dev/zero")) }
    expectFormatError(
      .unreadable, "https://example.org/X.npy: only local files are read; download it and give its path."
    ) { try NumericArray.read(from: URL(string: "https://example.org/X.npy")!) }
  }
}
