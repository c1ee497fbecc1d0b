import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("npy: writing") struct NpyWritingTests {
  private let shapes = [
    "scalar", "one", "vector", "empty", "empty-rows", "empty-columns", "cube", "long",
  ]

  @Test func bytesAreNumpys() throws {
    for shape in shapes {
      let single = "shape-\(shape)-f4.npy"
      #expect(try Npy.encode(Npy.read(from: Fixtures.url(single)).float32()) == Fixtures.bytes(single))
      let double = "shape-\(shape)-f8.npy"
      guard Fixtures.expected[double] != nil else { continue }
      #expect(try Npy.encode(Npy.read(from: Fixtures.url(double)).float64()) == Fixtures.bytes(double))
    }
    for code in ["f4", "f8"] {
      let file = "\(code)-little-C.npy"
      let array = try Npy.read(from: Fixtures.url(file))
      #expect(
        try (code == "f4" ? Npy.encode(array.float32()) : Npy.encode(array.float64())) == Fixtures.bytes(file))
    }
  }

  @Test func elementsStartAtMultiplesOf64() {
    for rank in 0...64 {
      let shape = (0..<rank).map { $0 % 7 == 3 ? 123_456 : 1 }
      let header = NpyHeader(elementType: .float64, shape: shape).encoded
      #expect(header.count % 64 == 0)
      #expect(header.last == 0x0a)
    }
  }

  @Test func writtenFilesAreReadBack() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("X.npy")
      let double = Tensor<Double>(shape: [2, 3], elements: [0.1, -0.0, .infinity, .nan, 0x1p-1030, -7])
      try Npy.write(double, to: url)
      let found = try Npy.read(from: url)
      #expect(found.shape == [2, 3])
      #expect(found.elementType == .float64)
      #expect(found.float64().elements.map(\.bitPattern) == double.elements.map(\.bitPattern))
      let single = Tensor<Float>(shape: [3], elements: [0.1, 2, 3])
      try Npy.write(single, to: url)
      #expect(try Npy.read(from: url).float32() == single)
      #expect(try contents(of: folder) == ["X.npy"])
    }
  }

  @Test func pieceByPiece() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("X.npy")
      var writer = try NpyWriter(url, elementType: .float32, shape: [3, 2])
      for row in 0..<3 {
        let values = [Float(row), 0.5]
        try writer.append(values.span)
        #expect(!FileManager.default.fileExists(atPath: url.path))
      }
      try writer.finish()
      let tensor = Tensor<Float>(shape: [3, 2], elements: [0, 0.5, 1, 0.5, 2, 0.5])
      #expect(try Array(Data(contentsOf: url)) == Npy.encode(tensor))
      var doubles = try NpyWriter(url, elementType: .float64, shape: [1])
      try doubles.append([2.5].span)
      try doubles.finish()
      #expect(try Npy.read(from: url).float64().elements == [2.5])
    }
  }

  @Test func anAbandonedWriterLeavesWhatWasThere() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("X.npy")
      try Npy.write(Tensor<Float>(shape: [1], elements: [4]), to: url)
      do {
        var writer = try NpyWriter(url, elementType: .float32, shape: [2])
        try writer.append([Float(1)].span)
      }
      #expect(try Npy.read(from: url).float32().elements == [4])
      #expect(try contents(of: folder) == ["X.npy"])
    }
  }
}
