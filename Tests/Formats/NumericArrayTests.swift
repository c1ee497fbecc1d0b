import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("Arrays from files") struct NumericArrayTests {
  @Test func finiteArraysPass() throws {
    for name in Fixtures.names(endingIn: ".npy") { try Npy.read(from: Fixtures.url(name)).requireFinite() }
  }

  @Test func theFirstBadPlaceIsNamed() {
    var values = [Double](repeating: 0.5, count: 24)
    values[17] = .nan
    values[20] = .infinity
    let array = NumericArray(Tensor(shape: [2, 3, 4], elements: values), name: "X.npy")
    expectFormatError(
      .notFinite,
      "X.npy: the value at index (1, 1, 1), counted from 0, is NaN; remove or replace what is not finite."
    ) { try array.requireFinite() }
    let single = NumericArray(Tensor<Float>(shape: [3], elements: [1, 2, -.infinity]), name: "X.npy")
    expectFormatError(
      .notFinite,
      "X.npy: the value at index (2,), counted from 0, is minus infinity; remove or replace what is not finite."
    ) { try single.requireFinite() }
    let scalar = NumericArray(Tensor<Float>(shape: [], elements: [.infinity]), name: "X.npy")
    expectFormatError(
      .notFinite,
      "X.npy: the value at index (), counted from 0, is infinite; remove or replace what is not finite."
    ) { try scalar.requireFinite() }
  }

  @Test func halfPrecisionInfinityIsFound() throws {
    var file = npyFile("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 1), }")
    file += [0, 0x3c, 0, 0x7c]
    let array = try Npy.read(file, name: "X.npy")
    expectFormatError(
      .notFinite,
      "X.npy: the value at index (1, 0), counted from 0, is infinite; remove or replace what is not finite."
    ) { try array.requireFinite() }
  }

  @Test func tooLargeForSinglePrecision() throws {
    let array = NumericArray(Tensor<Double>(shape: [2], elements: [1, -1e39]), name: "X.npy")
    try array.requireFinite()
    expectFormatError(
      .notFinite,
      "X.npy: the value -1e+39 at index (1,), counted from 0, is too large for single precision; "
        + "scale the data, or compute in double precision."
    ) { try array.requireFinite(as: Float.self) }
    #expect(array.float32().elements == [1, -.infinity])
  }

  @Test func rowsAndSelections() throws {
    for name in ["i4-big-F.npy", "f4-little-C.npy", "f8-big-F.npy", "b1-little-C.npy", "f2-big-C.npy"] {
      let array = try Npy.read(from: Fixtures.url(name))
      #expect(array.rows == 3)
      #expect(array.rowCount == 4)
      let all = array.float64().elements
      #expect(array.float64(rows: 1..<3).shape == [2, 4])
      #expect(array.float64(rows: 1..<3).elements == Array(all[4..<12]))
      #expect(array.float32(rows: 2..<2).count == 0)
      let selected = array.selectingRows([2, 0, 2])
      #expect(selected.elementType == array.elementType)
      #expect(selected.shape == [3, 4])
      #expect(selected.float64().elements == Array(all[8..<12] + all[0..<4] + all[8..<12]))
    }
    #expect(try Npy.read(from: Fixtures.url("shape-empty-columns-f4.npy")).selectingRows([4, 1]).shape == [2, 0])
  }

  @Test func descriptionSaysTypeAndShape() throws {
    let array = try Npy.read(Fixtures.bytes("i2-big-C.npy"), name: "X.npy")
    #expect(array.description == "X.npy: int16 of shape (3, 4)")
    #expect(array.count == 12)
  }

  @Test func theFormatIsFoundFromContentsBeforeNames() throws {
    for (file, name) in [
      ("f8-little-C.npy", "table.csv"), ("single.npz", "X.npy"), ("i4-idx3-ubyte", "images"),
      ("savetxt.csv", "numbers"), ("table.csv.gz", "numbers.bin"), ("u1-idx3-ubyte.gz", "X"),
    ] {
      let expected = file == "single.npz" ? "single.npz:arr_0" : file
      try expectMatches(NumericArray.read(Fixtures.bytes(file), name: name), expected)
    }
  }

  @Test func gzippedNpy() throws {
    try withTemporaryFolder { folder in
      // A gzip file of stored blocks, made by hand: header, one final stored block, CRC-32, length.
      let contents = try Fixtures.bytes("i2-big-C.npy")
      let url = folder.appendingPathComponent("X.npy.gz")
      try AtomicFile.write(storedGzip(contents), to: url)
      try expectMatches(NumericArray.read(from: url), "i2-big-C.npy")
    }
  }

  @Test func namesOfArraysAreForArchives() throws {
    try expectMatches(NumericArray.read(from: Fixtures.url("stored.npz"), array: "labels"), "stored.npz:labels")
    expectFormatError(
      .noSuchArray,
      "X.npy: the array 'labels' was asked for, and only npz files name arrays; leave the name out."
    ) { try NumericArray.read(Fixtures.bytes("i2-big-C.npy"), name: "X.npy", array: "labels") }
  }

  @Test func otherFilesAreNamed() {
    let advice = "save the numbers with numpy.save, numpy.savez, or as CSV."
    for (start, what) in [
      (Array("\u{89}HDF\r\n".unicodeScalars.map { UInt8($0.value) }), "an HDF5 file"),
      (Array("PAR1".utf8), "a Parquet file"), ([0x80, 4, 0x95], "a Python pickle"),
      (Array("BZh91AY".utf8), "a file compressed with bzip2"),
    ] {
      expectFormatError(.unrecognized, "X: this seems to be \(what), which is not read; \(advice)") {
        try NumericArray.read(start, name: "X")
      }
    }
    expectFormatError(
      .unrecognized, "X: the file is in none of the formats that are read (npy, npz, IDX, CSV); \(advice)"
    ) { try NumericArray.read([1, 2, 3, 4, 0], name: "X") }
    expectFormatError(.truncated, "X.npy: the file is empty; copy or save it again.") {
      try NumericArray.read([], name: "X.npy")
    }
  }

  @Test func aWrongExtensionIsExplained() {
    expectFormatError(
      .malformed,
      "X.npy: the file does not start as an npy file does; save the array with numpy.save, or give the file the "
        + "extension of its real format."
    ) { try NumericArray.read(Array("no numbers here at all".utf8), name: "X.npy") }
    expectFormatError(
      .malformed,
      "X.npz: the file does not start as an npz file does; save the arrays with numpy.savez, or give the file the "
        + "extension of its real format."
    ) { try NumericArray.read(Array("no numbers here at all".utf8), name: "X.npz") }
  }

  @Test func exitStatuses() {
    #expect(FailureCategory.badData.exitStatus == 65)
    #expect(FailureCategory.noSuchInput.exitStatus == 66)
    #expect(FailureCategory.cannotWrite.exitStatus == 73)
  }
}

/// A gzip file of these contents in one stored block; for contents below 64 KiB.
func storedGzip(_ contents: [UInt8]) -> [UInt8] {
  let count = contents.count
  let size = [UInt8(count & 0xff), UInt8(count >> 8)]
  func fourBytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1] + size + size.map { ~$0 } + contents
    + fourBytes(Checksum.of(contents)) + fourBytes(UInt32(count))
}
