import CElementwise

/// Sums and products of whole arrays, element by element, in vector instructions: see `Arithmetic.h`.
///
/// An output is one of the inputs or overlaps none.
package enum ArrayArithmetic {
  /// A constant table, chosen when the library is loaded.
  nonisolated(unsafe) private static let inUse = orrery_arithmetic_kernels_in_use()!

  /// output ← a x.
  @inline(__always)
  package static func scale<Scalar: TensorScalar>(
    _ a: Scalar, _ x: UnsafePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.scale_f32(Float(a), cast(x), cast(output), count)
    } else {
      inUse.pointee.scale_f64(Double(a), cast(x), cast(output), count)
    }
  }

  /// output ← a x + b y.
  @inline(__always)
  package static func combine<Scalar: TensorScalar>(
    _ a: Scalar, _ x: UnsafePointer<Scalar>, _ b: Scalar, _ y: UnsafePointer<Scalar>,
    into output: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.combine_f32(Float(a), cast(x), Float(b), cast(y), cast(output), count)
    } else {
      inUse.pointee.combine_f64(Double(a), cast(x), Double(b), cast(y), cast(output), count)
    }
  }

  /// output ← x y.
  @inline(__always)
  package static func multiply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.multiply_f32(cast(x), cast(y), cast(output), count)
    } else {
      inUse.pointee.multiply_f64(cast(x), cast(y), cast(output), count)
    }
  }

  /// output ← x (c₀ + c₁ y + c₂ y²).
  @inline(__always)
  package static func multiply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, byQuadratic c: (Scalar, Scalar, Scalar), of y: UnsafePointer<Scalar>,
    into output: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    withUnsafePointer(to: c) { c in
      let first = UnsafeRawPointer(c).assumingMemoryBound(to: Scalar.self)
      if Scalar.self == Float.self {
        inUse.pointee.quadratic_f32(cast(x), cast(y), cast(first), cast(output), count)
      } else {
        inUse.pointee.quadratic_f64(cast(x), cast(y), cast(first), cast(output), count)
      }
    }
  }

  /// output_j ← Σ_i x_ij of a matrix without gaps.
  @inline(__always)
  package static func sumRows<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int, into output: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.sum_rows_f32(cast(x), rows, columns, cast(output))
    } else {
      inUse.pointee.sum_rows_f64(cast(x), rows, columns, cast(output))
    }
  }

  @inline(__always)
  private static func cast<From, To>(_ pointer: UnsafePointer<From>) -> UnsafePointer<To> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: To.self)
  }

  @inline(__always)
  private static func cast<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
  }
}
