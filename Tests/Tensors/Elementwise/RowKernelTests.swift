import CElementwise
import Foundation
import OrreryTensors
import OrreryTestSupport
import Testing

/// Operations on rows of every instruction set that this machine has, beside plain loops in double precision.
@Suite struct RowKernelTests {
  private static let tables = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).compactMap {
    orrery_row_kernels_for($0)?.pointee
  }

  /// Widths around those of vectors.
  private static let widths = [1, 2, 7, 8, 15, 16, 17, 33, 70, 300]
  private static let rows = 5

  private static func normals(_ count: Int, _ seed: UInt64) -> [Double] {
    var random = SplitMix(seed: seed)
    // Numbers that single precision has too.
    return random.normals(count).map { Double(Float($0)) }
  }

  /// Both precisions' results beside the plain ones, to some roundings of the largest.
  private static func expect(
    _ found: (single: [Float], double: [Double]), _ plain: [Double], _ comment: Comment,
    location: SourceLocation = #_sourceLocation
  ) {
    let size = plain.map(abs).max() ?? 0
    for (i, exact) in plain.enumerated() {
      #expect(abs(found.double[i] - exact) <= 2e-14 * size, comment, sourceLocation: location)
      #expect(abs(Double(found.single[i]) - exact) <= 1e-5 * size, comment, sourceLocation: location)
    }
  }

  /// Runs a kernel in both precisions on the same arrays; `count` is the output's.
  private static func both(
    _ arrays: [[Double]], _ count: Int,
    single: ([UnsafePointer<Float>], UnsafeMutablePointer<Float>) -> Void,
    double: ([UnsafePointer<Double>], UnsafeMutablePointer<Double>) -> Void
  ) -> (single: [Float], double: [Double]) {
    func run<Scalar: TensorScalar>(
      _ body: ([UnsafePointer<Scalar>], UnsafeMutablePointer<Scalar>) -> Void
    ) -> [Scalar] {
      let memory = arrays.map { array in
        let pointer = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, array.count))
        for (i, value) in array.enumerated() { (pointer + i).initialize(to: Scalar(value)) }
        return pointer
      }
      let output = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, count))
      output.initialize(repeating: .nan, count: max(1, count))
      body(memory.map { UnsafePointer($0) }, output)
      defer {
        for pointer in memory + [output] { pointer.deallocate() }
      }
      return Array(UnsafeBufferPointer(start: output, count: count))
    }
    return (run(single), run(double))
  }

  @Test func softmax() {
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        for causal in [false, true] {
          let (count, first) = (Self.rows * width, 3)
          let (x, c) = (Self.normals(count, 1), Self.normals(count, 2))
          var (values, pulled) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
          for i in 0..<Self.rows {
            let used = causal ? (first + i) % width + 1 : width
            let weights = (0..<used).map { Foundation.exp(0.7 * x[i * width + $0]) }
            let sum = weights.reduce(0, +)
            for j in 0..<used { values[i * width + j] = weights[j] / sum }
            let mean = (0..<used).reduce(0) { $0 + values[i * width + $1] * c[i * width + $1] }
            for j in 0..<used { pulled[i * width + j] = 0.7 * values[i * width + j] * (c[i * width + j] - mean) }
          }
          let flag: Int32 = causal ? 1 : 0
          let found = Self.both(
            [x], count, single: { table.softmax_f32(0.7, $0[0], $1, first, Self.rows, width, flag) },
            double: { table.softmax_f64(0.7, $0[0], $1, first, Self.rows, width, flag) })
          Self.expect(found, values, "path \(path), width \(width), causal \(causal)")
          let back = Self.both(
            [values, c], count,
            single: { table.softmax_pullback_f32(0.7, $0[0], $0[1], $1, first, Self.rows, width, flag) },
            double: { table.softmax_pullback_f64(0.7, $0[0], $0[1], $1, first, Self.rows, width, flag) })
          Self.expect(back, pulled, "path \(path), width \(width), causal \(causal)")
        }
      }
    }
  }

  @Test func logSumExp() {
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        let x = Self.normals(Self.rows * width, 3)
        let plain = (0..<Self.rows).map { i in
          Foundation.log((0..<width).reduce(0) { $0 + Foundation.exp(x[i * width + $1]) })
        }
        let found = Self.both(
          [x], Self.rows, single: { table.log_sum_exp_f32($0[0], $1, Self.rows, width) },
          double: { table.log_sum_exp_f64($0[0], $1, Self.rows, width) })
        Self.expect(found, plain, "path \(path), width \(width)")
      }
    }
  }

  @Test func normalization() {
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        for centres in [false, true] {
          let count = Self.rows * width
          let (x, c) = (Self.normals(count, 4), Self.normals(count, 5))
          var (y, s, pulled) = (x, [Double](), x)
          for i in 0..<Self.rows {
            let row = i * width..<(i + 1) * width
            let mean = centres ? x[row].reduce(0, +) / Double(width) : 0
            let variance = x[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            s.append(1 / (variance + 0.125).squareRoot())
            for k in row { y[k] = (x[k] - mean) * s[i] }
            let average = centres ? c[row].reduce(0, +) / Double(width) : 0
            let along = row.reduce(0) { $0 + c[$1] * y[$1] } / Double(width)
            for k in row { pulled[k] = s[i] * (c[k] - average - y[k] * along) }
          }
          let flag: Int32 = centres ? 1 : 0
          let comment: Comment = "path \(path), width \(width), centres \(centres)"
          Self.expect(
            Self.both(
              [x], count, single: { table.normalize_f32(0.125, flag, $0[0], $1, nil, Self.rows, width) },
              double: { table.normalize_f64(0.125, flag, $0[0], $1, nil, Self.rows, width) }), y, comment)
          Self.expect(
            Self.both(
              [x], Self.rows, single: { table.normalize_f32(0.125, flag, $0[0], nil, $1, Self.rows, width) },
              double: { table.normalize_f64(0.125, flag, $0[0], nil, $1, Self.rows, width) }), s, comment)
          Self.expect(
            Self.both(
              [c, y, s], count, single: { table.project_f32(flag, $0[0], $0[1], $0[2], $1, Self.rows, width) },
              double: { table.project_f64(flag, $0[0], $0[1], $0[2], $1, Self.rows, width) }), pulled, comment)
        }
      }
    }
  }

  @Test func productsOfRowsAndColumns() {
    let rows = Self.rows
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        let count = rows * width
        let (x, y) = (Self.normals(count, 6), Self.normals(count, 7))
        let (s, g, b) = (Self.normals(rows, 8), Self.normals(width, 9), Self.normals(width, 10))
        let comment: Comment = "path \(path), width \(width)"
        Self.expect(
          Self.both(
            [x, y], rows, single: { table.row_dot_f32($0[0], $0[1], $1, rows, width) },
            double: { table.row_dot_f64($0[0], $0[1], $1, rows, width) }),
          (0..<rows).map { i in (0..<width).reduce(0) { $0 + x[i * width + $1] * y[i * width + $1] } }, comment)
        Self.expect(
          Self.both(
            [x, y], width, single: { table.column_dot_f32($0[0], $0[1], $1, rows, width) },
            double: { table.column_dot_f64($0[0], $0[1], $1, rows, width) }),
          (0..<width).map { j in (0..<rows).reduce(0) { $0 + x[$1 * width + j] * y[$1 * width + j] } }, comment)
        Self.expect(
          Self.both(
            [x, s], count, single: { table.scale_rows_f32($0[0], $0[1], $1, rows, width) },
            double: { table.scale_rows_f64($0[0], $0[1], $1, rows, width) }),
          (0..<count).map { x[$0] * s[$0 / width] }, comment)
        Self.expect(
          Self.both(
            [x, g, b], count, single: { table.scale_columns_f32($0[0], $0[1], $0[2], $1, rows, width) },
            double: { table.scale_columns_f64($0[0], $0[1], $0[2], $1, rows, width) }),
          (0..<count).map { x[$0] * g[$0 % width] + b[$0 % width] }, comment)
        Self.expect(
          Self.both(
            [x, g], count, single: { table.scale_columns_f32($0[0], $0[1], nil, $1, rows, width) },
            double: { table.scale_columns_f64($0[0], $0[1], nil, $1, rows, width) }),
          (0..<count).map { x[$0] * g[$0 % width] }, comment)
      }
    }
  }
}
