import OrreryTensors

/// Coefficients of the sources: in modes ε̄_ia(t) = −y_ia P_a(t) and C_ab(t, s) = K_ab P_a(t) P_b(s), so that every source is a sum
/// of products of residuals P at its times, with coefficients of the targets and K.
///
/// Row δ · outputs + i, column a, a · N + b or (a · N + b) · N + c.
struct TrainingCoefficients: Sendable {
  let tensors: TrainingTensors
  /// y_ia: [a][i].
  private let targets: [[Double]]
  /// K_ab of modes.
  private let kernel: Matrix<Double>

  init(tensors: TrainingTensors, dynamics: KernelDynamics) {
    self.tensors = tensors
    targets = (0..<dynamics.eigenvalues.count).map { dynamics.modeTargets.row($0) }
    kernel = dynamics.modeKernel
  }

  private var outputs: Int { targets[0].count }
  private var modes: Range<Int> { targets.indices }

  private func matrix(columns: Int, _ row: (_ row: Int, _ output: Int) -> [Double]) -> Matrix<Double> {
    let rows = tensors.mean.rows
    var elements: [Double] = []
    elements.reserveCapacity(rows * outputs * columns)
    for place in 0..<rows { for output in 0..<outputs { elements += row(place, output) } }
    return Matrix(rows: rows * outputs, columns: columns, elements: elements)
  }

  /// −H1_δa y_a, of P_a(t).
  func mean() -> Matrix<Double> {
    matrix(columns: targets.count) { row, output in modes.map { -tensors.mean[row, $0] * targets[$0][output] } }
  }

  /// (A + B + m B)_δaac y_c, of the response of mode a to P_c.
  func fluctuation() -> Matrix<Double> {
    matrix(columns: targets.count * targets.count) { row, output in
      modes.flatMap { a in modes.map { tensors.motion.fluctuation[row, a, a, $0] * targets[$0][output] } }
    }
  }

  /// 𝒟_δab|b y_a + 𝒟′_δab|a y_b, of P_a(t)P_b(s).
  func differential(_ early: ModeTensor, _ late: ModeTensor) -> Matrix<Double> {
    matrix(columns: targets.count * targets.count) { row, output in
      modes.flatMap { a in
        modes.map { b in early[row, a, b, b] * targets[a][output] + late[row, a, b, a] * targets[b][output] }
      }
    }
  }

  /// −Σ_X X_δabc ⟨y_a y_b y_c⟩_X, of P_a(t)P_b(s)P_c(u), with
  ///
  ///     ⟨⟩_1 = y_a (y_b·y_c + m K_bc) + y_b K_ac + y_c K_ab
  ///     ⟨⟩_2 = y_b (y_a·y_c + m K_ac) + y_a K_bc + y_c K_ab
  ///     ⟨⟩_3 = y_c (y_a·y_b + m K_ab) + y_a K_bc + y_b K_ac
  func secondDifferential(_ tensors: SecondDifferentialTensors) -> Matrix<Double> {
    let pairs = modes.map { a in
      modes.map { b in
        zip(targets[a], targets[b]).reduce(Double(outputs) * kernel[a, b]) { $0 + $1.0 * $1.1 }
      }
    }
    return matrix(columns: targets.count * targets.count * targets.count) { row, output in
      var result: [Double] = []
      for a in modes {
        for b in modes {
          for c in modes {
            let (ya, yb, yc) = (targets[a][output], targets[b][output], targets[c][output])
            let (kab, kac, kbc) = (kernel[a, b], kernel[a, c], kernel[b, c])
            let one = tensors.sharedWithA[row, a, b, c] * (ya * pairs[b][c] + yb * kac + yc * kab)
            let two = tensors.sharedWithB[row, a, b, c] * (yb * pairs[a][c] + ya * kbc + yc * kab)
            let three = tensors.sharedWithC[row, a, b, c] * (yc * pairs[a][b] + ya * kbc + yb * kac)
            result.append(-(one + two + three))
          }
        }
      }
      return result
    }
  }
}
