import OrreryTensors

/// Modes of infinite-width training on training and test samples together: w = Tz decays as e^(−θt), mode by mode.
///
/// On training samples w_m = v_mᵀz with the eigenvalue θ_m; for a test sample x, w_x = z_x − Σ_m κ_xm w_m with κ_xm = Θ_xm/θ_m, what
/// kernel regression does not explain, stays: θ_x = 0. Since Θ_xm² ≤ Θ_xx θ_m, products of two κ lose digits as Θ_xx/θ_m; where
/// θ_m = 0, Θ_xm vanishes as well and κ = 0.
struct ExtendedModes: Sendable {
  /// θ: N + M.
  let exponents: [Double]
  /// T and its inverse: (N + M, N + M).
  let transform: Matrix<Double>
  let inverse: Matrix<Double>
  /// κ, (M, N).
  let shares: Matrix<Double>

  init(_ dynamics: KernelDynamics) {
    let (n, tests) = (dynamics.eigenvalues.count, dynamics.kernels.testSamples)
    exponents = dynamics.eigenvalues + Array(repeating: 0, count: tests)
    shares = dynamics.testModes.scalingColumns(by: dynamics.eigenvalues.map { $0 > 0 ? 1 / $0 : 0 })
    let explained = shares.product(dynamics.vectors)
    var transform = Matrix<Double>(rows: n + tests, columns: n + tests)
    var inverse = transform
    for row in 0..<n {
      for column in 0..<n {
        transform[row, column] = dynamics.vectors[row, column]
        inverse[column, row] = dynamics.vectors[row, column]
      }
    }
    for test in 0..<tests {
      transform[n + test, n + test] = 1
      inverse[n + test, n + test] = 1
      for column in 0..<n {
        transform[n + test, column] = -explained[test, column]
        inverse[n + test, column] = shares[test, column]
      }
    }
    self.transform = transform
    self.inverse = inverse
  }

  /// T of some samples, their numbers among training and test samples together.
  func transform(of samples: [Int]) -> Matrix<Double> {
    Matrix(
      rows: samples.count, columns: samples.count,
      elements: samples.flatMap { row in samples.map { transform[row, $0] } })
  }

  /// TXTᵀ.
  func rotated(_ x: Matrix<Double>) -> Matrix<Double> {
    transform.product(x).product(transform, transposingRight: true)
  }

  /// T⁻¹XT⁻ᵀ.
  func restored(_ x: Matrix<Double>) -> Matrix<Double> {
    inverse.product(x).product(inverse, transposingRight: true)
  }
}

extension Matrix where Scalar == Double {
  /// The symmetric matrix of this block, one beside it and the corner that is left: (N + M, N + M).
  ///
  /// - Parameters:
  ///   - cross: (M, N).
  ///   - corner: (M, M).
  func bordered(cross: Matrix, corner: Matrix) -> Matrix {
    let n = rows
    var result = Matrix(rows: n + corner.rows, columns: n + corner.rows)
    for x in 0..<n { for y in 0..<n { result[x, y] = self[x, y] } }
    for x in 0..<corner.rows {
      for y in 0..<n {
        result[n + x, y] = cross[x, y]
        result[y, n + x] = cross[x, y]
      }
      for y in 0..<corner.rows { result[n + x, n + y] = corner[x, y] }
    }
    return result
  }
}
