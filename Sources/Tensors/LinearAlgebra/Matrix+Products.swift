import COpenBLAS

extension Matrix {
  /// op(self) op(other), where op transposes if asked.
  ///
  /// Large products run on several cores, by tiles of rows that do not depend on how many.
  ///
  /// - Precondition: the inner extents agree.
  public func product(
    _ other: Matrix, transposingLeft: Bool = false, transposingRight: Bool = false
  ) -> Matrix {
    let (outer, inner) = transposingLeft ? (columns, rows) : (rows, columns)
    let (otherInner, width) = transposingRight ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(inner == otherInner, "A product needs equal inner extents; these are \(inner) and \(otherInner).")
    guard outer > 0, width > 0, inner > 0 else { return Matrix(rows: outer, columns: width) }
    let tile = outer * width * inner < 1 << 22 ? outer : 128
    return Matrix(rows: outer, columns: width) { target in
      withUnsafeBuffer { left in
        other.withUnsafeBuffer { right in
          let job = Product(
            left: left.baseAddress!, leftStride: columns, leftTransposed: transposingLeft, right: right.baseAddress!,
            rightStride: other.columns, rightTransposed: transposingRight, target: target.baseAddress!)
          Parallel.forEach((outer + tile - 1) / tile) { index in
            job.run(rows: (index * tile)..<min(outer, (index + 1) * tile), inner: inner, columns: width)
          }
        }
      }
    }
  }

  /// op(self) vector.
  ///
  /// - Precondition: as many elements as op(self) has columns.
  public func product(_ vector: [Scalar], transposing: Bool = false) -> [Scalar] {
    product(Matrix(rows: vector.count, columns: 1, elements: vector), transposingLeft: transposing).tensor.elements
  }

  /// self selfᵀ, exactly symmetric, at half the cost of a product.
  public func gram() -> Matrix {
    guard rows > 0, columns > 0 else { return Matrix(rows: rows, columns: rows) }
    _ = BLAS.prepared
    var result = Matrix(rows: rows, columns: rows) { target in
      withUnsafeBuffer { source in
        let (n, k) = (blasint(rows), blasint(columns))
        let (a, c) = (UnsafeRawPointer(source.baseAddress!), UnsafeMutableRawPointer(target.baseAddress!))
        if Scalar.self == Double.self {
          cblas_dsyrk(
            CblasRowMajor, CblasLower, CblasNoTrans, n, k, 1, a.assumingMemoryBound(to: Double.self), k, 0,
            c.assumingMemoryBound(to: Double.self), n)
        } else {
          cblas_ssyrk(
            CblasRowMajor, CblasLower, CblasNoTrans, n, k, 1, a.assumingMemoryBound(to: Float.self), k, 0,
            c.assumingMemoryBound(to: Float.self), n)
        }
      }
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// Copies the lower triangle onto the upper.
  mutating func mirrorLowerTriangle() {
    let size = rows
    withUnsafeMutableBuffer { buffer in
      guard let a = buffer.baseAddress else { return }
      for i in 0..<size { for j in 0..<i { a[j &* size &+ i] = a[i &* size &+ j] } }
    }
  }
}

/// One product's operands, shared by the threads that compute its tiles; each writes rows of its own.
private struct Product<Scalar: TensorScalar>: @unchecked Sendable {
  let left: UnsafePointer<Scalar>
  let leftStride: Int
  let leftTransposed: Bool
  let right: UnsafePointer<Scalar>
  let rightStride: Int
  let rightTransposed: Bool
  let target: UnsafeMutablePointer<Scalar>

  func run(rows: Range<Int>, inner: Int, columns: Int) {
    let a = UnsafeRawPointer(left + rows.lowerBound * (leftTransposed ? 1 : leftStride))
    let b = UnsafeRawPointer(right)
    let c = UnsafeMutableRawPointer(target + rows.lowerBound * columns)
    if Scalar.self == Double.self {
      BLAS.multiply(
        a.assumingMemoryBound(to: Double.self), transposed: leftTransposed, stride: leftStride,
        b.assumingMemoryBound(to: Double.self), transposed: rightTransposed, stride: rightStride,
        into: c.assumingMemoryBound(to: Double.self), stride: columns, rows: rows.count, inner: inner, columns: columns)
    } else {
      BLAS.multiply(
        a.assumingMemoryBound(to: Float.self), transposed: leftTransposed, stride: leftStride,
        b.assumingMemoryBound(to: Float.self), transposed: rightTransposed, stride: rightStride,
        into: c.assumingMemoryBound(to: Float.self), stride: columns, rows: rows.count, inner: inner, columns: columns)
    }
  }
}
