import CElementwise
import OrreryTestSupport
import Testing

/// The arithmetic of every instruction set that this machine has, beside plain loops.
@Suite struct ArrayArithmeticTests {
  private static let sets = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).filter {
    orrery_arithmetic_kernels_for($0) != nil
  }

  @Test(arguments: sets) func everyKernel(instructionSet: Int32) {
    let table = orrery_arithmetic_kernels_for(instructionSet)!.pointee
    var random = SplitMix(seed: 2)
    for count in [1, 3, 16, 100, 257] {
      let (x, y) = (random.normals(count), random.normals(count))
      let (xs, ys) = (x.map { Float($0) }, y.map { Float($0) })
      var (single, double) = ([Float](repeating: 7, count: count + 1), [Double](repeating: 7, count: count + 1))
      func check(_ expected: (Int) -> Double) -> Bool {
        single[count] == 7 && double[count] == 7
          && (0..<count).allSatisfy {
            abs(double[$0] - expected($0)) <= 1e-15 * 30 && abs(Double(single[$0]) - expected($0)) <= 1e-7 * 60
          }
      }
      table.scale_f32(1.5, xs, &single, count)
      table.scale_f64(1.5, x, &double, count)
      #expect(check { 1.5 * x[$0] })
      table.combine_f32(1.5, xs, -0.5, ys, &single, count)
      table.combine_f64(1.5, x, -0.5, y, &double, count)
      #expect(check { 1.5 * x[$0] - 0.5 * y[$0] })
      table.multiply_f32(xs, ys, &single, count)
      table.multiply_f64(x, y, &double, count)
      #expect(check { x[$0] * y[$0] })
      table.quadratic_f32(xs, ys, [0.5, -1, 0.25], &single, count)
      table.quadratic_f64(x, y, [0.5, -1, 0.25], &double, count)
      #expect(check { x[$0] * (0.5 - y[$0] + 0.25 * y[$0] * y[$0]) })
    }
    for (rows, columns) in [(0, 3), (1, 5), (7, 33), (40, 2)] {
      let x = random.normals(rows * columns)
      var (single, double) = ([Float](repeating: 7, count: columns + 1), [Double](repeating: 7, count: columns + 1))
      table.sum_rows_f32(x.map { Float($0) }, rows, columns, &single)
      table.sum_rows_f64(x, rows, columns, &double)
      for j in 0..<columns {
        let expected = (0..<rows).reduce(0.0) { $0 + x[$1 * columns + j] }
        #expect(abs(double[j] - expected) < 1e-13 && abs(Double(single[j]) - expected) < 1e-4)
      }
      #expect(single[columns] == 7 && double[columns] == 7)
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
    x.withUnsafeMutableBufferPointer { table.multiply_f64($0.baseAddress, $0.baseAddress, $0.baseAddress, 100) }
    #expect(x == (0..<100).map { Double($0 * $0) })
  }
}
