import CElementwise

/// A matrix product C = A B whose left operand is gathered while it is used: rows begin anywhere, and the inner index runs in
/// segments. See `orrery_gathered_product` in `Product.h`.
///
/// The right operand is packed in panels of ``RegisterProduct/tileColumns(_:)`` columns, the last one padded with zeros; or, where
/// that number divides its columns, it lies row by row. An element's sum has one order, whatever rows and columns are computed
/// at once. One thread.
package struct GatheredProduct: Sendable {
  /// Where the rows of A begin, and the rows of C; as many of either.
  package var rows: [Int]
  package var targets: [Int]
  /// Where each segment begins, in a row of A and in a panel of B; as many of either.
  package var leftSegments: [Int]
  package var rightSegments: [Int]
  /// Inner indices of one segment.
  package var length: Int
  /// From one inner index to the next in A, and in a panel of B.
  package var leftStep: Int
  package var rightStep: Int
  /// From one panel of B to the next.
  package var panelStride: Int
  package var columns: Int

  package init(
    rows: [Int], targets: [Int], leftSegments: [Int], rightSegments: [Int], length: Int, leftStep: Int = 1,
    rightStep: Int, panelStride: Int, columns: Int
  ) {
    precondition(rows.count == targets.count && leftSegments.count == rightSegments.count)
    self.rows = rows
    self.targets = targets
    self.leftSegments = leftSegments
    self.rightSegments = rightSegments
    self.length = length
    self.leftStep = leftStep
    self.rightStep = rightStep
    self.panelStride = panelStride
    self.columns = columns
  }

  /// C ← start + A B, or C ← C + A B.
  ///
  /// - Parameters:
  ///   - start: a row that every row of C begins with; nil for zero.
  ///   - part: which rows to compute; nil for all.
  ///   - segments: how many of the segments to sum; nil for all.
  @inline(__always)
  package func run<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, start: UnsafePointer<Scalar>? = nil,
    into c: UnsafeMutablePointer<Scalar>, accumulating: Bool = false, rows part: Range<Int>? = nil,
    segments: Int? = nil
  ) {
    let part = part ?? rows.indices
    assert(rows.indices.contains(part) || part.isEmpty)
    rows.withUnsafeBufferPointer { rows in
      targets.withUnsafeBufferPointer { targets in
        leftSegments.withUnsafeBufferPointer { left in
          rightSegments.withUnsafeBufferPointer { right in
            guard let firstRow = rows.baseAddress, !part.isEmpty else { return }
            var product = orrery_gathered_product(
              a_rows: firstRow + part.lowerBound, c_rows: targets.baseAddress! + part.lowerBound, rows: part.count,
              a_segments: left.baseAddress, b_segments: right.baseAddress, segments: segments ?? left.count,
              length: length, a_inner: leftStep, b_inner: rightStep, b_tile: panelStride, columns: columns)
            RegisterProduct.run(&product, a, b, start, c, accumulating)
          }
        }
      }
    }
  }
}
