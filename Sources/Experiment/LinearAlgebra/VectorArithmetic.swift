import OrreryTensors

/// Sums over long vectors, with an error that does not grow with their length.
package enum VectorArithmetic {
  /// x · y: blocks in the vectors' own precision, their sums in Double.
  package static func dot<Scalar: TrainingScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
  ) -> Double {
    ArrayArithmetic.dot(x, y, count: count)
  }

  package static func norm<Scalar: TrainingScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    dot(x, x, count: count).squareRoot()
  }

  /// y ← y + a x.
  package static func add<Scalar: TrainingScalar>(
    _ a: Double, _ x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    ArrayArithmetic.add(a, x, to: y, count: count)
  }

  /// x ← a x.
  package static func scale<Scalar: TrainingScalar>(_ a: Double, _ x: UnsafeMutablePointer<Scalar>, count: Int) {
    ArrayArithmetic.scale(a, x, count: count)
  }
}
