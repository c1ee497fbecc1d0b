import OrreryTensors

/// A tensor X_xx′ab of the last layer: x, x′ any of ``ExtendedModes``, a, b modes of the training samples.
struct PairModeTensor: Sendable {
  /// The number of values of x.
  let count: Int
  /// N.
  let modes: Int
  /// Shape (count, count, N, N).
  private(set) var elements: [Double]

  /// - Parameters:
  ///   - samples: N + M, training samples first.
  ///   - free: one row for each x, (count, samples).
  ///   - vectors: (N, N).
  ///   - element: X of samples, in the order x, x′, a, b.
  init(
    samples: Int, free: Matrix<Double>, vectors: Matrix<Double>, _ element: (Int, Int, Int, Int) -> Double
  ) {
    count = free.rows
    modes = vectors.rows
    let n = modes
    var values: [Double] = []
    values.reserveCapacity(samples * samples * n * n)
    for x in 0..<samples {
      for y in 0..<samples { for a in 0..<n { for b in 0..<n { values.append(element(x, y, a, b)) } } }
    }
    values = rotated(values, by: free, outer: 1, inner: samples * n * n)
    values = rotated(values, by: free, outer: count, inner: n * n)
    values = rotated(values, by: vectors, outer: count * count, inner: n)
    elements = rotated(values, by: vectors, outer: count * count * n, inner: 1)
  }

  subscript(x: Int, y: Int, a: Int, b: Int) -> Double { elements[((x * count + y) * modes + a) * modes + b] }

  /// The largest element with a silent index relative to the largest of all; those are 0 afterwards if it is at most `tolerance`.
  mutating func silence(free: [Bool], modes silent: [Bool], tolerance: Double) -> Double {
    let (n, count) = (modes, count)
    return silenced(&elements, tolerance: tolerance, anySilent: silent.contains(true)) { place in
      let (x, y) = (place / (n * n * count), place / (n * n) % count)
      return free[x] || free[y] || silent[place / n % n] || silent[place % n]
    }
  }
}
