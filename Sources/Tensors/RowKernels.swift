import CElementwise

/// Operations on the rows of matrices without gaps, in vector instructions: see `Rows.h`.
///
/// An output is one of the matrices that enter, or overlaps none.
package enum RowKernels<Scalar: TensorScalar> {
  package typealias Values = UnsafeMutablePointer<Scalar>
  package typealias Constants = UnsafePointer<Scalar>

  @inline(__always)
  private static var isSingle: Bool { Scalar.self == Float.self }

  /// output_ij ← e^(a x_ij) / Σ_k e^(a x_ik), a > 0; causal rows sum over the columns up to the diagonal of their square
  /// matrix. `firstRow` is the number of the first of these rows in its stack of matrices.
  @inline(__always)
  package static func softmax(
    _ a: Double, _ x: Constants, into output: Values, firstRow: Int, rows: Int, columns: Int, isCausal: Bool
  ) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.softmax_f32(Float(a), cast(x), cast(output), firstRow, rows, columns, isCausal ? 1 : 0)
    } else {
      kernels.pointee.softmax_f64(a, cast(x), cast(output), firstRow, rows, columns, isCausal ? 1 : 0)
    }
  }

  /// output_ij ← a s_ij (c_ij − Σ_k s_ik c_ik).
  @inline(__always)
  package static func softmaxPullback(
    _ a: Double, _ s: Constants, _ c: Constants, into output: Values, firstRow: Int, rows: Int, columns: Int,
    isCausal: Bool
  ) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.softmax_pullback_f32(
        Float(a), cast(s), cast(c), cast(output), firstRow, rows, columns, isCausal ? 1 : 0)
    } else {
      kernels.pointee.softmax_pullback_f64(
        a, cast(s), cast(c), cast(output), firstRow, rows, columns, isCausal ? 1 : 0)
    }
  }

  /// output_i ← log Σ_j e^(x_ij).
  @inline(__always)
  package static func logSumExp(_ x: Constants, into output: Values, rows: Int, columns: Int) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.log_sum_exp_f32(cast(x), cast(output), rows, columns)
    } else {
      kernels.pointee.log_sum_exp_f64(cast(x), cast(output), rows, columns)
    }
  }

  /// y_ij ← (x_ij − m_i) s_i, s_i ← 1/√(v_i + ε); either may be left out.
  @inline(__always)
  package static func normalize(
    _ x: Constants, epsilon: Double, centres: Bool, into y: Values?, scales s: Values?, rows: Int, columns: Int
  ) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.normalize_f32(
        Float(epsilon), centres ? 1 : 0, cast(x), y.map(cast), s.map(cast), rows, columns)
    } else {
      kernels.pointee.normalize_f64(epsilon, centres ? 1 : 0, cast(x), y.map(cast), s.map(cast), rows, columns)
    }
  }

  /// output_ij ← s_i (c_ij − mean_j c − y_ij mean_j (c y)); the first mean only where it centres.
  @inline(__always)
  package static func project(
    _ c: Constants, _ y: Constants, scales s: Constants, centres: Bool, into output: Values, rows: Int, columns: Int
  ) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.project_f32(centres ? 1 : 0, cast(c), cast(y), cast(s), cast(output), rows, columns)
    } else {
      kernels.pointee.project_f64(centres ? 1 : 0, cast(c), cast(y), cast(s), cast(output), rows, columns)
    }
  }

  /// output_i ← Σ_j x_ij y_ij.
  @inline(__always)
  package static func dot(_ x: Constants, _ y: Constants, into output: Values, rows: Int, columns: Int) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.row_dot_f32(cast(x), cast(y), cast(output), rows, columns)
    } else {
      kernels.pointee.row_dot_f64(cast(x), cast(y), cast(output), rows, columns)
    }
  }

  /// output_ij ← s_i x_ij.
  @inline(__always)
  package static func scaleRows(_ x: Constants, by s: Constants, into output: Values, rows: Int, columns: Int) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.scale_rows_f32(cast(x), cast(s), cast(output), rows, columns)
    } else {
      kernels.pointee.scale_rows_f64(cast(x), cast(s), cast(output), rows, columns)
    }
  }

  /// output_ij ← g_j x_ij + b_j.
  @inline(__always)
  package static func scaleColumns(
    _ x: Constants, by g: Constants, shift b: Constants?, into output: Values, rows: Int, columns: Int
  ) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.scale_columns_f32(cast(x), cast(g), b.map(cast), cast(output), rows, columns)
    } else {
      kernels.pointee.scale_columns_f64(cast(x), cast(g), b.map(cast), cast(output), rows, columns)
    }
  }

  /// output_j ← Σ_i x_ij y_ij, rows in order.
  @inline(__always)
  package static func columnDot(_ x: Constants, _ y: Constants, into output: Values, rows: Int, columns: Int) {
    let kernels = orrery_row_kernels_in_use()!
    if isSingle {
      kernels.pointee.column_dot_f32(cast(x), cast(y), cast(output), rows, columns)
    } else {
      kernels.pointee.column_dot_f64(cast(x), cast(y), cast(output), rows, columns)
    }
  }
}
