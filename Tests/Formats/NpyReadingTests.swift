import Foundation
import OrreryFormats
import OrreryTensors
import Testing

@Suite("npy: reading") struct NpyReadingTests {
  @Test(arguments: Fixtures.names(endingIn: ".npy"))
  func numpyWroteIt(_ name: String) throws {
    try expectMatches(Npy.read(from: Fixtures.url(name)), name)
    try expectMatches(NumericArray.read(from: Fixtures.url(name)), name)
    try expectMatches(Npy.read(Fixtures.bytes(name), name: name), name)
  }

  @Test func theFixturesCoverWhatIsPromised() {
    let names = Set(Fixtures.names(endingIn: ".npy"))
    for code in ["b1", "i1", "u1"] {
      for order in ["C", "F"] { #expect(names.contains("\(code)-little-\(order).npy")) }
    }
    for code in ["i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8"] {
      for endian in ["little", "big"] {
        for order in ["C", "F"] { #expect(names.contains("\(code)-\(endian)-\(order).npy")) }
      }
    }
    for version in 1...3 { #expect(names.contains("version-\(version).npy")) }
  }

  @Test func singlePrecisionIsSharedAndNotCopied() throws {
    let array = try Npy.read(from: Fixtures.url("shape-cube-f4.npy"))
    let address = array.float32().withUnsafeBuffer { $0.baseAddress }
    #expect(array.float32().withUnsafeBuffer { $0.baseAddress } == address)
  }

  @Test func byteOrderMarksOfOneByteTypesDoNotMatter() throws {
    for order in ["|", "<", ">", "=", ""] {
      let file = npyFile("{'descr': '\(order)u1', 'fortran_order': False, 'shape': (2,), }", elements: 2)
      #expect(try Npy.read(file, name: "X.npy").elementType == .uint8)
    }
  }

  @Test func headersOfOldAndHandWrittenFiles() throws {
    for header in [
      "{'descr':'<f8','fortran_order':False,'shape':(2L,)}",
      "{\"shape\": (2,), \"fortran_order\": True, \"descr\": \"<f8\"}   ",
      " { 'shape' : ( 2 , ) , 'descr' : '=f8' , 'fortran_order' : False , } ",
    ] {
      let array = try Npy.read(npyFile(header, elements: 16), name: "X.npy")
      #expect(array.shape == [2])
      #expect(array.elementType == .float64)
    }
  }

  @Test func headerOfFourLengthBytes() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
    for version in [UInt8(2), 3] {
      #expect(try Npy.read(npyFile(header, version: version, elements: 12), name: "X").shape == [3])
    }
  }

  @Test func columnMajorTransposesLargeArraysInBlocks() throws {
    // Larger than one block in both directions, and not a multiple of it.
    let (rows, columns) = (67, 131)
    var file = npyFile("{'descr': '<i4', 'fortran_order': True, 'shape': (67, 131), }")
    for column in 0..<columns {
      for row in 0..<rows {
        withUnsafeBytes(of: Int32(row * 1000 + column)) { file.append(contentsOf: $0) }
      }
    }
    let array = try Npy.read(file, name: "X.npy").float64()
    for row in 0..<rows {
      for column in 0..<columns { #expect(array[row, column] == Double(row * 1000 + column)) }
    }
  }

  @Test func everyHalfPrecisionNumber() throws {
    // All 65 536 bit patterns, against the value by definition.
    var file = npyFile("{'descr': '<f2', 'fortran_order': False, 'shape': (65536,), }")
    for bits in UInt16.min...UInt16.max { withUnsafeBytes(of: bits) { file.append(contentsOf: $0) } }
    let found = try Npy.read(file, name: "X.npy").float64().elements
    for bits in UInt16.min...UInt16.max {
      let exponent = Int(bits >> 10) & 31
      let fraction = Double(bits & 1023)
      let magnitude =
        switch exponent {
        case 0: fraction * 0x1p-24
        case 31: fraction == 0 ? Double.infinity : .nan
        default: (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
        }
      let value = found[Int(bits)]
      #expect(value.isNaN ? magnitude.isNaN : value.magnitude == magnitude)
      #expect(value.isNaN || (value.sign == .minus) == (bits >> 15 == 1))
    }
  }
}
