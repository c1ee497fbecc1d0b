import OrreryTensors

/// Gradient descent on the whole training set at order 1/n, step by step: sums over steps where gradient flow has integrals.
///
/// One step of size η moves outputs by a Taylor series in η, of which order 1/n keeps
///
///     z_x ← z_x − ηĤ_xa ε_a + (η²/2) dĤ_xab ε_aε_b − (η³/6) ddĤ_I;xabc ε_aε_bε_c
///     Ĥ_xa ← Ĥ_xa − η(dĤ_xab + dĤ_axb)ε_b + (η²/2)(ddĤ_I;xabc + ddĤ_I;axbc + 2 ddĤ_II;xabc)ε_bε_c
///     dĤ_xab ← dĤ_xab − η(ddĤ_I;xabc + ddĤ_II;xabc + ddĤ_II;xbac)ε_c
///
/// so that M ← (1 − ηΘ)M − ηJ with, in modes and with P the residual of a mode, Q_b = Σ η_s P_b(s) over earlier steps s,
/// U_bc = Σ η_s P_b(s) Q_c(s), V_bc = ½ Σ η_s² P_b(s) P_c(s) and F_ac the response of mode a to P_c,
///
///     J = H1 ε̄ + AB F + d [P_a Q_b] + d_own [η P_aP_b/2] + X[P_a U_bc] + X_E[P_a V_bc] + X_M[η P_aP_bQ_c/2] + X_I[η² P_aP_bP_c/6].
///
/// Every term beyond gradient flow's has a factor η. Cost of a step: O(N³(N + M) outputs).
struct DescentSums: Sendable {
  private let dynamics: KernelDynamics
  private let mean: Matrix<Double>
  private let fluctuation: Matrix<Double>
  private let differential: Matrix<Double>
  private let ownDifferential: Matrix<Double>
  /// X, X_E, X_M, X_I.
  private let second: [Matrix<Double>]
  /// Of a coefficient, relative to the largest of its row.
  private let tensorError: Double

  init(
    coefficients: TrainingCoefficients, blocks: [TrainingBlock], dynamics: KernelDynamics, tensorError: Double
  ) {
    self.dynamics = dynamics
    self.tensorError = tensorError
    mean = coefficients.mean()
    fluctuation = coefficients.fluctuation()
    differential = coefficients.differential(coefficients.tensors.motion.early, coefficients.tensors.motion.late)
    let outputs = dynamics.outputs
    func tensor(_ element: (TrainingBlock) -> (Int, Int, Int, Int) -> Double) -> ModeTensor {
      ModeTensor(blocks, vectors: dynamics.vectors, element)
    }
    ownDifferential = coefficients.differential(
      tensor { DifferentialCombinations($0.differentials, outputs: outputs).ownEarly },
      tensor { DifferentialCombinations($0.differentials, outputs: outputs).ownLate })
    second =
      [coefficients.secondDifferential(coefficients.tensors.motion.second)]
      + [DifferentialCombinations.Part.tangentKernel, .differential, .output].map { part in
        coefficients.secondDifferential(SecondDifferentialTensors(part, outputs: outputs, tensor))
      }
  }

  /// M by contribution and a bound on its numerical error: modes and test samples, shape (N + M, outputs).
  struct Shifts {
    var contributions: [FiniteWidthContribution: Matrix<Double>]
    var error: Matrix<Double>
  }

  /// M after each number of steps.
  ///
  /// - Parameter rates: hη of each step.
  func corrections(rates: [Double], after wanted: Set<Int>) -> [Int: Shifts] {
    let theta = dynamics.eigenvalues
    var state = State(modes: theta.count)
    var found: [Int: Shifts] = [:]
    let zero = Matrix<Double>(rows: mean.rows / dynamics.outputs, columns: dynamics.outputs)
    var shifts = Shifts(
      contributions: Dictionary(uniqueKeysWithValues: FiniteWidthContribution.ofMean.map { ($0, zero) }), error: zero)
    for step in 0...rates.count {
      if wanted.contains(step) { found[step] = shifts }
      guard step < rates.count else { break }
      let rate = rates[step]
      var error = [Double](repeating: 0, count: mean.rows)
      for (contribution, terms) in terms(state, rate) {
        guard let shift = shifts.contributions[contribution] else { continue }
        var source = [Double](repeating: 0, count: mean.rows)
        for (coefficients, values) in terms {
          let size = values.reduce(0) { $0 + abs($1) }
          let (sum, largest) = (coefficients.product(values), coefficients.largestOfRows)
          for row in source.indices {
            source[row] += sum[row]
            error[row] += tensorError * largest[row] * size
          }
        }
        shifts.contributions[contribution] = advanced(shift, source: source, rate: rate)
      }
      shifts.error = grown(shifts.error, source: error, rate: rate)
      state.advance(theta, rate: rate)
    }
    return found
  }

