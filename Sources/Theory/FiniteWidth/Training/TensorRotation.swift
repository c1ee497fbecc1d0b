import OrreryTensors

/// Σ_i R_mi X_…i…: one index of a row-major tensor turned, its length R's columns before and R's rows after.
///
/// - Parameters:
///   - outer: the product of the lengths of the indices before.
///   - inner: and of those after.
func rotated(_ elements: [Double], by rotation: Matrix<Double>, outer: Int, inner: Int) -> [Double] {
  let (rows, length) = (rotation.rows, rotation.columns)
  precondition(elements.count == outer * length * inner, "The turned index is as long as the rotation has columns.")
  return [Double](unsafeUninitializedCapacity: outer * rows * inner) { result, count in
    result.initialize(repeating: 0)
    elements.withUnsafeBufferPointer { x in
      rotation.withUnsafeBuffer { rotation in
        for block in 0..<outer {
          for m in 0..<rows {
            let target = (block * rows + m) * inner
            for i in 0..<length where rotation[m * length + i] != 0 {
              let (factor, source) = (rotation[m * length + i], (block * length + i) * inner)
              for offset in 0..<inner { result[target + offset] += factor * x[source + offset] }
            }
          }
        }
      }
    }
    count = outer * rows * inner
  }
}
