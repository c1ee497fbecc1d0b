import CElementwise
import OrreryTensors
import OrreryTestSupport
import Testing

/// Products and transpositions of every instruction set that this machine has, beside plain loops.
@Suite struct RegisterProductTests {
  private static let sets = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).filter {
    orrery_product_kernels_for($0) != nil
  }

  /// How an operand lies in memory.
  private enum Layout {
    case rows, transposed, packed
    /// Rows and columns that the kernel packs a panel at a time.
    case panelled, panelledTransposed

    /// Those of right operands.
    static let rights: [Layout] = [.rows, .packed, .panelled, .panelledTransposed]

    var isTransposed: Bool { self == .transposed || self == .panelledTransposed }
    var isPanelled: Bool { self == .panelled || self == .panelledTransposed }
  }

  /// What is added to the product: nothing, what stands in C, or one row to all.
  private enum Start: CaseIterable { case zero, result, row }

  private static func canary<Scalar: TensorScalar>(_ scalar: Scalar.Type) -> Scalar { 12345 }

  /// One product in one layout of operands, against sums in Double; nothing beyond C's elements may change. Nil unless it is
  /// as it should be.
  private static func check<Scalar: TensorScalar>(
    _ table: orrery_product_kernels, _ scalar: Scalar.Type, _ left: Layout, _ right: Layout, rows: Int, inner: Int,
    columns: Int, from origin: Start
  ) -> [Scalar]? {
    var random = SplitMix(seed: UInt64(rows * 1000 + inner * 10 + columns))
    let tile = Scalar.self == Float.self ? table.tile_columns_f32 : table.tile_columns_f64
    let a = (0..<rows * inner).map { _ in Scalar(random.normal()) }
    let b = (0..<inner * columns).map { _ in Scalar(random.normal()) }
    let start = (0..<rows * columns).map { _ in Scalar(random.normal()) }
    var storedA = a
    if left == .transposed { for i in 0..<rows { for p in 0..<inner { storedA[p * rows + i] = a[i * inner + p] } } }
    var storedB = b
    if right == .packed {
      storedB = [Scalar](repeating: 7, count: (columns + tile - 1) / tile * tile * inner)
      pack(table, b, inner: inner, columns: columns, into: &storedB, panel: tile * inner)
    }
    if right.isTransposed {
      for p in 0..<inner { for j in 0..<columns { storedB[j * inner + p] = b[p * columns + j] } }
    }
    let row = (0..<columns).map { _ in Scalar(random.normal()) }
    let gap = 3
    let stride = columns + gap
    var c = [Scalar](repeating: canary(Scalar.self), count: rows * stride + 64)
    for i in 0..<rows { for j in 0..<columns { c[i * stride + j] = start[i * columns + j] } }
    let (aRow, aInner) = left == .transposed ? (1, rows) : (inner, 1)
    let (bInner, bTile) = right == .packed ? (tile, tile * inner) : (columns, tile)
    storedA.withUnsafeBytes { x in
      storedB.withUnsafeBytes { y in
        c.withUnsafeMutableBytes { z in
          row.withUnsafeBytes { r in
            let from = origin == .zero ? nil : origin == .row ? r.baseAddress : UnsafeRawPointer(z.baseAddress)
            let fromRow = origin == .row ? 0 : stride
            if Scalar.self == Float.self {
              func float(_ place: UnsafeRawPointer?) -> UnsafePointer<Float>? {
                place?.assumingMemoryBound(to: Float.self)
              }
              let (a, b, c) = (float(x.baseAddress), float(y.baseAddress), z.bindMemory(to: Float.self).baseAddress)
              if right.isPanelled {
                table.panelled_f32(
                  a, aRow, aInner, b, right.isTransposed ? inner : columns, right.isTransposed ? 1 : 0, rows, inner,
                  columns, c, stride, float(from), fromRow)
              } else {
                table.f32(a, aRow, aInner, b, bInner, bTile, rows, inner, columns, c, stride, float(from), fromRow)
              }
            } else {
              func double(_ place: UnsafeRawPointer?) -> UnsafePointer<Double>? {
                place?.assumingMemoryBound(to: Double.self)
              }
              let (a, b) = (double(x.baseAddress), double(y.baseAddress))
              let c = z.bindMemory(to: Double.self).baseAddress
              if right.isPanelled {
                table.panelled_f64(
                  a, aRow, aInner, b, right.isTransposed ? inner : columns, right.isTransposed ? 1 : 0, rows, inner,
                  columns, c, stride, double(from), fromRow)
              } else {
                table.f64(a, aRow, aInner, b, bInner, bTile, rows, inner, columns, c, stride, double(from), fromRow)
              }
            }
          }
        }
      }
    }
    for i in 0..<rows {
      for j in 0..<columns {
        var sum =
          switch origin {
          case .zero: 0.0
          case .result: Double(start[i * columns + j])
          case .row: Double(row[j])
          }
        var size = abs(sum)
        for p in 0..<inner {
          let term = Double(a[i * inner + p]) * Double(b[p * columns + j])
          (sum, size) = (sum + term, size + abs(term))
        }
        // One rounding for each term of the sum, and the reference's own.
        let bound = (Double(Scalar.unitRoundoff) + 1e-16) * Double(inner + 2) * size
        guard abs(Double(c[i * stride + j]) - sum) <= bound else { return nil }
      }
    }
    let isWithin = c.indices.allSatisfy { index in
      (index / stride < rows && index % stride < columns) || c[index] == canary(Scalar.self)
    }
    return isWithin ? c : nil
  }

  private static func pack<Scalar: TensorScalar>(
    _ table: orrery_product_kernels, _ b: [Scalar], inner: Int, columns: Int, into panels: inout [Scalar], panel: Int
  ) {
    b.withUnsafeBytes { x in
      panels.withUnsafeMutableBytes { y in
        if Scalar.self == Float.self {
          table.pack_f32(
            x.bindMemory(to: Float.self).baseAddress, columns, inner, columns,
            y.bindMemory(to: Float.self).baseAddress, panel)
        } else {
          table.pack_f64(
            x.bindMemory(to: Double.self).baseAddress, columns, inner, columns,
            y.bindMemory(to: Double.self).baseAddress, panel)
        }
      }
    }
  }

  /// Every element in its panel, and zeros behind the last column.
  @Test(arguments: sets) func panelsHoldEveryColumn(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    for (inner, columns) in [(1, 1), (9, 16), (8, 33), (17, 64), (3, 70)] {
      func check<Scalar: TensorScalar>(_ tile: Int, _ scalar: Scalar.Type) {
        let b = (0..<inner * columns).map { Scalar($0 + 1) }
        var panels = [Scalar](repeating: -1, count: (columns + tile - 1) / tile * tile * inner)
        Self.pack(table, b, inner: inner, columns: columns, into: &panels, panel: tile * inner)
        for index in panels.indices {
          let (panel, p, j) = (index / (tile * inner), index / tile % inner, index % tile)
          let column = panel * tile + j
          #expect(panels[index] == (column < columns ? b[p * columns + column] : 0))
        }
      }
      check(table.tile_columns_f32, Float.self)
      check(table.tile_columns_f64, Double.self)
    }
  }

  /// The same panels from the transpose, one by one.
  @Test(arguments: sets) func transposedPanelsHoldEveryColumn(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    for inner in [1, 8, 9, 30] {
      for columns in [1, 3, 10, table.tile_columns_f64, table.tile_columns_f32] {
        let double = (0..<inner * columns).map { Double($0 + 1) }
        let (single, tile, wide) = (double.map { Float($0) }, table.tile_columns_f64, table.tile_columns_f32)
        var panel = [Double](repeating: -1, count: tile * inner)
        var widePanel = [Float](repeating: -1, count: wide * inner)
        if columns <= tile { table.pack_transposed_f64(double, inner, inner, columns, &panel) }
        if columns <= wide { table.pack_transposed_f32(single, inner, inner, columns, &widePanel) }
        for p in 0..<inner {
          for j in 0..<wide {
            let expected = j < columns ? double[j * inner + p] : 0
            #expect(columns > wide || Double(widePanel[p * wide + j]) == expected)
            #expect(columns > tile || j >= tile || panel[p * tile + j] == expected)
          }
        }
      }
    }
  }

  @Test(arguments: sets) func productsAreThoseOfPlainLoops(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    let shapes = [
      (1, 1, 1), (6, 5, 16), (7, 3, 17), (12, 130, 32), (13, 129, 33), (5, 0, 9), (29, 40, 5), (64, 2100, 40),
      (23, 1030, 31),
    ]
    for (rows, inner, columns) in shapes {
      for left in [Layout.rows, .transposed] {
        for origin in Start.allCases {
          func products<Scalar: TensorScalar>(_ scalar: Scalar.Type) -> [[Scalar]?] {
            Layout.rights.map {
              Self.check(table, scalar, left, $0, rows: rows, inner: inner, columns: columns, from: origin)
            }
          }
          let (single, double) = (products(Float.self), products(Double.self))
          let name = "\(rows) × \(inner) × \(columns), \(left), from \(origin)"
          #expect(!single.contains(nil) && !double.contains(nil), "\(name)")
          // However the right operand lies, the sums are the same to the bit, as the kernels promise: each element's terms are added
          // in the order of the inner index.
          #expect(Set(single).count == 1 && Set(double).count == 1, "\(name)")
        }
      }
    }
  }

  /// Every number of rows below two tiles, and the columns around the halves of vectors and the ends of two tiles.
  @Test(arguments: sets) func everyEdge(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    var ends: Set<Int> = []
    for tile in [table.tile_columns_f32, table.tile_columns_f64] {
      for end in [tile / 4, tile / 2, tile, 2 * tile] { ends.formUnion([max(1, end - 1), end, end + 1]) }
    }
    for rows in 1...33 {
      for columns in ends {
        func products<Scalar: TensorScalar>(_ scalar: Scalar.Type, from origin: Start) -> [[Scalar]?] {
          Layout.rights.map {
            Self.check(table, scalar, .rows, $0, rows: rows, inner: 9, columns: columns, from: origin)
          }
        }
        let (single, double) = (products(Float.self, from: .zero), products(Double.self, from: .row))
        #expect(!single.contains(nil) && !double.contains(nil), "\(rows) × \(columns)")
        #expect(Set(single).count == 1 && Set(double).count == 1, "\(rows) × \(columns)")
        #expect(
          Self.check(table, Double.self, .rows, .rows, rows: rows, inner: 9, columns: columns, from: .result) != nil)
      }
    }
  }

  @Test(arguments: sets) func transpositionsAreExact(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    for (rows, columns) in [(1, 1), (4, 4), (3, 18), (18, 3), (17, 33), (64, 5), (50, 50), (24, 8), (30, 9)] {
      let single = (0..<rows * columns).map { Float($0) }
      var target = [Float](repeating: -1, count: columns * (rows + 2))
      table.transpose_f32(single, columns, rows, columns, &target, rows + 2)
      let double = single.map { Double($0) }
      var wide = [Double](repeating: -1, count: columns * (rows + 2))
      table.transpose_f64(double, columns, rows, columns, &wide, rows + 2)
      for j in 0..<columns {
        for i in 0..<rows + 2 {
          let expected = i < rows ? Double(i * columns + j) : -1
          #expect(Double(target[j * (rows + 2) + i]) == expected && wide[j * (rows + 2) + i] == expected)
        }
      }
    }
  }

  @Test func packedRowsGiveAnyBlock() {
    var random = SplitMix(seed: 8)
    let matrix = Matrix(rows: 70, columns: 33, elements: (0..<70 * 33).map { _ in random.normal() })
    let left = Matrix(rows: 9, columns: 33, elements: (0..<9 * 33).map { _ in random.normal() })
    let expected = left.product(matrix, transposingRight: true)
    func magnitudes(_ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.tensor.elements.map(abs))
    }
    let sizes = magnitudes(left).product(magnitudes(matrix), transposingRight: true)
    let packed = PackedRows(matrix)
    for columns in [0..<70, 5..<70, 17..<20, 40..<70, 69..<70] {
      let start = PackedRows<Double>.panelStart(columns.lowerBound)
      var products = [Double](repeating: 0, count: 9 * (columns.upperBound - start))
      left.withUnsafeBuffer { a in
        packed.products(
          a.baseAddress!, rows: 9, range: start..<columns.upperBound, into: &products,
          stride: columns.upperBound - start)
      }
      for i in 0..<9 {
        for j in columns {
          // Two sums of 33 products, each off by 34u of the sum of their sizes.
          let found = products[i * (columns.upperBound - start) + j - start]
          #expect(abs(found - expected[i, j]) <= 2 * 34.34 * 0x1p-53 * sizes[i, j])
        }
      }
    }
  }
}
