import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("npz") struct NpzTests {
  @Test(arguments: Fixtures.expected.keys.filter { $0.contains(".npz:") }.sorted())
  func numpyWroteIt(_ key: String) throws {
    let parts = key.split(separator: ":").map(String.init)
    try expectMatches(Npz(Fixtures.url(parts[0])).read(parts[1]), key)
    try expectMatches(Npz(Fixtures.bytes(parts[0]), name: parts[0]).read(parts[1]), key)
  }

  @Test func names() throws {
    #expect(try Npz(Fixtures.url("stored.npz")).names == ["images", "labels"])
    #expect(try Npz(Fixtures.url("commented.npz")).names == ["labels"])
    #expect(try Npz(Fixtures.url("no-arrays.npz")).names == [])
  }

  @Test func theOnlyArrayNeedsNoName() throws {
    try expectMatches(NumericArray.read(from: Fixtures.url("single.npz")), "single.npz:arr_0")
  }

  @Test func severalArraysNeedOne() throws {
    let file = try Fixtures.bytes("stored.npz")
    expectFormatError(
      .noSuchArray, "X.npz: the archive holds 2 arrays (images, labels); name the one to use."
    ) { try NumericArray.read(file, name: "X.npz") }
    expectFormatError(
      .noSuchArray, "X.npz: the archive holds no array named 'image'; name one that it holds (images, labels)."
    ) { try NumericArray.read(file, name: "X.npz", array: "image") }
    let none = try Fixtures.bytes("no-arrays.npz")
    expectFormatError(
      .noSuchArray, "X.npz: the archive holds no arrays; save arrays with numpy.savez."
    ) { try NumericArray.read(none, name: "X.npz") }
    expectFormatError(
      .noSuchArray, "X.npz: the archive holds no array named 'a'; save arrays with numpy.savez."
    ) { try NumericArray.read(none, name: "X.npz", array: "a") }
  }

  private func tensors() -> (Tensor<Float>, Tensor<Double>) {
    (
      Tensor(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6.5]),
      Tensor(shape: [2, 2, 2], elements: [0.1, 2, 3, 4, 5, 6, 7, -8])
    )
  }

  @Test func writtenArchivesAreReadBack() throws {
    let (single, double) = tensors()
    // The second threshold makes every size and offset use zip's 64-bit records.
    for threshold in [0xffff_ffff, 0, 200] {
      try withTemporaryFolder { folder in
        let url = folder.appendingPathComponent("K.npz")
        var writer = try NpzWriter(url, wideThreshold: threshold)
        try writer.write(single, name: "nngp")
        try writer.begin("ntk, größer", elementType: .float64, shape: [2, 2, 2])
        for start in stride(from: 0, to: 8, by: 2) { try writer.append(double.elements[start..<(start + 2)].span) }
        try writer.write(double, name: "same")
        #expect(!FileManager.default.fileExists(atPath: url.path))
        try writer.finish()
        #expect(try contents(of: folder) == ["K.npz"])
        let archive = try Npz(url)
        #expect(archive.names == ["nngp", "ntk, größer", "same"])
        #expect(try archive.read("nngp").float32() == single)
        #expect(try archive.read("nngp").elementType == .float32)
        #expect(try archive.read("ntk, größer").float64() == double)
        #expect(try archive.read("same").float64() == double)
      }
    }
  }

  @Test func sameArraysGiveSameBytes() throws {
    let (single, _) = tensors()
    try withTemporaryFolder { folder in
      let files = try ["a.npz", "b.npz"].map { name in
        let url = folder.appendingPathComponent(name)
        var writer = try NpzWriter(url)
        try writer.write(single, name: "x")
        try writer.finish()
        return try Data(contentsOf: url)
      }
      #expect(files[0] == files[1])
    }
  }

  @Test func emptyArchives() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("K.npz")
      var writer = try NpzWriter(url)
      try writer.finish()
      #expect(try Npz(url).names == [])
      #expect(try Data(contentsOf: url) == Data(Fixtures.bytes("no-arrays.npz")))
    }
  }

  @Test func anAbandonedWriterLeavesNothing() throws {
    try withTemporaryFolder { folder in
      do {
        var writer = try NpzWriter(folder.appendingPathComponent("K.npz"))
        try writer.write(tensors().0, name: "x")
      }
      #expect(try contents(of: folder) == [])
    }
  }
}
