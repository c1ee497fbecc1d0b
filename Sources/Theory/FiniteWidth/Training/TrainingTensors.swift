import OrreryTensors

/// The tensors that move the mean output, in the eigenbasis of Θ.
struct TrainingTensors: Sendable {
  /// H1_δa, shape (N + M, N).
  let mean: Matrix<Double>
  let motion: MotionTensors
  /// The largest element of any of these with a mode of eigenvalue 0, relative to the tensor's largest.
  let nullCoupling: Double

  init(_ blocks: [TrainingBlock], dynamics: KernelDynamics, tolerance: Double) {
    let vectors = dynamics.vectors
    let silent = dynamics.eigenvalues.map { $0 <= 0 }
    var coupling = 0.0
    motion = MotionTensors(outputs: dynamics.outputs) { element in
      var result = ModeTensor(blocks, vectors: vectors, element)
      coupling = max(coupling, result.silence(silent, tolerance: tolerance))
      return result
    }
    let (own, ownCoupling) = Self.correction(blocks, vectors, silent: silent, tolerance: tolerance)
    mean = own
    nullCoupling = max(coupling, ownCoupling)
  }

  /// H1 with training samples turned into modes.
  private static func correction(
    _ blocks: [TrainingBlock], _ vectors: Matrix<Double>, silent: [Bool], tolerance: Double
  ) -> (Matrix<Double>, coupling: Double) {
    let n = vectors.rows
    var rows = (0..<n).map { Array(blocks[0].tangent.correction.row($0).prefix(n)) }
    for block in blocks { rows += (n..<block.samples).map { Array(block.tangent.correction.row($0).prefix(n)) } }
    let turned = Matrix(rows: rows.count, columns: n, elements: rows.flatMap { $0 })
      .product(vectors, transposingRight: true)
    let own = vectors.product(turned.selectingRows(Array(0..<n)))
    var elements = own.tensor.elements + turned.tensor.elements[(n * n)...]
    let coupling = silenced(&elements, tolerance: tolerance, anySilent: silent.contains(true)) { place in
      silent[place % n] || (place < n * n && silent[place / n])
    }
    return (Matrix(rows: rows.count, columns: n, elements: elements), coupling)
  }
}