  /// What J is a sum of: coefficients and what they multiply.
  private func terms(_ state: State, _ rate: Double) -> [FiniteWidthContribution: [(Matrix<Double>, [Double])]] {
    let n = state.residuals.count
    let (p, q) = (state.residuals, state.transfers)
    let pairs = (0..<n * n).map { p[$0 / n] * q[$0 % n] }
    let own = (0..<n * n).map { rate / 2 * p[$0 / n] * p[$0 % n] }
    var triples = Array(repeating: [Double](repeating: 0, count: n * n * n), count: 4)
    for a in 0..<n {
      for b in 0..<n {
        for c in 0..<n {
          let place = (a * n + b) * n + c
          triples[0][place] = p[a] * state.nested[b * n + c]
          triples[1][place] = p[a] * state.squares[b * n + c]
          triples[2][place] = rate / 2 * p[a] * p[b] * q[c]
          triples[3][place] = rate * rate / 6 * p[a] * p[b] * p[c]
        }
      }
    }
    return [
      .tangentKernelMean: [(mean, p)], .tangentKernelFluctuation: [(fluctuation, state.responses)],
      .differential: [(differential, pairs), (ownDifferential, own)],
      .secondDifferential: zip(second, triples).map { ($0, $1) },
    ]
  }

  private func advanced(_ shift: Matrix<Double>, source: [Double], rate: Double) -> Matrix<Double> {
    let n = dynamics.eigenvalues.count
    var result = shift
    for output in 0..<shift.columns {
      for row in 0..<shift.rows {
        let pull =
          row < n
          ? dynamics.eigenvalues[row] * shift[row, output]
          : (0..<n).reduce(0.0) { $0 + dynamics.testModes[row - n, $1] * shift[$1, output] }
        result[row, output] -= rate * (pull + source[row * shift.columns + output])
      }
    }
    return result
  }

  /// The same of a bound: nothing cancels.
  private func grown(_ error: Matrix<Double>, source: [Double], rate: Double) -> Matrix<Double> {
    let n = dynamics.eigenvalues.count
    var result = error
    for output in 0..<error.columns {
      for row in 0..<error.rows {
        let carried =
          row < n
          ? abs(1 - rate * dynamics.eigenvalues[row]) * error[row, output]
          : (0..<n).reduce(error[row, output]) {
            $0 + rate * abs(dynamics.testModes[row - n, $1]) * error[$1, output]
          }
        result[row, output] = carried + rate * source[row * error.columns + output]
      }
    }
    return result
  }

  /// Sums over the steps before the present one.
  private struct State {
    /// P.
    var residuals: [Double]
    /// Q.
    var transfers: [Double]
    /// F, U, V at a · N + b.
    var responses: [Double]
    var nested: [Double]
    var squares: [Double]

    init(modes n: Int) {
      residuals = Array(repeating: 1, count: n)
      transfers = Array(repeating: 0, count: n)
      responses = Array(repeating: 0, count: n * n)
      nested = responses
      squares = responses
    }

    mutating func advance(_ theta: [Double], rate: Double) {
      let n = theta.count
      for a in 0..<n {
        for b in 0..<n {
          let place = a * n + b
          responses[place] = (1 - rate * theta[a]) * responses[place] + rate * residuals[b]
          nested[place] += rate * residuals[a] * transfers[b]
          squares[place] += rate * rate / 2 * residuals[a] * residuals[b]
        }
      }
      for a in 0..<n {
        transfers[a] += rate * residuals[a]
        residuals[a] *= 1 - rate * theta[a]
      }
    }
  }
}

extension Matrix where Scalar == Double {
  /// max_k ∣x_k∣ of each row.
  fileprivate var largestOfRows: [Double] { (0..<rows).map { row($0).reduce(0) { max($0, abs($1)) } } }
}
