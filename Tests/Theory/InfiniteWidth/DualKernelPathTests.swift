import CElementwise
import OrreryTestSupport
import Testing

/// The C kernels of every instruction set that this machine has, beside the baseline's.
@Suite struct DualKernelPathTests {
  private typealias Kernel =
    @convention(c) (
      UnsafePointer<orrery_dual_layer_f64>?, UnsafePointer<Double>?, UnsafePointer<Double>?, Int, Int,
      UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?
    ) -> Void
  private typealias SingleKernel =
    @convention(c) (
      UnsafePointer<orrery_dual_layer_f32>?, UnsafePointer<Float>?, UnsafePointer<Float>?, Int, Int,
      UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void
  private static let stride = 256
  private static let count = 101

  /// Features of a sample of variance q for each kernel, as `Dual.h` and `DualLoops.h` list them.
  private static func features(_ kernel: Int, _ q: Double) -> [Double] {
    let weight = 0.9 * q / (0.9 * q + 0.1)
    let common = [q.squareRoot(), weight.squareRoot(), (1 - weight).squareRoot(), 1 / (0.9 * q + 0.1).squareRoot()]
    switch kernel {
    case Int(ORRERY_DUAL_ERF.rawValue):
      let p = 1 / (1 + 2 * q)
      return common + [(1 - p).squareRoot(), p, p.squareRoot()]
    case Int(ORRERY_DUAL_GELU.rawValue):
      let p = 1 / (1 + q)
      return common + [(1 - p).squareRoot(), p, 1 / p.squareRoot()]
    default: return common + [q.squareRoot(), q, 0]
    }
  }

  private static func run(_ table: orrery_dual_kernels, _ kernel: Int, _ wantsTheta: Bool) -> [Double] {
    var random = SplitMix(seed: 5)
    let row = features(kernel, 0.7)
    var columns = [Double](repeating: 0, count: 7 * stride)
    var u = [Double](repeating: 1, count: stride)
    var theta = [Double](repeating: 1, count: stride)
    for i in 0..<count {
      for (f, value) in features(kernel, 0.2 + 2 * random.uniform()).enumerated() { columns[f * stride + i] = value }
      u[i] = i == 0 ? 0 : (i == 1 ? 2 : (i < 20 ? 1e-9 * random.uniform() : 2 * random.uniform()))
      theta[i] = random.normal()
    }
    var layer = orrery_dual_layer_f64(
      bias_variance: 0.1, weight_variance: 0.9, bias_rate: 0.2, weight_rate: 0.8, response: 0.9, parameter: 0.3)
    let function = withUnsafeBytes(of: table.f64) {
      $0.load(fromByteOffset: kernel * MemoryLayout<Kernel>.stride, as: Kernel.self)
    }
    if wantsTheta {
      function(&layer, row, columns, stride, count, &u, &theta)
    } else {
      function(&layer, row, columns, stride, count, &u, nil)
    }
    return Array(u[0..<count] + theta[0..<count])
  }

  private static func runSingle(_ table: orrery_dual_kernels, _ kernel: Int) -> [Double] {
    var random = SplitMix(seed: 6)
    let row = features(kernel, 0.7).map { Float($0) }
    var columns = [Float](repeating: 0, count: 7 * stride)
    var u = [Float](repeating: 1, count: stride)
    var theta = [Float](repeating: 1, count: stride)
    for i in 0..<count {
      for (f, value) in features(kernel, 0.2 + 2 * random.uniform()).enumerated() {
        columns[f * stride + i] = Float(value)
      }
      u[i] = Float(2 * random.uniform())
      theta[i] = Float(random.normal())
    }
    var layer = orrery_dual_layer_f32(
      bias_variance: 0.1, weight_variance: 0.9, bias_rate: 0.2, weight_rate: 0.8, response: 0.9, parameter: 0.3)
    withUnsafeBytes(of: table.f32) {
      $0.load(fromByteOffset: kernel * MemoryLayout<SingleKernel>.stride, as: SingleKernel.self)(
        &layer, row, columns, stride, count, &u, &theta)
    }
    return (u[0..<count] + theta[0..<count]).map(Double.init)
  }

  /// Numbers of order 1 that pass some tens of operations, functions of 4 units in the last place among them: 90u apart in double
  /// precision, 34u in single, where functions are good to 2.
  @Test func pathsAgree() throws {
    let baseline = try #require(orrery_dual_kernels_for(Int32(ORRERY_BASELINE.rawValue))).pointee
    for set in [ORRERY_AVX2, ORRERY_AVX512] {
      guard let table = orrery_dual_kernels_for(Int32(set.rawValue))?.pointee else { continue }
      for kernel in 0..<Int(ORRERY_DUALS.rawValue) {
        for wantsTheta in [true, false] {
          let (one, other) = (Self.run(baseline, kernel, wantsTheta), Self.run(table, kernel, wantsTheta))
          for i in one.indices { #expect((one[i] - other[i]).magnitude < 1e-14 * max(1, one[i].magnitude)) }
        }
        let (one, other) = (Self.runSingle(baseline, kernel), Self.runSingle(table, kernel))
        for i in one.indices { #expect((one[i] - other[i]).magnitude < 2e-6 * max(1, one[i].magnitude)) }
      }
    }
  }

  /// What a Hermite series gives, written out, and bounds for its errors in units of u.
  private struct Series {
    var (next, theta): (Double, Double)
    var (nextRoundings, thetaRoundings) = (0.0, 0.0)

    /// Horner's rule rounds 3 times a term, products of coefficients included, so that Σ a_m b_m c^m is off by 3 terms of Σ|a_m b_m|, and by
    /// the rounding of c = 1 − u times the sum of slopes; a slope likewise, from sums that are off already: 4 terms of Σ j|a_m b_m| and
    /// Σ j(j − 1)|a_m b_m|. What follows is a handful of operations on numbers of at most 1.
    init(_ coefficients: [Double], odd: Bool, c: Double) {
      let terms = Double(coefficients.count)
      var (value, slope) = (0.0, 0.0)
      var (size, slopeSize, curvature) = (0.0, 0.0, 0.0)
      for (m, coefficient) in coefficients.enumerated() {
        let j = odd ? 2 * m + 1 : m
        value += coefficient * (0..<j).reduce(1.0) { power, _ in power * c }
        slope += Double(j) * coefficient * (0..<max(0, j - 1)).reduce(1.0) { power, _ in power * c }
        size += abs(coefficient)
        slopeSize += Double(j) * abs(coefficient)
        curvature += Double(j * (j - 1)) * abs(coefficient)
      }
      next = 1 - (DualKernelPathTests.biasVariance + DualKernelPathTests.weightVariance * value) / 0x1p14
      theta =
        DualKernelPathTests.biasRate + DualKernelPathTests.weightRate * value
        + DualKernelPathTests.response * slope * 0.875 * 0.875 * 1.5
      let (valueError, slopeError) = ((3 * terms + 4) * size + slopeSize, (4 * terms + 4) * slopeSize + curvature)
      nextRoundings = 4 + (8 + valueError) / 0x1p14
      thetaRoundings = 4 + valueError + 4 * size + slopeError + 8 * slopeSize
    }
  }

  // Numbers that both precisions have.
  private static let (biasVariance, weightVariance, biasRate, weightRate, response) = (0.125, 0.875, 0.25, 0.75, 0.6875)

  /// Horner's rule in both parities and precisions, beside the sums written out.
  @Test(arguments: [false, true]) func hermiteSumsAreRight(odd: Bool) throws {
    let (stride, count, terms) = (Self.stride, Self.count, 7)
    var random = SplitMix(seed: 8)
    func rounded(_ values: [Double]) -> [Double] { values.map { Double(Float($0)) } }
    let a = rounded(random.normals(terms))
    let b = rounded(random.normals(terms * stride))
    // Feature 3 is 1/√K′, 2⁻⁷ here, feature 4 is 1/√K before.
    let features = [0.5, 0.5625, 0.6875, 0x1p-7, 0.875, 0, 0]
    let columns = features.flatMap { [Double](repeating: $0, count: stride) }
    let start = rounded((0..<stride).map { _ in 2 * random.uniform() })
    func check(_ u: [Double], _ theta: [Double], _ unit: Double, _ comment: Comment) {
      for i in 0..<count {
        let exact = Series((0..<terms).map { a[$0] * b[$0 * stride + i] }, odd: odd, c: 1 - start[i])
        let both = unit + 0x1p-53
        #expect((u[i] - exact.next).magnitude <= both * exact.nextRoundings, comment)
        #expect((theta[i] - exact.theta).magnitude <= both * exact.thetaRoundings, comment)
      }
    }
    for set in 0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue) {
      guard let table = orrery_dual_kernels_for(set)?.pointee else { continue }
      var (u, theta) = (start, [Double](repeating: 1.5, count: stride))
      var layer = orrery_dual_layer_f64(
        bias_variance: Self.biasVariance, weight_variance: Self.weightVariance, bias_rate: Self.biasRate,
        weight_rate: Self.weightRate, response: Self.response, parameter: 0)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          var series = orrery_hermite_f64(row: a.baseAddress, columns: b.baseAddress, terms: terms, odd: odd ? 1 : 0)
          table.hermite_f64(&layer, &series, features, columns, stride, count, &u, &theta)
        }
      }
      check(u, theta, 0x1p-53, "double precision, path \(set)")
      var (narrow, narrowTheta) = (start.map { Float($0) }, [Float](repeating: 1.5, count: stride))
      var narrowLayer = orrery_dual_layer_f32(
        bias_variance: Float(Self.biasVariance), weight_variance: Float(Self.weightVariance),
        bias_rate: Float(Self.biasRate), weight_rate: Float(Self.weightRate), response: Float(Self.response),
        parameter: 0)
      let (narrowA, narrowB) = (a.map { Float($0) }, b.map { Float($0) })
      narrowA.withUnsafeBufferPointer { a in
        narrowB.withUnsafeBufferPointer { b in
          var series = orrery_hermite_f32(row: a.baseAddress, columns: b.baseAddress, terms: terms, odd: odd ? 1 : 0)
          table.hermite_f32(
            &narrowLayer, &series, features.map { Float($0) }, columns.map { Float($0) }, stride, count, &narrow,
            &narrowTheta)
        }
      }
      check(narrow.map(Double.init), narrowTheta.map(Double.init), 0x1p-24, "single precision, path \(set)")
    }
  }

