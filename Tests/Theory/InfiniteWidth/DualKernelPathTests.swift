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

  /// Horner's rule in both parities, beside the sums written out.
  @Test(arguments: [false, true]) func hermiteSumsAreRight(odd: Bool) throws {
    let (stride, count, terms) = (Self.stride, Self.count, 7)
    var random = SplitMix(seed: 8)
    let a = random.normals(terms)
    let b = random.normals(terms * stride)
    let features = [0.5, 0.6, 0.7, 0.01, 0.9]
    let columns =
      features.flatMap { [Double](repeating: $0, count: stride) } + [Double](repeating: 0, count: 2 * stride)
    let start = (0..<stride).map { _ in 2 * random.uniform() }
    for set in 0..<Int32(ORRERY_INSTRUCTION_SETS.rawValue) {
      guard let table = orrery_dual_kernels_for(set)?.pointee else { continue }
      var u = start
      var theta = [Double](repeating: 1.5, count: stride)
      var layer = orrery_dual_layer_f64(
        bias_variance: 0.1, weight_variance: 0.9, bias_rate: 0.2, weight_rate: 0.8, response: 0.7, parameter: 0)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          var series = orrery_hermite_f64(row: a.baseAddress, columns: b.baseAddress, terms: terms, odd: odd ? 1 : 0)
          table.hermite_f64(&layer, &series, features + [0, 0], columns, stride, count, &u, &theta)
        }
      }
      for i in 0..<count {
        let c = 1 - start[i]
        var (value, slope) = (0.0, 0.0)
        for m in 0..<terms {
          let j = odd ? 2 * m + 1 : m
          let coefficient = a[m] * b[m * stride + i]
          value += coefficient * (0..<j).reduce(1.0) { power, _ in power * c }
          slope += Double(j) * coefficient * (0..<max(0, j - 1)).reduce(1.0) { power, _ in power * c }
        }
        let next = 1 - (0.1 + 0.9 * value) * 0.01 * 0.01
        #expect((u[i] - next).magnitude < 1e-13)
        #expect((theta[i] - (0.2 + 0.8 * value + 0.7 * slope * 0.81 * 1.5)).magnitude < 1e-11)
      }
    }
  }
}
