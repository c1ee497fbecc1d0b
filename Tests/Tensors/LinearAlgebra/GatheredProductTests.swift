import CElementwise
import OrreryTensors
import OrreryTestSupport
import Testing

/// Gathered products of every instruction set that this machine has, beside plain loops.
@Suite struct GatheredProductTests {
  private static let sets = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).filter {
    orrery_product_kernels_for($0) != nil
  }
  private static let shapes = [
    // rows, segments, length, columns
    (1, 1, 1, 1), (7, 3, 5, 16), (13, 2, 9, 17), (8, 4, 200, 40), (25, 40, 28, 33), (12, 0, 3, 8), (49, 3, 700, 64),
  ]

  /// Rows begin at odd places and overlap; nothing beyond C's elements may change. B is packed in panels, or row-major where tiles
  /// divide its columns.
  private static func check<Scalar: TensorScalar>(
    _ table: orrery_product_kernels, _ scalar: Scalar.Type, rows: Int, segments: Int, length: Int, columns: Int,
    begins: Bool, accumulates: Bool, isPacked: Bool = true
  ) -> Bool {
    var random = SplitMix(seed: UInt64(rows * 1000 + length * 10 + columns))
    let tile = Scalar.self == Float.self ? table.tile_columns_f32 : table.tile_columns_f64
    let step = 3
    let aRows = (0..<rows).map { 5 * $0 }
    let aSegments = (0..<segments).map { 7 * $0 }
    let cRows = (0..<rows).map { (rows - 1 - $0) * (columns + 2) }
    let (bInner, bTile) = isPacked ? (tile, segments * length * tile) : (columns, tile)
    let bSegments = (0..<segments).map { $0 * length * bInner }
    let a = (0..<(5 * rows + 7 * segments + step * length)).map { _ in Scalar(random.normal()) }
    let elements = segments * length * (isPacked ? (columns + tile - 1) / tile * tile : columns)
    var b = [Scalar](repeating: 0, count: max(1, elements))
    for j in 0..<columns {
      for p in 0..<(segments * length) { b[j / tile * bTile + p * bInner + j % tile] = Scalar(random.normal()) }
    }
    let start = (0..<columns).map { _ in Scalar(random.normal()) }
    let before = (0..<(rows * (columns + 2) + 64)).map { _ in Scalar(random.normal()) }
    var c = before
    aRows.withUnsafeBufferPointer { aRows in
      cRows.withUnsafeBufferPointer { cRows in
        aSegments.withUnsafeBufferPointer { aSegments in
          bSegments.withUnsafeBufferPointer { bSegments in
            var product = orrery_gathered_product(
              a_rows: aRows.baseAddress, c_rows: cRows.baseAddress, rows: rows, a_segments: aSegments.baseAddress,
              b_segments: bSegments.baseAddress, segments: segments, length: length, a_inner: step,
              b_inner: bInner, b_tile: bTile, columns: columns)
            func pointers<T>(_ array: [Scalar], _ type: T.Type, _ body: (UnsafePointer<T>) -> Void) {
              array.withUnsafeBytes { body($0.bindMemory(to: T.self).baseAddress!) }
            }
            func run<T>(
              _ type: T.Type,
              _ kernel: (UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>?, UnsafeMutablePointer<T>) -> Void
            ) {
              pointers(a, type) { a in
                pointers(b, type) { b in
                  pointers(start, type) { start in
                    c.withUnsafeMutableBytes {
                      kernel(a, b, begins ? start : nil, $0.bindMemory(to: T.self).baseAddress!)
                    }
                  }
                }
              }
            }
            if Scalar.self == Float.self {
              run(Float.self) { table.gathered_f32(&product, $0, $1, $2, $3, accumulates ? 1 : 0) }
            } else {
              run(Double.self) { table.gathered_f64(&product, $0, $1, $2, $3, accumulates ? 1 : 0) }
            }
          }
        }
      }
    }
    var isInside = [Bool](repeating: false, count: c.count)
    for i in 0..<rows {
      for j in 0..<columns {
        let place = cRows[i] + j
        isInside[place] = true
        var sum = accumulates ? Double(before[place]) : begins ? Double(start[j]) : 0
        var size = abs(sum)
        for s in 0..<segments {
          for p in 0..<length {
            let term =
              Double(a[aRows[i] + aSegments[s] + step * p])
              * Double(b[j / tile * bTile + bSegments[s] + p * bInner + j % tile])
            (sum, size) = (sum + term, size + abs(term))
          }
        }
        // One rounding for each term of the sum, and the reference's own.
        let bound = (Double(Scalar.unitRoundoff) + 1e-16) * Double(segments * length + 2) * size
        guard abs(Double(c[place]) - sum) <= bound else { return false }
      }
    }
    return c.indices.allSatisfy { isInside[$0] || c[$0] == before[$0] }
  }

  @Test(arguments: sets) func gatheredProductsAreThoseOfPlainLoops(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    for (rows, segments, length, columns) in Self.shapes {
      for (begins, accumulates) in [(false, false), (true, false), (false, true)] {
        func check<Scalar: TensorScalar>(_ scalar: Scalar.Type, _ tile: Int) {
          #expect(
            Self.check(
              table, scalar, rows: rows, segments: segments, length: length, columns: columns, begins: begins,
              accumulates: accumulates), "\(scalar) \(rows) \(segments) \(length) \(columns)")
          #expect(
            Self.check(
              table, scalar, rows: rows, segments: segments, length: length, columns: (columns / tile + 1) * tile,
              begins: begins, accumulates: accumulates, isPacked: false),
            "\(scalar) \(rows) \(segments) \(length), row-major")
        }
        check(Float.self, table.tile_columns_f32)
        check(Double.self, table.tile_columns_f64)
      }
    }
  }

  /// Every number of rows below two tiles, and the columns around a tile's end.
  @Test(arguments: sets) func everyEdge(instructionSet: Int32) {
    let table = orrery_product_kernels_for(instructionSet)!.pointee
    func check<Scalar: TensorScalar>(_ scalar: Scalar.Type, _ tile: Int) {
      for rows in 1...33 {
        for columns in [1, tile / 2 + 1, tile - 1, tile, tile + 1, 2 * tile] {
          #expect(
            Self.check(
              table, scalar, rows: rows, segments: 2, length: 3, columns: columns, begins: true, accumulates: false),
            "\(scalar) \(rows) \(columns)")
        }
      }
    }
    check(Float.self, table.tile_columns_f32)
    check(Double.self, table.tile_columns_f64)
  }
}
