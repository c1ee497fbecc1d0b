import OrreryTensors

/// Sums over long vectors, with an error that does not grow with their length.
enum VectorArithmetic {
  /// x · y: blocks in the vectors' own precision, their sums in Double.
  static func dot<Scalar: TrainingScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
  ) -> Double {
    var total = 0.0
    var start = 0
    while start < count {
      let end = Swift.min(count, start &+ 256)
      var lanes = (SIMD8<Scalar>(repeating: 0), SIMD8<Scalar>(repeating: 0))
      var i = start
      while i &+ 16 <= end {
        lanes.0 += load(x + i) * load(y + i)
        lanes.1 += load(x + i + 8) * load(y + i + 8)
        i &+= 16
      }
      var rest = Scalar(0)
      while i < end {
        rest += x[i] * y[i]
        i &+= 1
      }
      total += Double((lanes.0 + lanes.1).sum()) + Double(rest)
      start = end
    }
    return total
  }

  @inline(__always)
  private static func load<Scalar: TrainingScalar>(_ x: UnsafePointer<Scalar>) -> SIMD8<Scalar> {
    UnsafeRawPointer(x).loadUnaligned(as: SIMD8<Scalar>.self)
  }

  static func norm<Scalar: TrainingScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    dot(x, x, count: count).squareRoot()
  }

  /// y ← y + a x.
  static func add<Scalar: TrainingScalar>(
    _ a: Double, _ x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    ArrayArithmetic.combine(1, UnsafePointer(y), Scalar(a), x, into: y, count: count)
  }

  /// x ← a x.
  static func scale<Scalar: TrainingScalar>(_ a: Double, _ x: UnsafeMutablePointer<Scalar>, count: Int) {
    ArrayArithmetic.scale(Scalar(a), UnsafePointer(x), into: x, count: count)
  }

  /// Independent ±1, draw by draw of a stream.
  static func fillSigns<Scalar: TrainingScalar>(_ x: UnsafeMutableBufferPointer<Scalar>, _ stream: RandomStream) {
    Scalar.fillUniforms(x, stream, from: 0)
    for i in 0..<x.count { x[i] = x[i] < 0.5 ? -1 : 1 }
  }
}
