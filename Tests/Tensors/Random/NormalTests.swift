import CElementwise
import Foundation
import OrreryTensors
import OrreryTestSupport
import Testing

/// The law of the normal draws, and what must not change them.
@Suite struct NormalTests {
  let stream = RandomStream(seed: 2026, purpose: .test, member: 1, layer: 2, step: 3)

  /// The k-th moment of a standard normal, (k − 1)!! for even k.
  private func moment(_ k: Int) -> Double {
    k % 2 == 1 ? 0 : stride(from: 1, to: k, by: 2).reduce(1) { $0 * Double($1) }
  }

  /// Moments 1 to 6 of 4 million draws: the error of the mean of xᵏ is √((M₂ₖ − Mₖ²)/N), with Mₖ = (k − 1)!! for even k.
  @Test(arguments: Precision.allCases)
  func momentsAreTheNormals(_ precision: Precision) {
    let count = 1 << 22
    let x = precision == .single ? stream.floatNormals(count: count).map { Double($0) } : stream.normals(count: count)
    var sums = [Double](repeating: 0, count: 7)
    for x in x {
      var power = 1.0
      for k in 1...6 {
        power *= x
        sums[k] += power
      }
    }
    let variances: [Double] = (1...6).map { moment(2 * $0) - moment($0) * moment($0) }
    checkMonteCarloAgrees(
      predicted: (1...6).map(moment), measured: sums[1...].map { $0 / Double(count) },
      standardError: variances.map { ($0 / Double(count)).squareRoot() })
  }

  /// Fractions below −4, −3, …, 4 against Φ, with binomial errors.
  @Test(arguments: Precision.allCases)
  func tailsAreTheNormals(_ precision: Precision) {
    let count = 1 << 22
    let x = precision == .single ? stream.floatNormals(count: count).map { Double($0) } : stream.normals(count: count)
    let bounds = stride(from: -4.0, through: 4, by: 0.5)
    let predicted = bounds.map { 0.5 * erfc(-$0 * 0.5.squareRoot()) }
    let measured = bounds.map { bound in Double(x.count { $0 < bound }) / Double(count) }
    checkMonteCarloAgrees(
      predicted: predicted, measured: measured,
      standardError: predicted.map { ($0 * (1 - $0) / Double(count)).squareRoot() })
  }

  /// Products of draws at small lags, of squares too (a Box–Muller pair shares its radius), and between members, layers,
  /// steps and seeds: all of mean 0.
  @Test func drawsAreUncorrelated() {
    let count = 1 << 19
    let x = stream.floatNormals(count: count + 8).map { Double($0) }
    var neighbours = [RandomStream](repeating: stream, count: 4)
    neighbours[0].member += 1
    neighbours[1].layer += 1
    neighbours[2].step += 1
    neighbours[3].seed += 1
    let others = (1...8).map { Array(x[$0...]) } + neighbours.map { $0.floatNormals(count: count).map { Double($0) } }
    var products: [Double] = []
    var squares: [Double] = []
    for y in others {
      var product = 0.0
      var square = 0.0
      for k in 0..<count {
        product += x[k] * y[k]
        square += (x[k] * x[k] - 1) * (y[k] * y[k] - 1)
      }
      products.append(product / Double(count))
      squares.append(square / Double(count))
    }
    let none = [Double](repeating: 0, count: others.count)
    let error = 1 / Double(count).squareRoot()
    checkMonteCarloAgrees(predicted: none, measured: products, standardError: none.map { _ in error })
    // The variance of x² is 2.
    checkMonteCarloAgrees(predicted: none, measured: squares, standardError: none.map { _ in 2 * error })
  }

