import OrreryTensors

/// 1 − cos of the angle between two inputs, to full relative accuracy for close ones.
///
/// The part r of δ = x′ − x that is orthogonal to x gives sin²θ = |r|²/|x′|² and 1 − c = sin²θ/(1 + c); the inner product
/// alone would leave 1 − c an absolute error of 10⁻¹⁶ and θ one of 10⁻⁸.
package enum InputCorrelation {
  /// - Parameters:
  ///   - x, y: two inputs of `count` features.
  ///   - squaredNorm1, squaredNorm2: |x|², |y|².
  package static func oneMinusCorrelation<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int, squaredNorm1: Double, squaredNorm2: Double
  ) -> Double {
    guard squaredNorm1 > 0, squaredNorm2 > 0 else { return 1 }
    var projection = 0.0
    for i in 0..<count { projection += (Double(y[i]) - Double(x[i])) * Double(x[i]) }
    projection /= squaredNorm1
    var orthogonal = 0.0
    for i in 0..<count {
      let r = (Double(y[i]) - Double(x[i])) - projection * Double(x[i])
      orthogonal += r * r
    }
    let squaredSine = Swift.min(1, orthogonal / squaredNorm2)
    let cosine = (1 - squaredSine).squareRoot()
    // 1 + projection = x·y/|x|² has the sign of c.
    return projection >= -1 ? squaredSine / (1 + cosine) : 1 + cosine
  }

  /// |x|², summed in Double.
  package static func squaredNorm<Scalar: TensorScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    UpdateKernels<Scalar>.sumOfSquares(x, count: count)
  }
}
