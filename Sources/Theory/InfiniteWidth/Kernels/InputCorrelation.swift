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

extension KernelState {
  /// The state of data as they enter a network: second moments x·x′/d, no parameters before them.
  ///
  /// - Parameters:
  ///   - rows: (samples, features).
  ///   - columns: (samples, features); `rows` when nil.
  ///   - tangents: whether to carry the tangent kernel.
  public init(rows x: Matrix<Double>, columns y: Matrix<Double>? = nil, tangents: Bool) {
    let other = y ?? x
    precondition(x.columns == other.columns, "Rows and columns have the same features.")
    let features = x.columns
    func norms(_ matrix: Matrix<Double>) -> [Double] {
      matrix.withUnsafeBuffer { buffer in
        (0..<matrix.rows).map { InputCorrelation.squaredNorm(buffer.baseAddress! + $0 * features, count: features) }
      }
    }
    let (norms1, norms2) = (norms(x), norms(other))
    var values = [Double](repeating: 0, count: x.rows * other.rows)
    x.withUnsafeBuffer { first in
      other.withUnsafeBuffer { second in
        for row in 0..<x.rows {
          for column in 0..<other.rows {
            values[row * other.rows + column] = InputCorrelation.oneMinusCorrelation(
              first.baseAddress! + row * features, second.baseAddress! + column * features, count: features,
              squaredNorm1: norms1[row], squaredNorm2: norms2[column])
          }
        }
      }
    }
    self.init(
      rows: x.rows, columns: other.rows, rowVariances: norms1.map { $0 / Double(features) },
      columnVariances: norms2.map { $0 / Double(features) }, oneMinusCorrelations: values,
      tangents: tangents ? [Double](repeating: 0, count: values.count) : nil)
  }
}