  @Test(arguments: [1, 3, 4, 5, 16, 33, 128, 999])
  func chunksDoNotMatter(_ chunk: Int) {
    let whole = stream.floatNormals(count: 1000, from: 6)
    let wholeDouble = stream.normals(count: 1000, from: 6)
    for start in stride(from: 0, to: 1000, by: chunk) {
      let count = min(chunk, 1000 - start)
      #expect(stream.floatNormals(count: count, from: 6 + start) == Array(whole[start..<(start + count)]))
      #expect(stream.normals(count: count, from: 6 + start) == Array(wholeDouble[start..<(start + count)]))
    }
  }

  @Test(arguments: [(0, 64), (1, 3), (2, 1), (3, 9), (1 << 35, 10)])
  func lanesAreTheMembersOwnStreams(first: Int, count: Int) {
    var lanes = [Float](repeating: .nan, count: 16 * count)
    var wideLanes = [Double](repeating: .nan, count: 16 * count)
    stream.fillNormalLanes(from: first, count: count, into: &lanes)
    stream.fillNormalLanes(from: first, count: count, into: &wideLanes)
    for lane in 0..<RandomStream.laneCount {
      var own = stream
      own.member += UInt32(lane)
      #expect(own.floatNormals(count: count, from: first) == (0..<count).map { lanes[$0 * 16 + lane] })
      #expect(own.normals(count: count, from: first) == (0..<count).map { wideLanes[$0 * 16 + lane] })
    }
  }

  /// The same bits on every path, for every kernel of draws.
  @Test func instructionSetsDoNotMatter() throws {
    let key = orrery_stream(seed: 99, member: 12, step: 5, place: 0x0300_0700)
    let count = 20_000
    func draws(_ path: Int32) throws -> ([[UInt32]], [[UInt64]]) {
      let kernels = try #require(orrery_kernels_for(path)).pointee
      var single = [[Float]](repeating: [Float](repeating: 0, count: 16 * count), count: 3)
      var double = [[Double]](repeating: [Double](repeating: 0, count: 16 * count), count: 3)
      kernels.uniforms_f32(key, 1, count, &single[0])
      kernels.normals_f32(key, 1, count, &single[1])
      kernels.normal_lanes_f32(key, 1, count, &single[2])
      kernels.uniforms_f64(key, 1, count, &double[0])
      kernels.normals_f64(key, 1, count, &double[1])
      kernels.normal_lanes_f64(key, 1, count, &double[2])
      return (single.map { $0.map(\.bitPattern) }, double.map { $0.map(\.bitPattern) })
    }
    let baseline = try draws(0)
    for path in PhiloxTests.paths where path != 0 {
      let other = try draws(path)
      #expect(other.0 == baseline.0 && other.1 == baseline.1, "path \(path)")
    }
  }

  /// Draw i in `Float` is draw i in `Double` with fewer bits. Near u = 1 and in the far tail the radius is a steep function of
  /// u, so there the two part: |Δr| <= |Δu| / (u r), with u off by 2⁻³¹ and by its rounding to a float.
  @Test func precisionsAgree() {
    let single = stream.floatNormals(count: 1 << 20)
    let double = stream.normals(count: 1 << 20)
    for pair in stride(from: 0, to: single.count, by: 2) {
      let square: Double = double[pair] * double[pair] + double[pair + 1] * double[pair + 1]
      let radius = square.squareRoot()
      let u = exp(-square / 2)
      let change: Double = 0x1p-31 + 0x1p-24 * u
      let bound: Double = change / (u * max(radius, 1e-3)) + 2e-6
      #expect(
        abs(Double(single[pair]) - double[pair]) <= bound && abs(Double(single[pair + 1]) - double[pair + 1]) <= bound)
    }
  }

  /// No draw is infinite or NaN, and the ends are where the documentation says.
  @Test func tailsAreCutWhereStated() {
    let x = stream.floatNormals(count: 1 << 22)
    #expect(x.allSatisfy { abs($0) < 6.67 })
    #expect((2 * log(0x1p32)).squareRoot() < 6.67 && (2 * log(0x1p65)).squareRoot() < 9.5)
    #expect(0.5 * erfc(6.66 * 0.5.squareRoot()) * 2 < 2.8e-11)
  }
}
