import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// Random arrays through writer and reader, against a plain decoder that follows the definitions element by element.
@Suite("Round trips of random arrays") struct RoundTripTests {
  private static func shape(_ generator: inout SplitMix) -> [Int] {
    (0..<Int(generator.next() % 5)).map { _ in Int(generator.next() % 6) }
  }

  /// The value of one stored element, from its bytes in little-endian order.
  private func value(_ bytes: [UInt8], _ type: ElementType) -> Double {
    let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch type {
    case .bool: return bits == 0 ? 0 : 1
    case .int8: return Double(Int8(truncatingIfNeeded: bits))
    case .int16: return Double(Int16(truncatingIfNeeded: bits))
    case .int32: return Double(Int32(truncatingIfNeeded: bits))
    case .int64: return Double(Int64(truncatingIfNeeded: bits))
    case .uint8, .uint16, .uint32, .uint64: return Double(bits)
    case .float16:
      let exponent = Int(bits >> 10) & 31
      let fraction = Double(bits & 1023) / 1024
      let magnitude =
        exponent == 0
        ? fraction * 0x1p-14 : (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      return bits >> 15 == 1 ? -magnitude : magnitude
    case .float32: return Double(Float(bitPattern: UInt32(bits)))
    case .float64: return Double(bitPattern: bits)
    }
  }

  @Test(arguments: ElementType.allCases)
  func everyTypeOrderAndShape(_ type: ElementType) throws {
    var generator = SplitMix(seed: 31)
    let codes: [ElementType: String] = [
      .bool: "b1", .int8: "i1", .int16: "i2", .int32: "i4", .int64: "i8", .uint8: "u1", .uint16: "u2", .uint32: "u4",
      .uint64: "u8", .float16: "f2", .float32: "f4", .float64: "f8",
    ]
    for _ in 0..<200 {
      let shape = Self.shape(&generator)
      let count = shape.reduce(1, *)
      let elements = (0..<count).map { _ -> [UInt8] in
        var bytes = (0..<type.size).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        // No NaN, whose bits need not survive a conversion: the highest exponent bit stays clear.
        if type.isFloatingPoint { bytes[type.size - 1] &= 0xbf }
        return bytes
      }
      let bigEndian = generator.next() % 2 == 0
      let fortran = generator.next() % 2 == 0
      // Row-major element k, with indices (i₀, i₁, …), lies at i₀ + d₀(i₁ + d₁(…)) in column-major order.
      var stored = elements
      if fortran {
        for (place, element) in elements.enumerated() {
          var rest = place
          var indices: [Int] = []
          for extent in shape.reversed() {
            indices.insert(rest % extent, at: 0)
            rest /= extent
          }
          let offset = zip(indices, shape).reversed().reduce(0) { $0 * $1.1 + $1.0 }
          stored[offset] = element
        }
      }
      let text = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
      let header =
        "{'descr': '\(bigEndian ? ">" : "<")\(codes[type]!)', 'fortran_order': \(fortran ? "True" : "False"), "
        + "'shape': \(text), }"
      let file = npyFile(header) + stored.flatMap { bigEndian ? $0.reversed() : $0 }
      let array = try Npy.read(file, name: "X.npy")
      let expected = elements.map { value($0, type) }
      #expect(array.shape == shape)
      #expect(array.elementType == type)
      #expect(array.float64().elements.map(\.bitPattern) == expected.map(\.bitPattern))
      #expect(array.float32().elements.map(\.bitPattern) == expected.map { Float($0).bitPattern })
      if let rows = shape.first {
        let order = Array((0..<rows).reversed())
        let width = shape.dropFirst().reduce(1, *)
        let reversed = order.flatMap { expected[($0 * width)..<(($0 + 1) * width)] }
        #expect(array.selectingRows(order).float64().elements.map(\.bitPattern) == reversed.map(\.bitPattern))
      }
    }
  }

  @Test func npyAndNpzOfBothPrecisions() throws {
    var generator = SplitMix(seed: 32)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("X.npz")
      for _ in 0..<50 {
        let shape = Self.shape(&generator)
        let double = Tensor<Double>(
          shape: shape, elements: (0..<shape.reduce(1, *)).map { _ in Double.random(in: -1...1, using: &generator) })
        let single = Tensor<Float>(shape: shape, elements: double.elements.map { Float($0) })
        #expect(try Npy.read(Npy.encode(double), name: "X").float64() == double)
        #expect(try Npy.read(Npy.encode(single), name: "X").float32() == single)
        var writer = try NpzWriter(url)
        try writer.write(double, name: "double")
        try writer.write(single, name: "single")
        try writer.finish()
        #expect(try NumericArray.read(from: url, array: "double").float64() == double)
        #expect(try NumericArray.read(from: url, array: "single").float32() == single)
      }
    }
  }

  @Test func textOfRandomNumbers() throws {
    var generator = SplitMix(seed: 33)
    for separator in Csv.Separator.allCases {
      let (rows, columns) = (200, 1 + Int(generator.next() % 9))
      let values = (0..<(rows * columns)).map { _ -> Double in
        let value = Double(bitPattern: generator.next())
        return value.isFinite ? value : Double(Int8(truncatingIfNeeded: generator.next()))
      }
      let lines = (0..<rows).map { row in
        values[(row * columns)..<((row + 1) * columns)].map { "\($0)" }.joined(separator: separator.rawValue)
      }
      let text = Array(lines.joined(separator: "\n").utf8)
      let table = try Csv.read(text, name: "X.csv", separator: separator)
      #expect(table.values.shape == [rows, columns])
      #expect(table.values.float64().elements.map(\.bitPattern) == values.map(\.bitPattern))
      // Compressed in members of 32 kB, the table is the same.
      let compressed = stride(from: 0, to: text.count, by: 32_000).flatMap {
        storedGzip(Array(text[$0..<min(text.count, $0 + 32_000)]))
      }
      #expect(
        try NumericArray.read(compressed, name: "X.csv.gz").float64().elements == table.values.float64().elements)
    }
  }

  @Test func tileFoldersOfRandomLayouts() throws {
    var generator = SplitMix(seed: 34)
    func size(_ bound: Int) -> Int { 1 + Int(generator.next() % UInt64(bound)) }
    try withTemporaryFolder { parent in
      for index in 0..<30 {
        let symmetric = index % 2 == 0
        let (rows, tileRows) = (size(20), size(8))
        let layout = TileLayout(
          arrays: ["K"], elementType: .float64, rows: rows, columns: symmetric ? rows : size(20), tileRows: tileRows,
          tileColumns: symmetric ? tileRows : size(8), isSymmetric: symmetric)
        let url = parent.appendingPathComponent("\(index)")
        let folder = try TileFolder(url, job: "\(index)", layout: layout)
        func entry(_ row: Int, _ column: Int) -> Double { Double(row + column) + Double(row * column) / 1024 }
        for tile in layout.tiles.shuffled(using: &generator) {
          let values = layout.rowRange(of: tile).flatMap { row in
            layout.columnRange(of: tile).map { entry(row, $0) }
          }
          try folder.write(values.span, array: "K", tile: tile)
        }
        try folder.finish()
        let matrix = try TileFolderReader(url).assemble("K").float64()
        let expected = (0..<layout.rows).flatMap { row in (0..<layout.columns).map { entry(row, $0) } }
        #expect(matrix.elements == expected)
      }
    }
  }
}