  /// Inner products to 1 − c and back, three roundings each, and the ends of a segment; any count.
  @Test func segmentsBeginAndEnd() {
    var random = SplitMix(seed: 9)
    let row = 0.75
    for count in [1, 7, 16, 63, 64, 65, 200] {
      let columns = (0..<256).map { _ in Double(Float(random.uniform())) }
      let start = (0..<256).map { _ in Double(Float(2 * random.uniform())) }
      let ends = start[..<count]
      for set in 0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue) {
        guard let table = orrery_dual_kernels_for(set)?.pointee else { continue }
        func check(_ found: [Double], _ unit: Double, _ exact: (Int) -> (value: Double, size: Double)) {
          for i in 0..<count {
            let (value, size) = exact(i)
            #expect(abs(found[i] - value) <= 3.03 * (unit + 0x1p-53) * size, "path \(set), \(count)")
          }
        }
        func correlation(_ i: Int) -> (value: Double, size: Double) {
          let product = start[i] * row * columns[i]
          return (min(max(1 - product, 0), 2), 1 + abs(product))
        }
        func kernel(_ i: Int) -> (value: Double, size: Double) {
          (row * columns[i] * (1 - start[i]), row * columns[i] * abs(1 - start[i]))
        }
        var wide = start
        table.correlate_f64(row, columns, count, &wide)
        check(wide, 0x1p-53, correlation)
        wide = start
        table.finish_f64(row, columns, count, &wide)
        check(wide, 0x1p-53, kernel)
        let narrowColumns = columns.map { Float($0) }
        var narrow = start.map { Float($0) }
        table.correlate_f32(Float(row), narrowColumns, count, &narrow)
        check(narrow.map(Double.init), 0x1p-24, correlation)
        narrow = start.map { Float($0) }
        table.finish_f32(Float(row), narrowColumns, count, &narrow)
        check(narrow.map(Double.init), 0x1p-24, kernel)
        var (least, largest) = (0.0, 0.0)
        table.range_f64(start, count, &least, &largest)
        // Numbers are chosen here; the one difference rounds once.
        #expect(least == ends.min()! && abs(largest - ends.map { abs(1 - $0) }.max()!) <= 0x1p-53)
        var (narrowLeast, narrowLargest) = (Float(0), Float(0))
        table.range_f32(start.map { Float($0) }, count, &narrowLeast, &narrowLargest)
        #expect(Double(narrowLeast) == ends.min()!)
        #expect(abs(Double(narrowLargest) - ends.map { abs(1 - $0) }.max()!) <= 0x1p-24)
      }
    }
  }
}
