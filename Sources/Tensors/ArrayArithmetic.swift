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
      inUse.pointee.scale_f32(cast(a), cast(x), cast(output), count)
    } else {
      inUse.pointee.scale_f64(cast(a), cast(x), cast(output), count)
    }
  }

  /// output ← a x + b y.
  @inline(__always)
  package static func combine<Scalar: TensorScalar>(
    _ a: Scalar, _ x: UnsafePointer<Scalar>, _ b: Scalar, _ y: UnsafePointer<Scalar>,
    into output: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.combine_f32(cast(a), cast(x), cast(b), cast(y), cast(output), count)
    } else {
      inUse.pointee.combine_f64(cast(a), cast(x), cast(b), cast(y), cast(output), count)
    }
  }

  /// y ← y + a x, a rounded to the arrays' precision.
  package static func add<Scalar: TensorScalar>(
    _ a: Double, _ x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // No conversion between generic numbers, which costs as much as a short array.
    if Scalar.self == Float.self {
      inUse.pointee.combine_f32(1, cast(UnsafePointer(y)), Float(a), cast(x), cast(y), count)
    } else {
      inUse.pointee.combine_f64(1, cast(UnsafePointer(y)), a, cast(x), cast(y), count)
    }
  }

  /// x ← a x, a rounded to the array's precision.
  package static func scale<Scalar: TensorScalar>(_ a: Double, _ x: UnsafeMutablePointer<Scalar>, count: Int) {
    if Scalar.self == Float.self {
      inUse.pointee.scale_f32(Float(a), cast(UnsafePointer(x)), cast(x), count)
    } else {
      inUse.pointee.scale_f64(a, cast(UnsafePointer(x)), cast(x), count)
    }
  }

  /// x · y: blocks in the arrays' own precision, their sums in Double, so that the error does not grow with the length.
  package static func dot<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
  ) -> Double {
    Scalar.self == Float.self
      ? inUse.pointee.dot_f32(cast(x), cast(y), count) : inUse.pointee.dot_f64(cast(x), cast(y), count)
  }

  /// |x|, as the dot product.
  package static func norm<Scalar: TensorScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    dot(x, x, count: count).squareRoot()
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

  /// output ← x (c₀ + c₁ y + c₂ y²), the coefficients rounded to the arrays' precision.
  @inline(__always)
  package static func multiply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, byQuadratic c: (Double, Double, Double), of y: UnsafePointer<Scalar>,
    into output: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if Scalar.self == Float.self {
      withUnsafeBytes(of: (Float(c.0), Float(c.1), Float(c.2))) {
        let c = $0.assumingMemoryBound(to: Float.self).baseAddress
        inUse.pointee.quadratic_f32(cast(x), cast(y), c, cast(output), count)
      }
    } else {
      withUnsafeBytes(of: c) {
        let c = $0.assumingMemoryBound(to: Double.self).baseAddress
        inUse.pointee.quadratic_f64(cast(x), cast(y), c, cast(output), count)
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

  /// Channel by channel, the maximum over a window's pixels, which begin at `x[taps[n]]`, and the number n of the first that
  /// has it; NaN where there is one.
  @inline(__always)
  package static func windowMaximum<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ taps: UnsafeBufferPointer<Int>, channels: Int, best: UnsafeMutablePointer<Scalar>,
    which: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.window_maximum_f32(cast(x), taps.baseAddress, taps.count, channels, cast(best), cast(which))
    } else {
      inUse.pointee.window_maximum_f64(cast(x), taps.baseAddress, taps.count, channels, cast(best), cast(which))
    }
  }

  /// output ← the number at the window's pixel `which`, channel by channel.
  @inline(__always)
  package static func windowGather<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ taps: UnsafeBufferPointer<Int>, channels: Int, which: UnsafePointer<Scalar>,
    into output: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.window_gather_f32(cast(x), taps.baseAddress, taps.count, channels, cast(which), cast(output))
    } else {
      inUse.pointee.window_gather_f64(cast(x), taps.baseAddress, taps.count, channels, cast(which), cast(output))
    }
  }

  /// output at the window's pixel `which` ← x, and 0 at its other pixels; or += x.
  @inline(__always)
  package static func windowScatter<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ taps: UnsafeBufferPointer<Int>, channels: Int, which: UnsafePointer<Scalar>,
    into output: UnsafeMutablePointer<Scalar>, accumulating: Bool
  ) {
    let adds: Int32 = accumulating ? 1 : 0
    if Scalar.self == Float.self {
      inUse.pointee.window_scatter_f32(
        cast(x), taps.baseAddress, taps.count, channels, cast(which), cast(output), adds)
    } else {
      inUse.pointee.window_scatter_f64(
        cast(x), taps.baseAddress, taps.count, channels, cast(which), cast(output), adds)
    }
  }
}
