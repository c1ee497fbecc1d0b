import OrreryTensors

/// A tensor X_δabc of the last layer in the eigenbasis of Θ on the training samples: a, b, c are modes, δ a mode or a test sample.
struct ModeTensor: Sendable {
  /// N.
  let modes: Int
  /// N + M: modes first, then test samples.
  private(set) var rows: Int
  /// Shape (rows, N, N, N).
  private(set) var elements: [Double]

  /// - Parameters:
  ///   - vectors: row m is the mode v_m, (N, N).
  ///   - element: X of samples, N training samples first.
  init(rows: Int, vectors: Matrix<Double>, _ element: (Int, Int, Int, Int) -> Double) {
    self.rows = rows
    modes = vectors.rows
    let n = modes
    var values: [Double] = []
    values.reserveCapacity(rows * n * n * n)
    for row in 0..<rows {
      for a in 0..<n { for b in 0..<n { for c in 0..<n { values.append(element(row, a, b, c)) } } }
    }
    values = rotated(values, by: vectors, outer: rows, inner: n * n)
    values = rotated(values, by: vectors, outer: rows * n, inner: n)
    values = rotated(values, by: vectors, outer: rows * n * n, inner: 1)
    let own = n * n * n * n
    elements = rotated(Array(values[..<own]), by: vectors, outer: 1, inner: n * n * n) + values[own...]
  }

  /// A tensor of the training samples and all blocks' test samples, one block after the other.
  init(
    _ blocks: [TrainingBlock], vectors: Matrix<Double>,
    _ element: (TrainingBlock) -> (Int, Int, Int, Int) -> Double
  ) {
    self.init(rows: blocks[0].samples, vectors: vectors, element(blocks[0]))
    let n = modes
    for block in blocks.dropFirst() {
      let part = ModeTensor(rows: block.samples, vectors: vectors, element(block))
      elements += part.elements[(n * n * n * n)...]
      rows += block.tests.count
    }
  }

  subscript(row: Int, a: Int, b: Int, c: Int) -> Double { elements[((row * modes + a) * modes + b) * modes + c] }

  /// The same with test samples less what regression on modes explains of them, X_x − Σ_m κ_xm X_m: δ in ``ExtendedModes``.
  ///
  /// - Parameter shares: κ, (M, N).
  func extended(_ shares: Matrix<Double>) -> ModeTensor {
    var result = self
    let size = modes * modes * modes
    for test in 0..<shares.rows {
      for mode in 0..<modes where shares[test, mode] != 0 {
        for place in 0..<size {
          result.elements[(modes + test) * size + place] -= shares[test, mode] * elements[mode * size + place]
        }
      }
    }
    return result
  }

  /// The largest element with an index among the given modes, relative to the largest of all; those elements are 0 afterwards if
  /// it is at most `tolerance`.
  mutating func silence(_ silent: [Bool], tolerance: Double) -> Double {
    let n = modes
    return silenced(&elements, tolerance: tolerance, anySilent: silent.contains(true)) { place in
      let row = place / (n * n * n)
      return (row < n && silent[row]) || silent[place / (n * n) % n] || silent[place / n % n] || silent[place % n]
    }
  }
}

/// The largest of the silent elements relative to the largest of all; they are 0 afterwards if it is at most `tolerance`.
func silenced(
  _ elements: inout [Double], tolerance: Double, anySilent: Bool, _ isSilent: (_ place: Int) -> Bool
) -> Double {
  guard anySilent else { return 0 }
  let largest = elements.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return 0 }
  let coupling = elements.indices.reduce(0) { isSilent($1) ? max($0, abs(elements[$1])) : $0 } / largest
  if coupling <= tolerance { for place in elements.indices where isSilent(place) { elements[place] = 0 } }
  return coupling
}
