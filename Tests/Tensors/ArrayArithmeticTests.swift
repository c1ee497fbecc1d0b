import CElementwise
import OrreryTensors
import OrreryTestSupport
import Testing

/// The arithmetic of every instruction set that this machine has, beside plain loops.
@Suite struct ArrayArithmeticTests {
  private static let sets = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).filter {
    orrery_arithmetic_kernels_for($0) != nil
  }

  /// Numbers that single precision has too.
  private static func normals(_ count: Int, _ random: inout SplitMix) -> [Double] {
    random.normals(count).map { Double(Float($0)) }
  }

  /// Whether both precisions' results are the expected ones, with nothing written beyond them: a kernel that rounds r times, fused or
  /// not, is off by r u of the size of its terms, and the reference in double precision by as much of its own u.
  private static func agree(
    _ single: [Float], _ double: [Double], count: Int, roundings: Int,
    _ expected: (Int) -> (value: Double, size: Double)
  ) -> Bool {
    func isWithin(_ found: Double, _ unit: Double, _ index: Int) -> Bool {
      let (value, size) = expected(index)
      return abs(found - value) <= 1.01 * Double(roundings) * (unit + Double.unitRoundoff) * size
    }
    return single[count] == 7 && double[count] == 7
      && (0..<count).allSatisfy {
        isWithin(double[$0], Double.unitRoundoff, $0) && isWithin(Double(single[$0]), Double(Float.unitRoundoff), $0)
      }
  }

  @Test(arguments: sets) func everyKernel(instructionSet: Int32) {
    let table = orrery_arithmetic_kernels_for(instructionSet)!.pointee
    var random = SplitMix(seed: 2)
    for count in [1, 3, 16, 100, 257] {
      let (x, y) = (Self.normals(count, &random), Self.normals(count, &random))
      let (xs, ys) = (x.map { Float($0) }, y.map { Float($0) })
      var (single, double) = ([Float](repeating: 7, count: count + 1), [Double](repeating: 7, count: count + 1))
      func check(_ roundings: Int, _ expected: (Int) -> (value: Double, size: Double)) -> Bool {
        Self.agree(single, double, count: count, roundings: roundings, expected)
      }
      table.scale_f32(1.5, xs, &single, count)
      table.scale_f64(1.5, x, &double, count)
      #expect(check(1) { (1.5 * x[$0], 1.5 * abs(x[$0])) })
      table.combine_f32(1.5, xs, -0.5, ys, &single, count)
      table.combine_f64(1.5, x, -0.5, y, &double, count)
      #expect(check(2) { (1.5 * x[$0] - 0.5 * y[$0], 1.5 * abs(x[$0]) + 0.5 * abs(y[$0])) })
      table.multiply_f32(xs, ys, &single, count)
      table.multiply_f64(x, y, &double, count)
      #expect(check(1) { (x[$0] * y[$0], abs(x[$0] * y[$0])) })
      // Three products and two sums.
      table.quadratic_f32(xs, ys, [0.5, -1, 0.25], &single, count)
      table.quadratic_f64(x, y, [0.5, -1, 0.25], &double, count)
      #expect(
        check(5) {
          let (x, y) = (x[$0], y[$0])
          return (x * (0.5 - y + 0.25 * y * y), abs(x) * (0.5 + abs(y) + 0.25 * y * y))
        })
    }
    for (rows, columns) in [(0, 3), (1, 5), (7, 33), (40, 2)] {
      let x = Self.normals(rows * columns, &random)
      var (single, double) = ([Float](repeating: 7, count: columns + 1), [Double](repeating: 7, count: columns + 1))
      table.sum_rows_f32(x.map { Float($0) }, rows, columns, &single)
      table.sum_rows_f64(x, rows, columns, &double)
      let agrees = Self.agree(single, double, count: columns, roundings: rows) { j in
        (0..<rows).reduce((0.0, 0.0)) { ($0.0 + x[$1 * columns + j], $0.1 + abs(x[$1 * columns + j])) }
      }
      #expect(agrees)
    }
  }

  /// Inner products beside plain sums: each of the 32 lanes adds 8 products of a block and rounds 16 times, at most.
  @Test(arguments: sets) func innerProducts(instructionSet: Int32) {
    let table = orrery_arithmetic_kernels_for(instructionSet)!.pointee
    var random = SplitMix(seed: 3)
    for count in [0, 1, 31, 32, 33, 255, 256, 257, 288, 1000, 4099] {
      let (x, y) = (random.normals(count), random.normals(count))
      let (xs, ys) = (x.map { Float($0) }, y.map { Float($0) })
      let exact = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
      let single = zip(xs, ys).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let size = zip(x, y).reduce(0) { $0 + abs($1.0 * $1.1) }
      #expect(abs(table.dot_f32(xs, ys, count) - single) <= 16 * 0x1p-24 * size)
      #expect(abs(table.dot_f64(x, y, count) - exact) <= Double(count + 16) * 0x1p-53 * size)
    }
  }

  /// An output over an input.
  @Test(arguments: sets) func inPlace(instructionSet: Int32) {
    let table = orrery_arithmetic_kernels_for(instructionSet)!.pointee
    var x = (0..<100).map { Double($0) }
    var single = x.map { Float($0) }
    x.withUnsafeMutableBufferPointer { table.multiply_f64($0.baseAddress, $0.baseAddress, $0.baseAddress, 100) }
    single.withUnsafeMutableBufferPointer { table.multiply_f32($0.baseAddress, $0.baseAddress, $0.baseAddress, 100) }
    #expect(x == (0..<100).map { Double($0 * $0) })
    #expect(single == (0..<100).map { Float($0 * $0) })
    x.withUnsafeMutableBufferPointer { table.combine_f64(2, $0.baseAddress, -1, $0.baseAddress, $0.baseAddress, 100) }
    single.withUnsafeMutableBufferPointer {
      table.combine_f32(2, $0.baseAddress, -1, $0.baseAddress, $0.baseAddress, 100)
    }
    #expect(x == (0..<100).map { Double($0 * $0) })
    #expect(single == (0..<100).map { Float($0 * $0) })
  }

  /// Maxima of a window's pixels, the first of equal ones, and what goes there and back: numbers are chosen and moved, never computed.
  @Test(arguments: sets) func windows(instructionSet: Int32) {
    let table = orrery_arithmetic_kernels_for(instructionSet)!.pointee
    var random = SplitMix(seed: 4)
    for channels in [1, 3, 8, 16, 17, 40, 65] {
      for taps in [[0], [2, 0, 5], [1, 7, 3, 4, 0, 6, 8, 2, 5]] {
        let places = taps.map { $0 * (channels + 1) }
        // Rounded to halves: equal maxima are many.
        var x = random.normals(9 * (channels + 1)).map { (2 * $0).rounded() / 2 }
        if channels > 2 { x[places[taps.count / 2] + 2] = .nan }
        let first = (0..<channels).map { c in
          places.indices.first { n in x[places[n] + c].isNaN }
            ?? places.indices.first { n in places.allSatisfy { x[$0 + c] <= x[places[n] + c] } }!
        }
        let before = random.normals(9 * (channels + 1)).map { Double(Float($0)) }
        for accumulates in [false, true] {
          var scattered = before
          for c in 0..<channels {
            for (n, place) in places.enumerated() {
              let added = n == first[c] ? Double(c + 1) : 0
              scattered[place + c] = accumulates ? Double(Float(before[place + c]) + Float(added)) : added
            }
          }
          func check<Scalar: TensorScalar>(
            _ scalar: Scalar.Type,
            _ maximum: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void,
            _ gather: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void,
            _ scatter: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
          ) {
            var (best, which) = (
              [Scalar](repeating: 7, count: channels + 1), [Scalar](repeating: 7, count: channels + 1)
            )
            maximum(x.map { Scalar($0) }, &best, &which)
            var gathered = [Scalar](repeating: 7, count: channels + 1)
            gather(before.map { Scalar($0) }, which, &gathered)
            var target = before.map { Scalar($0) }
            scatter((0..<channels).map { Scalar($0 + 1) }, which, &target)
            for c in 0..<channels {
              let exact = x[places[first[c]] + c]
              #expect(exact.isNaN ? best[c].isNaN : Double(best[c]) == exact)
              #expect(Int(which[c]) == first[c] && Double(gathered[c]) == before[places[first[c]] + c])
            }
            #expect(best[channels] == 7 && which[channels] == 7 && gathered[channels] == 7)
            // One sum, which single precision may round; double precision then has more digits than the reference.
            for (found, expected) in zip(target, scattered) {
              #expect(abs(Double(found) - expected) <= Double(Float.unitRoundoff) * abs(expected))
            }
          }
          let (count, flag): (Int, Int32) = (places.count, accumulates ? 1 : 0)
          check(
            Float.self, { table.window_maximum_f32($0, places, count, channels, $1, $2) },
            { table.window_gather_f32($0, places, count, channels, $1, $2) },
            { table.window_scatter_f32($0, places, count, channels, $1, $2, flag) })
          check(
            Double.self, { table.window_maximum_f64($0, places, count, channels, $1, $2) },
            { table.window_gather_f64($0, places, count, channels, $1, $2) },
            { table.window_scatter_f64($0, places, count, channels, $1, $2, flag) })
        }
      }
    }
  }
}
