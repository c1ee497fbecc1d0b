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
  private enum Layout: CaseIterable { case rows, transposed, packed }

  private static func canary<Scalar: TensorScalar>(_ scalar: Scalar.Type) -> Scalar { 12345 }

  /// One product in one layout of operands, against sums in Double; nothing beyond C's elements may change.
  private static func check<Scalar: TensorScalar>(
    _ table: orrery_product_kernels, _ scalar: Scalar.Type, _ left: Layout, _ right: Layout, rows: Int, inner: Int,
    columns: Int, accumulates: Bool
  ) -> Bool {
    var random = SplitMix(seed: UInt64(rows * 1000 + inner * 10 + columns))
    let tile = Scalar.self == Float.self ? table.tile_columns_f32 : table.tile_columns_f64
    let a = (0..<rows * inner).map { _ in Scalar(random.normal()) }
    let b = (0..<inner * columns).map { _ in Scalar(random.normal()) }
    let start = (0..<rows * columns).map { _ in Scalar(random.normal()) }
    var storedA = a
    if left == .transposed { for i in 0..<rows { for p in 0..<inner { storedA[p * rows + i] = a[i * inner + p] } } }
    var storedB = b
    if right == .packed {
      let panels = (columns + tile - 1) / tile
      storedB = [Scalar](repeating: 0, count: panels * tile * inner)
      for p in 0..<inner {
        for j in 0..<columns { storedB[j / tile * tile * inner + p * tile + j % tile] = b[p * columns + j] }
      }
    }
    let gap = 3
    let stride = columns + gap
    var c = [Scalar](repeating: canary(Scalar.self), count: rows * stride + 64)
    for i in 0..<rows { for j in 0..<columns { c[i * stride + j] = start[i * columns + j] } }
    let (aRow, aInner) = left == .transposed ? (1, rows) : (inner, 1)
    let (bInner, bTile) = right == .packed ? (tile, tile * inner) : (columns, tile)
    storedA.withUnsafeBytes { x in
      storedB.withUnsafeBytes { y in
        c.withUnsafeMutableBytes { z in
          if Scalar.self == Float.self {
            table.f32(
              x.bindMemory(to: Float.self).baseAddress, aRow, aInner, y.bindMemory(to: Float.self).baseAddress, bInner,
              bTile, rows, inner, columns, z.bindMemory(to: Float.self).baseAddress, stride, accumulates ? 1 : 0)
          } else {
            table.f64(
              x.bindMemory(to: Double.self).baseAddress, aRow, aInner, y.bindMemory(to: Double.self).baseAddress,
              bInner, bTile, rows, inner, columns, z.bindMemory(to: Double.self).baseAddress, stride,
              accumulates ? 1 : 0)
          }
        }
      }
    }
    for i in 0..<rows {
      for j in 0..<columns {
        var (sum, size) = accumulates ? (Double(start[i * columns + j]), abs(Double(start[i * columns + j]))) : (0, 0)
        for p in 0..<inner {
          let term = Double(a[i * inner + p]) * Double(b[p * columns + j])
          (sum, size) = (sum + term, size + abs(term))
        }
        // One rounding for each term of the sum, and the reference's own.
        let bound = (Double(Scalar.unitRoundoff) + 1e-16) * Double(inner + 2) * size
        guard abs(Double(c[i * stride + j]) - sum) <= bound else { return false }
      }
    }
    return c.indices.allSatisfy { index in
      (index / stride < rows && index % stride < columns) || c[index] == canary(Scalar.self)
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
        for right in [Layout.rows, .packed] {
          for accumulates in [false, true] {
            let single = Self.check(
              table, Float.self, left, right, rows: rows, inner: inner, columns: columns, accumulates: accumulates)
            let double = Self.check(
              table, Double.self, left, right, rows: rows, inner: inner, columns: columns, accumulates: accumulates)
            #expect(single && double, "\(rows) × \(inner) × \(columns), \(left), \(right), accumulates \(accumulates)")
          }
        }
      }
    }
  }

  /// Every number of rows and columns below two tiles.
  @Test(arguments: sets) func everyEdge(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    for rows in 1...25 {
      for columns in [1, 2, 7, 8, 9, 15, 16, 31, 32, 33, 63, 64] {
        #expect(
          Self.check(table, Float.self, .rows, .rows, rows: rows, inner: 9, columns: columns, accumulates: false))
        #expect(
          Self.check(table, Double.self, .rows, .rows, rows: rows, inner: 9, columns: columns, accumulates: true))
      }
    }
  }

  @Test(arguments: sets) func transpositionsAreExact(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    for (rows, columns) in [(1, 1), (4, 4), (3, 18), (18, 3), (17, 33), (64, 5), (50, 50)] {
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
          #expect(abs(products[i * (columns.upperBound - start) + j - start] - expected[i, j]) < 1e-12)
        }
      }
    }
  }
}
