import OrreryTensors

/// A tensor X_δabc of the last layer in the eigenbasis of Θ on the training samples: a, b, c are modes, δ a mode or a test sample.
struct ModeTensor: Sendable {
  /// N.
  let modes: Int
  /// N + M: modes first, then test samples.
  let rows: Int
  /// Shape (rows, N, N, N).
  private(set) var elements: [Double]

  /// - Parameters:
  ///   - vectors: row m is the mode v_m, (N, N).
  ///   - element: X of samples, N training samples first.
  init(rows: Int, vectors: Matrix<Double>, _ element: (Int, Int, Int, Int) -> Double) {
    self.rows = rows
    modes = vectors.rows
    let n = modes
    elements = []
    elements.reserveCapacity(rows * n * n * n)
    for row in 0..<rows {
      for a in 0..<n { for b in 0..<n { for c in 0..<n { elements.append(element(row, a, b, c)) } } }
    }
    rotate(vectors, outer: 1, inner: n * n * n)
    rotate(vectors, outer: rows, inner: n * n)
    rotate(vectors, outer: rows * n, inner: n)
    rotate(vectors, outer: rows * n * n, inner: 1)
  }

  subscript(row: Int, a: Int, b: Int, c: Int) -> Double { elements[((row * modes + a) * modes + b) * modes + c] }

  /// The sum over one index with the modes; of a longer first index only its first N values.
  private mutating func rotate(_ vectors: Matrix<Double>, outer: Int, inner: Int) {
    let n = modes
    vectors.withUnsafeBuffer { vectors in
      elements.withUnsafeMutableBufferPointer { elements in
        // Rows of the turned index, (N, inner), side by side.
        var block = [Double](repeating: 0, count: n * inner)
        block.withUnsafeMutableBufferPointer { block in
          for start in stride(from: 0, to: outer * n * inner, by: n * inner) {
            for place in 0..<n * inner {
              block[place] = elements[start + place]
              elements[start + place] = 0
            }
            for m in 0..<n {
              for i in 0..<n {
                let factor = vectors[m * n + i]
                for offset in 0..<inner { elements[start + m * inner + offset] += factor * block[i * inner + offset] }
              }
            }
          }
        }
      }
    }
  }

  /// The largest element with an index among the given modes, relative to the largest of all; those elements are 0 afterwards if
  /// it is at most `tolerance`.
  mutating func silence(_ silent: [Bool], tolerance: Double) -> Double {
    guard silent.contains(true) else { return 0 }
    let n = modes
    func isSilent(_ place: Int) -> Bool {
      let row = place / (n * n * n)
      return (row < n && silent[row]) || silent[place / (n * n) % n] || silent[place / n % n] || silent[place % n]
    }
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    let coupling = elements.indices.reduce(0) { isSilent($1) ? max($0, abs(elements[$1])) : $0 } / largest
    if coupling <= tolerance { for place in elements.indices where isSilent(place) { elements[place] = 0 } }
    return coupling
  }
}
