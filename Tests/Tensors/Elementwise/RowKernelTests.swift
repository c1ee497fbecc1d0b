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

  /// Both precisions' results beside the plain ones: a kernel that rounds r times on its way, fused or not and in any order, is off by
  /// r u of the size of its terms, and the plain loops in double precision by as much of their own u.
  private static func expect(
    _ found: (single: [Float], double: [Double]), _ plain: [Double], sizes: [Double], roundings: (Double) -> Double,
    _ comment: Comment, location: SourceLocation = #_sourceLocation
  ) {
    // Elementwise functions are good to 2 units in the last place in single precision and 4 in double, twice as many u.
    let (single, double) = (1.01 * roundings(4), 1.01 * roundings(8))
    let (narrow, wide) = (Double(Float.unitRoundoff), Double.unitRoundoff)
    for (i, exact) in plain.enumerated() {
      #expect(abs(found.double[i] - exact) <= 2 * double * wide * sizes[i], comment, sourceLocation: location)
      #expect(
        abs(Double(found.single[i]) - exact) <= (single * narrow + double * wide) * sizes[i], comment,
        sourceLocation: location)
    }
  }

  /// Numbers that single precision has too, from those that need not be such.
  private static func rounded(_ values: [Double]) -> [Double] { values.map { Double(Float($0)) } }

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

  /// e^t is off by the roundings of t = a (x − m), 2|t|, and the function's own; a sum of n positive terms by n and their errors;
  /// then a quotient and a product. The pullback's mean is a sum of n products, and what stands beside it rounds three times.
  @Test func softmax() {
    let a = 0.6875
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        for causal in [false, true] {
          let (count, first) = (Self.rows * width, 3)
          let (x, c) = (Self.normals(count, 1), Self.normals(count, 2))
          var (values, pulled) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
          var sizes = pulled
          var largest = 0.0
          for i in 0..<Self.rows {
            let used = causal ? (first + i) % width + 1 : width
            let most = (0..<used).map { x[i * width + $0] }.max()!
            let arguments = (0..<used).map { a * (x[i * width + $0] - most) }
            largest = max(largest, -arguments.min()!)
            let weights = arguments.map { Foundation.exp($0) }
            let sum = weights.reduce(0, +)
            for j in 0..<used { values[i * width + j] = weights[j] / sum }
          }
          let given = Self.rounded(values)
          for i in 0..<Self.rows {
            let used = causal ? (first + i) % width + 1 : width
            let products = (0..<used).map { given[i * width + $0] * c[i * width + $0] }
            let (mean, size) = (products.reduce(0, +), products.reduce(0) { $0 + abs($1) })
            for j in 0..<used {
              let place = i * width + j
              pulled[place] = a * given[place] * (c[place] - mean)
              sizes[place] = a * given[place] * (abs(c[place]) + size)
            }
          }
          let flag: Int32 = causal ? 1 : 0
          let n = Double(width)
          let found = Self.both(
            [x], count, single: { table.softmax_f32(Float(a), $0[0], $1, first, Self.rows, width, flag) },
            double: { table.softmax_f64(a, $0[0], $1, first, Self.rows, width, flag) })
          Self.expect(
            found, values, sizes: values, roundings: { 2 * (2 * largest + $0) + n + 2 },
            "path \(path), width \(width), causal \(causal)")
          let back = Self.both(
            [given, c], count,
            single: { table.softmax_pullback_f32(Float(a), $0[0], $0[1], $1, first, Self.rows, width, flag) },
            double: { table.softmax_pullback_f64(a, $0[0], $0[1], $1, first, Self.rows, width, flag) })
          Self.expect(
            back, pulled, sizes: sizes, roundings: { _ in n + 4 }, "path \(path), width \(width), causal \(causal)")
        }
      }
    }
  }

  /// The sum of n terms e^t, t = x − m, as of softmax, is at least 1; its relative error is an error of the logarithm, which has its own
  /// and one of the last sum.
  @Test func logSumExp() {
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        let x = Self.normals(Self.rows * width, 3)
        let most = (0..<Self.rows).map { i in (0..<width).map { x[i * width + $0] }.max()! }
        let logarithms = (0..<Self.rows).map { i in
          Foundation.log((0..<width).reduce(0) { $0 + Foundation.exp(x[i * width + $1] - most[i]) })
        }
        let range = (x.max()! - x.min()!)
        let found = Self.both(
          [x], Self.rows, single: { table.log_sum_exp_f32($0[0], $1, Self.rows, width) },
          double: { table.log_sum_exp_f64($0[0], $1, Self.rows, width) })
        Self.expect(
          found, zip(most, logarithms).map { $0 + $1 }, sizes: zip(most, logarithms).map { 1 + abs($0) + $1 },
          roundings: { range + $0 + Double(width) + 1 }, "path \(path), width \(width)")
      }
    }
  }

  /// A mean of n numbers rounds n times, relative to the mean of their sizes. Its error moves a variance in second order only; that
  /// sums n squares of two roundings each, and its quotient, the sum with ε, root and reciprocal round once each: n + 7, and the
  /// difference and the product behind it 2 more. A projection sums n products, and rounds four times.
  @Test func normalization() {
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        for centres in [false, true] {
          let (count, n) = (Self.rows * width, Double(width))
          let (x, c) = (Self.normals(count, 4), Self.normals(count, 5))
          var (y, s, sizes) = (x, [Double](), x)
          for i in 0..<Self.rows {
            let row = i * width..<(i + 1) * width
            let mean = centres ? x[row].reduce(0, +) / n : 0
            let size = centres ? x[row].reduce(0) { $0 + abs($1) } / n : 0
            let variance = x[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
            s.append(1 / (variance + 0.125).squareRoot())
            for k in row { (y[k], sizes[k]) = ((x[k] - mean) * s[i], (abs(x[k] - mean) + size) * s[i]) }
          }
          let (givenY, givenS) = (Self.rounded(y), Self.rounded(s))
          var (pulled, pulledSizes) = (x, x)
          for i in 0..<Self.rows {
            let row = i * width..<(i + 1) * width
            let average = centres ? c[row].reduce(0, +) / n : 0
            let size = centres ? c[row].reduce(0) { $0 + abs($1) } / n : 0
            let along = row.reduce(0) { $0 + c[$1] * givenY[$1] } / n
            let alongSize = row.reduce(0) { $0 + abs(c[$1] * givenY[$1]) } / n
            for k in row {
              pulled[k] = givenS[i] * (c[k] - average - givenY[k] * along)
              pulledSizes[k] = givenS[i] * (abs(c[k]) + size + abs(givenY[k]) * alongSize)
            }
          }
          let flag: Int32 = centres ? 1 : 0
          let comment: Comment = "path \(path), width \(width), centres \(centres)"
          Self.expect(
            Self.both(
              [x], count, single: { table.normalize_f32(0.125, flag, $0[0], $1, nil, Self.rows, width) },
              double: { table.normalize_f64(0.125, flag, $0[0], $1, nil, Self.rows, width) }), y, sizes: sizes,
            roundings: { _ in n + 9 }, comment)
          Self.expect(
            Self.both(
              [x], Self.rows, single: { table.normalize_f32(0.125, flag, $0[0], nil, $1, Self.rows, width) },
              double: { table.normalize_f64(0.125, flag, $0[0], nil, $1, Self.rows, width) }), s, sizes: s,
            roundings: { _ in n + 7 }, comment)
          Self.expect(
            Self.both(
              [c, givenY, givenS], count,
              single: { table.project_f32(flag, $0[0], $0[1], $0[2], $1, Self.rows, width) },
              double: { table.project_f64(flag, $0[0], $0[1], $0[2], $1, Self.rows, width) }), pulled,
            sizes: pulledSizes, roundings: { _ in n + 5 }, comment)
        }
      }
    }
  }

  /// A sum of n products rounds n + 1 times at most, whatever its order.
  @Test func productsOfRowsAndColumns() {
    let rows = Self.rows
    for (path, table) in Self.tables.enumerated() {
      for width in Self.widths {
        let count = rows * width
        let (x, y) = (Self.normals(count, 6), Self.normals(count, 7))
        let (s, g, b) = (Self.normals(rows, 8), Self.normals(width, 9), Self.normals(width, 10))
        let comment: Comment = "path \(path), width \(width)"
        func sums(_ outer: Int, _ inner: Int, _ term: (Int, Int) -> Double) -> (values: [Double], sizes: [Double]) {
          (
            (0..<outer).map { i in (0..<inner).reduce(0) { $0 + term(i, $1) } },
            (0..<outer).map { i in (0..<inner).reduce(0) { $0 + abs(term(i, $1)) } }
          )
        }
        let byRow = sums(rows, width) { x[$0 * width + $1] * y[$0 * width + $1] }
        Self.expect(
          Self.both(
            [x, y], rows, single: { table.row_dot_f32($0[0], $0[1], $1, rows, width) },
            double: { table.row_dot_f64($0[0], $0[1], $1, rows, width) }),
          byRow.values, sizes: byRow.sizes, roundings: { _ in Double(width + 1) }, comment)
        let byColumn = sums(width, rows) { x[$1 * width + $0] * y[$1 * width + $0] }
        Self.expect(
          Self.both(
            [x, y], width, single: { table.column_dot_f32($0[0], $0[1], $1, rows, width) },
            double: { table.column_dot_f64($0[0], $0[1], $1, rows, width) }),
          byColumn.values, sizes: byColumn.sizes, roundings: { _ in Double(rows + 1) }, comment)
        func each(_ body: (Int) -> Double) -> [Double] { (0..<count).map(body) }
        Self.expect(
          Self.both(
            [x, s], count, single: { table.scale_rows_f32($0[0], $0[1], $1, rows, width) },
            double: { table.scale_rows_f64($0[0], $0[1], $1, rows, width) }),
          each { x[$0] * s[$0 / width] }, sizes: each { abs(x[$0] * s[$0 / width]) }, roundings: { _ in 1 }, comment)
        Self.expect(
          Self.both(
            [x, g, b], count, single: { table.scale_columns_f32($0[0], $0[1], $0[2], $1, rows, width) },
            double: { table.scale_columns_f64($0[0], $0[1], $0[2], $1, rows, width) }),
          each { x[$0] * g[$0 % width] + b[$0 % width] },
          sizes: each { abs(x[$0] * g[$0 % width]) + abs(b[$0 % width]) }, roundings: { _ in 2 }, comment)
        Self.expect(
          Self.both(
            [x, g], count, single: { table.scale_columns_f32($0[0], $0[1], nil, $1, rows, width) },
            double: { table.scale_columns_f64($0[0], $0[1], nil, $1, rows, width) }),
          each { x[$0] * g[$0 % width] }, sizes: each { abs(x[$0] * g[$0 % width]) }, roundings: { _ in 1 }, comment)
      }
    }
  }
}
