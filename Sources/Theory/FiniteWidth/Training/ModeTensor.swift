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
    var column = [Double](repeating: 0, count: n)
    for block in 0..<outer {
      for offset in 0..<inner {
        let start = block * n * inner + offset
        for i in 0..<n { column[i] = elements[start + i * inner] }
        for m in 0..<n {
          var sum = 0.0
          for i in 0..<n { sum += vectors[m, i] * column[i] }
          elements[start + m * inner] = sum
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
