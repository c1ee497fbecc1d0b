import Foundation
import OrreryFormats
import OrreryTestSupport
import Testing

@Suite("npz: bad input") struct NpzBadInputTests {
  /// Where the entry of the first member starts in the central directory.
  private func directory(_ file: [UInt8]) -> Int {
    file.indices.dropLast(4).first { Array(file[$0..<($0 + 4)]) == [0x50, 0x4b, 1, 2] }!
  }

  private func read(_ file: [UInt8], limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    try NumericArray.read(file, name: "X.npz", limits: limits)
  }

  private func write(_ value: UInt32, at offset: Int, in file: inout [UInt8]) {
    for index in 0..<4 { file[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
  }

  private let array = "X.npz, array 'arr_0'"
  private let damaged = "X.npz: the archive's table of contents is damaged; copy or save it again."

  @Test func everyTruncationIsRefused() throws {
    for name in ["single.npz", "stored.npz", "streamed.npz", "commented.npz"] {
      let file = try Fixtures.bytes(name)
      for count in 4..<file.count {
        do {
          let archive = try Npz(Array(file[..<count]), name: "X.npz")
          for name in archive.names { _ = try archive.read(name) }
          Issue.record("\(count) bytes of \(name) were read.")
        } catch is FormatError {}
      }
    }
  }

  @Test func cutShort() throws {
    let file = try Fixtures.bytes("single.npz")
    expectFormatError(
      .truncated,
      "X.npz: the archive has no table of contents at its end, so that it is cut short; copy or save it again."
    ) { try read(file.dropLast(3)) }
  }

  @Test func noArchiveAtAll() {
    expectFormatError(
      .malformed,
      "X.npz: the file does not start as an npz file does; save the arrays with numpy.savez, or give the file the "
        + "extension of its real format."
    ) { try Npz([1, 2, 3], name: "X.npz") }
  }

  @Test func aWrongChecksum() throws {
    var file = try Fixtures.bytes("stored.npz")
    file[file.firstIndex(of: 0x93)! + 140] ^= 1
    expectFormatError(
      .corrupt,
      "X.npz, array 'images': the contents do not have the checksum that the archive states; copy or save it again."
    ) { try NumericArray.read(file, name: "X.npz", array: "images") }
  }

  @Test func aBombIsRefusedBeforeItUnfolds() throws {
    var file = try Fixtures.bytes("single.npz")
    let entry = directory(file)
    let compressed = Int(file[entry + 20]) + Int(file[entry + 21]) << 8
    write(0xfff0_0000, at: entry + 24, in: &file)
    expectFormatError(
      .inconsistent,
      "\(array): the archive promises 4.0 GiB from \(compressed) bytes of compressed data, more than the factor 1032 "
        + "that is possible; save it again with numpy.savez_compressed."
    ) { try read(file) }
    let deflated = try Fixtures.bytes("deflated.npz")
    expectFormatError(
      .tooLarge,
      "X.npz, array 'smooth': the compressed array unfolds to 16128 bytes, more than the limit of 16000 bytes; save it "
        + "with numpy.savez if you trust it."
    ) {
      try NumericArray.read(deflated, name: "X.npz", array: "smooth", limits: ReadLimits(inflatedBytes: 16000))
    }
  }

  @Test func sizesThatLie() throws {
    var file = try Fixtures.bytes("single.npz")
    let entry = directory(file)
    // One more byte than the compressed data hold: the npy header no longer fits them.
    write(UInt32(file[entry + 24]) + 1, at: entry + 24, in: &file)
    expectFormatError(
      .inconsistent,
      "\(array): the header promises shape (5,) of float32, 20 bytes, but 21 bytes follow it; copy the file again, or "
        + "save it again with numpy.save."
    ) { try read(file) }
    file = try Fixtures.bytes("stored.npz")
    let stored = directory(file)
    write(UInt32(file[stored + 24]) + 1, at: stored + 24, in: &file)
    expectFormatError(
      .inconsistent,
      "X.npz, array 'images': the archive promises 153 bytes and holds 152 bytes; save it again with numpy.savez."
    ) { try NumericArray.read(file, name: "X.npz", array: "images") }
  }

  @Test func placesOutsideTheFile() throws {
    for offset in [20, 42] {
      var file = try Fixtures.bytes("single.npz")
      write(0x7fff_fff0, at: directory(file) + offset, in: &file)
      expectFormatError(.malformed, damaged) { try read(file) }
    }
    // The end record: number of members, size and place of the directory.
    for offset in [10, 12, 16] {
      var file = try Fixtures.bytes("single.npz")
      write(0x7fff_fff0, at: file.count - 22 + offset, in: &file)
      expectFormatError(.malformed, damaged) { try read(file) }
    }
    var file = try Fixtures.bytes("single.npz")
    write(3, at: directory(file) + 42, in: &file)
    expectFormatError(.malformed, damaged) { try read(file) }
  }

  @Test func wideRecordsOutsideTheFile() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("X.npz")
      var writer = try NpzWriter(url, wideThreshold: 0)
      try writer.write(Npy.read(from: Fixtures.url("shape-one-f4.npy")).float32(), name: "arr_0")
      try writer.finish()
      let file = try Array(Data(contentsOf: url))
      _ = try read(file)
      let end = file.count - 22
      // In the locator: the place of the 64-bit record; in that: count, size and place of the directory.
      for offset in [end - 20 + 8, end - 76 + 32, end - 76 + 40, end - 76 + 48] {
        for value in [UInt8(0x7f), 0xff] {
          var changed = file
          for index in 0..<8 { changed[offset + index] = value }
          expectFormatError(.malformed, damaged) { try read(changed) }
        }
      }
      // In the entry's extra field: sizes and place beyond 63 bits.
      var changed = file
      let entry = directory(file)
      for index in 0..<8 { changed[entry + 46 + 9 + 4 + index] = 0xff }
      expectFormatError(.malformed, damaged) { try read(changed) }
    }
  }

  @Test func methodsAndPasswords() throws {
    expectFormatError(
      .unsupported,
      "X.npz, array 'smooth': the array is compressed by method 12, and only 0 and 8 are read; save it with numpy.savez "
        + "or numpy.savez_compressed."
    ) { try read(Fixtures.bytes("bzip2.npz")) }
    var file = try Fixtures.bytes("single.npz")
    file[directory(file) + 8] |= 1
    expectFormatError(.unsupported, "\(array): the array is encrypted; save it without a password.") { try read(file) }
  }

  @Test func twoArraysOfOneName() throws {
    var file = try Fixtures.bytes("stored.npz")
    let entries = file.indices.dropLast(4).filter { Array(file[$0..<($0 + 4)]) == [0x50, 0x4b, 1, 2] }
    for (index, byte) in "images".utf8.enumerated() { file[entries[1] + 46 + index] = byte }
    expectFormatError(
      .malformed, "X.npz: the archive holds two arrays named 'images'; save it again with numpy.savez."
    ) { try read(file) }
  }

  @Test func damagedCompression() throws {
    var file = try Fixtures.bytes("single.npz")
    let name = Int(file[26]) + Int(file[27]) << 8
    let extra = Int(file[28]) + Int(file[29]) << 8
    // A deflate block of the reserved type.
    file[30 + name + extra] = 0xff
    expectFormatError(
      .corrupt,
      "X.npz: the compressed data are damaged (invalid block type); copy or download the file again."
    ) { try read(file) }
  }
}
