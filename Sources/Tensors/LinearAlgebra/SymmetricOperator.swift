/// A linear map of a vector space to itself, symmetric.
package protocol SymmetricOperator<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar
  /// The dimension.
  var count: Int { get }
  /// y ← A x; x and y do not overlap.
  func apply(_ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>)
}
