import OrreryTensors

/// The combinations of tensors that move the mean output, in the eigenbasis of Θ; their formulas are at ``TrainingSources``.
struct TrainingTensors: Sendable {
  /// H1_δa, shape (N + M, N).
  let mean: Matrix<Double>
  /// A + B + m B.
  let fluctuation: ModeTensor
  /// 𝒟, 𝒟′.
  let early: ModeTensor
  let late: ModeTensor
  /// X1, X2, X3.
  let second: (ModeTensor, ModeTensor, ModeTensor)
  let nullCoupling: Double

  init(
    tangent: TangentKernelTensors, differentials d: DifferentialTensors, dynamics: KernelDynamics, tolerance: Double
  ) {
    let m = Double(dynamics.outputs)
    let vectors = dynamics.vectors
    let silent = dynamics.eigenvalues.map { $0 <= 0 }
    var coupling = 0.0
    func tensor(_ element: (Int, Int, Int, Int) -> Double) -> ModeTensor {
      var result = ModeTensor(rows: tangent.mean.rows, vectors: vectors, element)
      coupling = max(coupling, result.silence(silent, tolerance: tolerance))
      return result
    }
    let (a, b) = (tangent.a, tangent.b)
    let (p, q, r, s, t, u) = (d.p, d.q, d.r, d.s, d.t, d.u)
    fluctuation = tensor { a[$0, $1, $2, $3] + b[$0, $2, $1, $3] + m * b[$0, $3, $1, $2] }
    early = tensor { x, a, b, c in
      let own = p[x, a, b, c] + m * q[x, a, b, c] + q[x, b, a, c]
      return own + p[a, x, b, c] + m * q[a, x, b, c] + q[a, b, x, c]
    }
    late = tensor { x, a, b, c in
      let own = p[x, a, b, c] + q[x, a, b, c] + m * q[x, b, a, c]
      return own + m * p[a, x, b, c] + q[a, x, b, c] + q[a, b, x, c]
    }
    second = (
      tensor { x, a, b, c in
        let own = r[x, a, b, c] + s[x, a, b, c] + t[x, a, b, c]
        return own + r[a, x, b, c] + s[a, x, b, c] + t[a, x, b, c]
      },
      tensor { x, a, b, c in
        let own = r[x, b, a, c] + s[x, b, a, c] + t[x, b, a, c]
        return own + r[a, c, x, b] + u[a, c, x, b] + u[a, c, b, x]
      },
      tensor { x, a, b, c in
        let own = r[x, c, a, b] + u[x, c, a, b] + u[x, c, b, a]
        return own + r[a, b, x, c] + t[a, b, x, c] + s[a, b, x, c]
      }
    )
    let (own, ownCoupling) = Self.correction(tangent.correction, vectors, silent: silent, tolerance: tolerance)
    mean = own
    nullCoupling = max(coupling, ownCoupling)
  }

  /// H1 with training samples turned into modes.
  private static func correction(
    _ h: Matrix<Double>, _ vectors: Matrix<Double>, silent: [Bool], tolerance: Double
  ) -> (Matrix<Double>, coupling: Double) {
    let n = vectors.rows
    let columns = Matrix(rows: h.rows, columns: n, elements: (0..<h.rows).flatMap { Array(h.row($0).prefix(n)) })
    let turned = columns.product(vectors, transposingRight: true)
    let own = vectors.product(turned.selectingRows(Array(0..<n)))
    var result = turned
    for row in 0..<n { for column in 0..<n { result[row, column] = own[row, column] } }
    func isSilent(_ row: Int, _ column: Int) -> Bool { silent[column] || (row < n && silent[row]) }
    var (largest, quiet) = (0.0, 0.0)
    for row in 0..<h.rows {
      for column in 0..<n {
        largest = max(largest, abs(result[row, column]))
        if isSilent(row, column) { quiet = max(quiet, abs(result[row, column])) }
      }
    }
    guard largest > 0 else { return (result, 0) }
    if quiet <= tolerance * largest {
      for row in 0..<h.rows { for column in 0..<n where isSilent(row, column) { result[row, column] = 0 } }
    }
    return (result, quiet / largest)
  }
}
