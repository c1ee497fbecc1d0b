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
    if transposingLeft, RegisterProduct.isWorthTurning(rows: outer, columns: width) {
      return transposed.product(other, transposingRight: transposingRight)
    }
    let isShared = outer * width * inner >= 1 << 22
    let panel = RegisterProduct.tileColumns(Scalar.self)
    let grid = isShared ? ProductGrid(rows: outer, columns: width, panel: panel) : nil
    return Matrix(rows: outer, columns: width) { target in
      withUnsafeBuffer { left in
        other.withUnsafeBuffer { right in
          let job = Product(
            left: left.baseAddress!, leftStride: columns, leftTransposed: transposingLeft, right: right.baseAddress!,
            rightStride: other.columns, rightTransposed: transposingRight, target: target.baseAddress!, inner: inner,
            width: width)
          guard let grid else { return job.run(rows: 0..<outer, columns: 0..<width) }
          Parallel.forEach(grid.count) { job.run(rows: grid.rows($0), columns: grid.columns($0)) }
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
  ///
  /// Large ones run on several cores, by tiles of rows that do not depend on how many.
  public func gram() -> Matrix {
    guard rows > 0, columns > 0 else { return Matrix(rows: rows, columns: rows) }
    let (size, inner, tile) = (rows, columns, 96)
    var result = Matrix(rows: size, columns: size) { target in
      withUnsafeBuffer { source in
        // Each tile writes rows of its own.
        nonisolated(unsafe) let (source, target) = (source.baseAddress!, target.baseAddress!)
        let count = (size + tile - 1) / tile
        // The longest rows first, so that the last ones even out.
        Parallel.forEach(count) { index in
          let first = (count - 1 - index) * tile
          let end = min(size, first + tile)
          DenseProduct.multiply(
            source + first * inner, transposed: false, stride: inner, source, transposed: true, stride: inner,
            into: target + first * size, stride: size, rows: end - first, inner: inner, columns: end)
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

/// One product's operands, shared by the threads that compute its parts; each writes a block of its own.
private struct Product<Scalar: TensorScalar>: @unchecked Sendable {
  let left: UnsafePointer<Scalar>
  let leftStride: Int
  let leftTransposed: Bool
  let right: UnsafePointer<Scalar>
  let rightStride: Int
  let rightTransposed: Bool
  let target: UnsafeMutablePointer<Scalar>
  let inner: Int
  let width: Int

  func run(rows part: Range<Int>, columns: Range<Int>) {
    DenseProduct.multiply(
      left + part.lowerBound * (leftTransposed ? 1 : leftStride), transposed: leftTransposed, stride: leftStride,
      right + columns.lowerBound * (rightTransposed ? rightStride : 1), transposed: rightTransposed,
      stride: rightStride,
      into: target + part.lowerBound * width + columns.lowerBound, stride: width, rows: part.count, inner: inner,
      columns: columns.count)
  }
}
