import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("safetensors") struct SafetensorsTests {
  /// What make_safetensors.py has put into mixed.safetensors.
  private func expectMixed(_ file: Safetensors, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(
      Set(file.names) == [
        "layer.weight", "layer.bias", "steps", "counts", "pixels", "half", "brain", "flags", "scalar", "empty é",
      ], sourceLocation: sourceLocation)
    #expect(file.metadata == ["format": "np \"é\"\n"], sourceLocation: sourceLocation)
    func expect(_ name: String, _ type: ElementType, _ shape: [Int], _ values: [Double]) throws {
      let array = try file.read(name)
      #expect(array.elementType == type && array.shape == shape, "\(name)", sourceLocation: sourceLocation)
      #expect(file.shape(of: name) == shape, sourceLocation: sourceLocation)
      #expect(array.float64().elements == values, "\(name)", sourceLocation: sourceLocation)
    }
    try expect("layer.weight", .float32, [2, 3], [-0.5, -0.25, 0, 0.25, 0.5, 0.75])
    try expect("layer.bias", .float64, [3], [1 / 3, -2.5e-300, .infinity])
    try expect("half", .float16, [3], [1.5, -0x1p-24, 65504])
    try expect("brain", .float32, [2, 2], [1, -3.140625, .infinity, 0x1p-133])
    try expect("scalar", .float32, [], [2.5])
    try expect("empty é", .float32, [0, 4], [])
    try expect("flags", .bool, [2], [1, 0])
    #expect(try file.read("steps").integers == [1 << 62, -1], sourceLocation: sourceLocation)
    #expect(try file.read("counts").integers == [-7, 2_147_483_647], sourceLocation: sourceLocation)
    #expect(try file.read("pixels").integers == [0, 127, 255], sourceLocation: sourceLocation)
    #expect(try file.read("scalar").integers == nil, sourceLocation: sourceLocation)
  }

  @Test func pythonWroteIt() throws {
    try expectMixed(Safetensors(Fixtures.url("mixed.safetensors")))
    try expectMixed(Safetensors(Fixtures.bytes("mixed.safetensors"), name: "mixed.safetensors"))
  }

  @Test func sameBytesAsTheReference() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("ours.safetensors")
      let reference = try Safetensors(Fixtures.url("plain.safetensors"))
      let tensors = try reference.readAll()
      try Safetensors.write(tensors, metadata: reference.metadata, to: url)
      #expect(try Array(Data(contentsOf: url)) == Fixtures.bytes("plain.safetensors"))
      #expect(Safetensors.encode(tensors, metadata: reference.metadata) == (try Fixtures.bytes("plain.safetensors")))
      #expect(try contents(of: folder) == ["ours.safetensors"])
    }
  }

  @Test func roundTrip() throws {
    let tensors: [String: NumericArray] = [
      "float": NumericArray(Tensor(shape: [2, 2], elements: [1, -0.0, .nan, .leastNonzeroMagnitude] as [Float])),
      "double": NumericArray(
        Tensor(shape: [1, 3], elements: [.pi, -.infinity, .greatestFiniteMagnitude] as [Double])),
      "int64": NumericArray(shape: [2], integers: [Int64.min, Int64.max]),
      "int32": NumericArray(shape: [2], integers: [Int32.min, Int32.max]),
      "uint8": NumericArray(shape: [3], integers: [0, 1, 255] as [UInt8]),
      "\"\\\u{1}\u{7f}🪐": NumericArray(Tensor(shape: [], elements: [1.5] as [Double])),
    ]
    let metadata = ["step": "17", "é\n": "\u{8}\u{c}\t\"/\\"]
    let file = try Safetensors(Safetensors.encode(tensors, metadata: metadata), name: "X")
    #expect(file.metadata == metadata)
    #expect(Set(file.names) == Set(tensors.keys))
    for (name, tensor) in tensors {
      let read = try file.read(name)
      #expect(read.shape == tensor.shape && read.elementType == tensor.elementType)
      #expect(read.withStoredBytes { Array($0) } == tensor.withStoredBytes { Array($0) }, "\(name)")
      #expect(read.integers == tensor.integers)
    }
    #expect(try Safetensors(Safetensors.encode([:]), name: "none").names.isEmpty)
  }

  @Test func integersBeyondTheirRange() {
    #expect(NumericArray(shape: [1], integers: [UInt64.max]).integers == nil)
    #expect(NumericArray(shape: [2], integers: [UInt16.max, 0]).integers == [65535, 0])
  }

  // MARK: Files that lie

  private func file(_ header: String, elements: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let text = Array(header.utf8)
    let length = length ?? UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
      + [UInt8](repeating: 0, count: elements)
  }

  private func expectRefused(
    _ kind: FormatError.Kind, _ problem: String, _ bytes: [UInt8],
    remedy: String = "copy it again, or save it again with safetensors",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectFormatError(kind, "X.safetensors: \(problem); \(remedy).", sourceLocation: sourceLocation) {
      try Safetensors(bytes, name: "X.safetensors")
    }
  }

  private func tensor(_ name: String, _ shape: String, _ offsets: String, type: String = "F32") -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offsets)]}"
  }

  @Test func tooShort() {
    expectRefused(.truncated, "the file ends within the first bytes of a safetensors file", [1, 0, 0])
    expectRefused(.truncated, "the file ends within its header", file("{}", length: 3))
    for length in [100_000_001, UInt64(Int64.max), .max] {
      expectRefused(
        .malformed, "the first eight bytes announce a header larger than any safetensors file has",
        file("{}", length: length))
    }
    let one = tensor("a", "2", "0,8")
    expectRefused(
      .truncated, "the header promises 8 bytes of elements, but 7 bytes follow it", file("{\(one)}", elements: 7))
    expectRefused(
      .inconsistent, "the header promises 8 bytes of elements, but 9 bytes follow it", file("{\(one)}", elements: 9))
    expectRefused(
      .inconsistent, "the header promises 0 bytes of elements, but 1 byte follows it", file("{}", elements: 1))
  }

  @Test func noHeader() {
    let problem = "the header is no JSON object of names, types, shapes and places"
    for text in [
      "", "[]", " {}", "{", "{}x", "{\"a\"}", "{\"a\":1,}", "{\"a\":-1}", "{\"a\":1.5}", "{\"a\":01}", "{\"a\":null}",
      "{\"a\":[[[[1]]]]}", "{\"\\ud800\":1}", "{\"\\uzzzz\":1}", "{\"a\u{1}\":1}", "{\"a:1}", "{\"a\":1",
      "{\"\\x\":1}", String(repeating: "{\"a\":", count: 100_000),
    ] { expectRefused(.malformed, problem, file(text)) }
    expectRefused(.malformed, problem, file("{\"") + [0xff])
    expectRefused(.malformed, "the header describes 'a' by no object", file("{\"a\":1}"))
    expectRefused(
      .malformed, "the tensor 'a' is not described by dtype, shape and data_offsets",
      file("{\"a\":{\"dtype\":\"F32\"}}"))
    expectRefused(.malformed, "the metadata 'a' is no text", file("{\"__metadata__\":{\"a\":1}}"))
  }

  @Test func namesThatOccurTwice() {
    let one = tensor("a", "1", "0,4")
    expectRefused(
      .malformed, "the header holds two tensors named 'a'", file("{\(one),\(tensor("a", "1", "4,8"))}", elements: 8))
    expectRefused(
      .malformed, "the header holds two metadata named 'k'",
      file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"},\(one)}", elements: 4))
    expectRefused(
      .malformed, "the tensor 'a' is not described by dtype, shape and data_offsets",
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", elements: 4))
  }

  @Test func placesThatCannotBe() {
    func two(_ first: String, _ second: String) -> [UInt8] {
      file("{\(tensor("a", "1", first)),\(tensor("b", "1", second))}", elements: 8)
    }
    expectRefused(.inconsistent, "the tensor 'b' overlaps another", two("0,4", "0,4"))
    expectRefused(.inconsistent, "the tensor 'b' overlaps another", two("0,4", "2,6"))
    expectRefused(.inconsistent, "there is a hole of 1 byte before the tensor 'b'", two("0,4", "5,9"))
    expectRefused(.inconsistent, "there is a hole of 4 bytes before the tensor 'a'", two("4,8", "8,12"))
    expectRefused(
      .truncated, "the header promises 4096 bytes of elements, but 8 bytes follow it",
      file("{\(tensor("a", "1024", "0,4096"))}", elements: 8))
    for offsets in ["4,0", "4", "0,2,4", ""] {
      expectRefused(
        .malformed, "the tensor 'a' has data_offsets that are no beginning and end",
        file("{\(tensor("a", "1", offsets))}", elements: 4))
    }
    expectRefused(
      .inconsistent, "the tensor 'a' has offsets that do not fit in 64 bits",
      file("{\(tensor("a", "1", "0,18446744073709551616"))}", elements: 4))
  }

  @Test func shapesThatCannotBe() {
    func shaped(_ shape: String, _ type: String = "F32") -> [UInt8] {
      file("{\(tensor("a", shape, "0,4", type: type))}", elements: 4)
    }
    expectRefused(
      .inconsistent, "the tensor 'a' has shape (2,) of F32, 8 bytes, and a place of 4 bytes", shaped("2"))
    for shape in ["4611686018427387904,4", "4611686018427387904,4,0", "9223372036854775807"] {
      let shown = "(\(shape.replacingOccurrences(of: ",", with: ", "))\(shape.contains(",") ? "" : ","))"
      expectRefused(.inconsistent, "the tensor 'a' has shape \(shown), more bytes than can be counted", shaped(shape))
    }
    expectRefused(
      .inconsistent, "the tensor 'a' has extents that do not fit in 64 bits", shaped("9223372036854775808"))
    expectRefused(
      .malformed, "the tensor 'a' has extents that do not consist of integers from 0 on", shaped("\"1\""))
    expectRefused(
      .unsupported, "the tensor 'a' has 65 axes, and at most 64 are read",
      shaped([String](repeating: "1", count: 65).joined(separator: ",")))
    expectRefused(
      .unsupported, "the tensor 'a' has the element type F8_E4M3, which is not read", shaped("4", "F8_E4M3"),
      remedy: "save it as F32, F64, F16 or BF16")
  }

  @Test func noSuchTensor() throws {
    let none = try Safetensors(file("{}"), name: "X")
    expectFormatError(
      .noSuchArray, "X: the file holds no tensor named 'a'; save tensors with safetensors."
    ) { try none.read("a") }
    let some = try Safetensors(file("{\(tensor("b", "1", "0,4"))}", elements: 4), name: "X")
    #expect(some.shape(of: "a") == nil)
    expectFormatError(
      .noSuchArray, "X: the file holds no tensor named 'a'; name one that it holds (b)."
    ) { try some.read("a") }
    expectFormatError(
      .tooLarge,
      "X, tensor 'b': the array takes 4 bytes, more than the limit of 2 bytes; split it into several files, or use a "
        + "machine with more memory."
    ) { try some.read("b", limits: ReadLimits(arrayBytes: 2)) }
    expectFormatError(.noSuchFile, "/nowhere/X.safetensors: there is no such file; check the path.") {
      try Safetensors(URL(filePath: "/nowhere/X.safetensors"))
    }
  }
}
