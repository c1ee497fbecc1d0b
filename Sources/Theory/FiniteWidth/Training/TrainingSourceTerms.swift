import OrreryTensors

/// Coefficients and iterated integrals of the sources; in modes ε̄_ia(t) = −y_ia e^(−θ_a t) and C_ab(t, s) = K_ab e^(−θ_a t − θ_b s),
/// so that every source is a product of exponentials in its times.
struct TrainingSourceTerms: Sendable {
  private let tensors: TrainingTensors
  private let eigenvalues: [Double]
  /// y_ia: [a][i].
  private let targets: [[Double]]
  /// K_ab of modes.
  private let kernel: Matrix<Double>

  init(tensors: TrainingTensors, dynamics: KernelDynamics) {
    self.tensors = tensors
    eigenvalues = dynamics.eigenvalues
    targets = (0..<dynamics.eigenvalues.count).map { dynamics.modeTargets.row($0) }
    kernel = dynamics.modeKernel
  }

  private var rows: Int { tensors.mean.rows }
  private var outputs: Int { targets[0].count }
  private var modes: Range<Int> { eigenvalues.indices }

  private func source(
    _ contribution: FiniteWidthContribution, _ integrals: [IteratedExponential],
    _ coefficients: (_ row: Int, _ output: Int) -> [Double]
  ) -> TrainingSource {
    var elements: [Double] = []
    elements.reserveCapacity(rows * outputs * integrals.count)
    for row in 0..<rows { for output in 0..<outputs { elements += coefficients(row, output) } }
    return TrainingSource(
      contribution: contribution, integrals: integrals,
      coefficients: Matrix(rows: rows * outputs, columns: integrals.count, elements: elements))
  }

  /// J_δ = −H1_δa y_a E[θ_a].
  func mean() -> TrainingSource {
    source(.tangentKernelMean, eigenvalues.map { IteratedExponential($0) }) { row, output in
      modes.map { -tensors.mean[row, $0] * targets[$0][output] }
    }
  }

  /// J_δ = X_δaac y_c E[θ_a, θ_c].
  func fluctuation() -> TrainingSource {
    let integrals = modes.flatMap { a in modes.map { IteratedExponential(eigenvalues[a], eigenvalues[$0]) } }
    return source(.tangentKernelFluctuation, integrals) { row, output in
      modes.flatMap { a in modes.map { tensors.fluctuation[row, a, a, $0] * targets[$0][output] } }
    }
  }

  /// J_δ = (𝒟_δab|b y_a + 𝒟′_δab|a y_b) E[θ_a, θ_a + θ_b], from e^(−θ_a t) ∫ e^(−θ_b s) ds.
  func differential() -> TrainingSource {
    let integrals = modes.flatMap { a in
      modes.map { IteratedExponential(eigenvalues[a], eigenvalues[a] + eigenvalues[$0]) }
    }
    return source(.differential, integrals) { row, output in
      modes.flatMap { a in
        modes.map { b in
          tensors.early[row, a, b, b] * targets[a][output] + tensors.late[row, a, b, a] * targets[b][output]
        }
      }
    }
  }

  /// J_δ = −Σ_(X) X_δabc ⟨y_a y_b y_c⟩_X E[θ_a, θ_a + θ_b, θ_a + θ_b + θ_c] with
  ///
  ///     ⟨⟩_1 = y_a (y_b·y_c + m K_bc) + y_b K_ac + y_c K_ab
  ///     ⟨⟩_2 = y_b (y_a·y_c + m K_ac) + y_a K_bc + y_c K_ab
  ///     ⟨⟩_3 = y_c (y_a·y_b + m K_ab) + y_a K_bc + y_b K_ac
  func secondDifferential() -> TrainingSource {
    let triples = modes.flatMap { a in modes.flatMap { b in modes.map { (a, b, $0) } } }
    let integrals = triples.map { a, b, c in
      let (first, second) = (eigenvalues[a] + eigenvalues[b], eigenvalues[c])
      return IteratedExponential(eigenvalues[a], first, first + second)
    }
    let (first, second, third) = tensors.second
    let pairs = modes.map { a in
      modes.map { b in
        zip(targets[a], targets[b]).reduce(Double(outputs) * kernel[a, b]) { $0 + $1.0 * $1.1 }
      }
    }
    return source(.secondDifferential, integrals) { row, output in
      triples.map { a, b, c in
        let (ya, yb, yc) = (targets[a][output], targets[b][output], targets[c][output])
        let (kab, kac, kbc) = (kernel[a, b], kernel[a, c], kernel[b, c])
        let one = first[row, a, b, c] * (ya * pairs[b][c] + yb * kac + yc * kab)
        let two = second[row, a, b, c] * (yb * pairs[a][c] + ya * kbc + yc * kab)
        let three = third[row, a, b, c] * (yc * pairs[a][b] + ya * kbc + yb * kac)
        return -(one + two + three)
      }
    }
  }
}
