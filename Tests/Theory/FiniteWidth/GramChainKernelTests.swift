import CElementwise
import OrreryTestSupport
import Testing

/// The kernels of every instruction set that this machine has, against plain loops in double precision.
///
/// Sums here have at most nine terms, and round ten times: 10u = 6e-7 of the sum of their sizes.
@Suite("Gram-matrix chain: vector kernels")
struct GramChainKernelTests {
  static let lanes = Int(ORRERY_CHAIN_LANES)
  static let sets = (0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue)).filter { orrery_has_instruction_set($0) != 0 }
  static let cases = sets.flatMap { set in (1...9).map { (set, $0) } }

  private func row(_ i: Int) -> Int { i * (i + 1) / 2 }

  /// Random positive definite matrices, one a lane, as `X Xᵀ` of square X, and 0.1 on the diagonal.
  private func grams(_ samples: Int) -> [Float] {
    var random = SplitMix(seed: UInt64(samples))
    var packed = [Float](repeating: 0, count: row(samples) * Self.lanes)
    for lane in 0..<Self.lanes {
      let x = (0..<samples).map { _ in random.normals(samples) }
      for i in 0..<samples {
        for j in 0...i {
          let product = zip(x[i], x[j]).reduce(i == j ? 0.1 : 0) { $0 + $1.0 * $1.1 }
          packed[(row(i) + j) * Self.lanes + lane] = Float(product)
        }
      }
    }
    return packed
  }

  @Test("L Lᵀ is the matrix", arguments: cases)
  func factorize(_ set: Int32, _ samples: Int) {
    let kernels = orrery_chain_kernels_for(set).pointee
    let gram = grams(samples)
    var factor = [Float](repeating: .nan, count: gram.count)
    kernels.factorize(gram, samples, 1e-6, &factor)
    for lane in 0..<Self.lanes {
      for i in 0..<samples {
        for j in 0...i {
          let product = (0...j).reduce(0.0) { sum, k in
            sum + Double(factor[(row(i) + k) * Self.lanes + lane]) * Double(factor[(row(j) + k) * Self.lanes + lane])
          }
          let scale = Double(
            gram[(row(i) + i) * Self.lanes + lane] * gram[(row(j) + j) * Self.lanes + lane]
          ).squareRoot()
          #expect(abs(product - Double(gram[(row(i) + j) * Self.lanes + lane])) <= 4e-7 * scale * Double(samples))
        }
      }
    }
  }

  @Test("A repeated input gets a column of zeros, the next is factored as if it were not there", arguments: sets)
  func semidefinite(_ set: Int32) {
    let kernels = orrery_chain_kernels_for(set).pointee
    // Inputs 0 and 1 coincide; input 2 is different; input 3 is zero.
    let matrix: [Float] = [2, 2, 2, 1, 1, 3, 0, 0, 0, 0]
    let gram = matrix.flatMap { Array(repeating: $0, count: Self.lanes) }
    var factor = [Float](repeating: .nan, count: gram.count)
    kernels.factorize(gram, 4, 1e-6, &factor)
    let root = Float(2).squareRoot()
    let expected: [Float] = [root, root, 0, 1 / root, 0, Float(2.5).squareRoot(), 0, 0, 0, 0]
    for (index, value) in expected.enumerated() {
      for lane in 0..<Self.lanes { #expect(abs(factor[index * Self.lanes + lane] - value) <= 3e-7) }
    }
  }

  @Test("Triangular product and Gram matrix, any number of inputs and neurons", arguments: cases)
  func products(_ set: Int32, _ samples: Int) {
    let kernels = orrery_chain_kernels_for(set).pointee
    var factor = [Float](repeating: 0, count: row(samples) * Self.lanes)
    kernels.factorize(grams(samples), samples, 1e-6, &factor)
    for neurons in [1, 2, 3, 5] {
      var random = SplitMix(seed: 3)
      let normals = random.normals(neurons * samples * Self.lanes).map(Float.init)
      var values = normals
      kernels.correlate(factor, samples, neurons, &values)
      var gram = [Float](repeating: 1, count: factor.count)
      kernels.accumulate(values, samples, neurons, &gram)
      kernels.rescale(0.5, 0.25, samples, &gram)
      for lane in 0..<Self.lanes {
        func number(_ array: [Float], _ index: Int) -> Double { Double(array[index * Self.lanes + lane]) }
        for m in 0..<neurons {
          for i in 0..<samples {
            let terms = (0...i).map { number(factor, row(i) + $0) * number(normals, m * samples + $0) }
            let size = terms.reduce(0) { $0 + abs($1) }
            #expect(abs(number(values, m * samples + i) - terms.reduce(0, +)) <= 6e-7 * size)
          }
        }
        for i in 0..<samples {
          for j in 0...i {
            let terms = (0..<neurons).map { number(values, $0 * samples + i) * number(values, $0 * samples + j) }
            let size = terms.reduce(1) { $0 + abs($1) }
            #expect(abs(number(gram, row(i) + j) - (0.25 + 0.5 * (1 + terms.reduce(0, +)))) <= 6e-7 * size)
          }
        }
      }
    }
  }

  @Test("Moments of any count, with a mean far larger than the spread", arguments: sets)
  func moments(_ set: Int32) {
    let kernels = orrery_chain_kernels_for(set).pointee
    for count in [1, 7, 8, 9, 100, 128] {
      var random = SplitMix(seed: UInt64(count))
      let values = random.normals(count).map { 1e6 + $0 }
      var deviations = [Double](repeating: 0, count: count)
      var moments = [Double](repeating: 0, count: 4)
      kernels.moments(values, count, &deviations, &moments)
      let mean = values.reduce(0) { $0 + ($1 - 1e6) } / Double(count) + 1e6
      #expect(abs(moments[0] - mean) <= 1e-9)
      for power in 2...4 {
        let sum = values.reduce(0.0) { total, value in
          total + (0..<power).reduce(1.0) { product, _ in product * (value - mean) }
        }
        #expect(abs(moments[power - 1] - sum) <= 1e-7 * max(1, abs(sum)))
      }
    }
  }
}
