import OrreryTensors

/// The tensors that move the mean output, in the eigenbasis of Θ.
struct TrainingTensors: Sendable {
  /// H1_δa, shape (N + M, N).
  let mean: Matrix<Double>
  let motion: MotionTensors
  let nullCoupling: Double

  init(
    tangent: TangentKernelTensors, differentials d: DifferentialTensors, dynamics: KernelDynamics, tolerance: Double
  ) {
    let vectors = dynamics.vectors
    let silent = dynamics.eigenvalues.map { $0 <= 0 }
    var coupling = 0.0
    func tensor(_ element: (Int, Int, Int, Int) -> Double) -> ModeTensor {
      var result = ModeTensor(rows: tangent.mean.rows, vectors: vectors, element)
      coupling = max(coupling, result.silence(silent, tolerance: tolerance))
      return result
    }
    motion = MotionTensors(tangent, d, outputs: dynamics.outputs, tensor)
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
