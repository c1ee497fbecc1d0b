import Foundation
import OrreryTensors

/// How alike two kernels of the same samples are, and how many directions one has.
package enum KernelSimilarity {
  /// ⟨K, L⟩ = Σ_αβ K_αβ L_αβ.
  package static func product(_ k: Matrix<Double>, _ l: Matrix<Double>) -> Double {
    zip(k.tensor.elements, l.tensor.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// ⟨K, L⟩ / (‖K‖ ‖L‖), the kernel alignment (N. Cristianini et al., NIPS 2001); NaN where one vanishes.
  package static func alignment(_ k: Matrix<Double>, _ l: Matrix<Double>) -> Double {
    product(k, l) / (product(k, k) * product(l, l)).squareRoot()
  }

  /// Centred kernel alignment with the biased estimator, tr(K̃L̃)/√(tr K̃² tr L̃²), K̃ = CKC, C = 1 − 11ᵀ/n (S. Kornblith et al.,
  /// arXiv:1905.00414). Of p features on n samples that have nothing in common it is about p/(n + p), and not 0:
  /// tr K̃L̃ ≈ n over tr K̃² ≈ n + n²/p, for kernels with a diagonal of 1.
  package static func centredAlignment(_ k: Matrix<Double>, _ l: Matrix<Double>) -> Double {
    alignment(centred(k), centred(l))
  }

  /// Centred kernel alignment from the unbiased estimator of the Hilbert–Schmidt independence criterion (L. Song et al., JMLR 13,
  /// 1393, 2012), with diagonals set to 0:
  ///
  ///     HSIC₁ = [tr KL + (1ᵀK1)(1ᵀL1)/((n−1)(n−2)) − (2/(n−2)) 1ᵀKL1] / (n(n−3))
  ///
  /// NaN below four samples, and where an estimate of a square is not positive.
  package static func unbiasedCentredAlignment(_ k: Matrix<Double>, _ l: Matrix<Double>) -> Double {
    let squares = independence(k, k) * independence(l, l)
    return squares > 0 ? independence(k, l) / squares.squareRoot() : .nan
  }

  /// HSIC₁.
  package static func independence(_ k: Matrix<Double>, _ l: Matrix<Double>) -> Double {
    let n = k.rows
    guard n >= 4 else { return .nan }
    var (rowsK, rowsL) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    var trace = 0.0
    for i in 0..<n {
      for j in 0..<n where i != j {
        rowsK[i] += k[i, j]
        rowsL[i] += l[i, j]
        trace += k[i, j] * l[i, j]
      }
    }
    let size = Double(n)
    let sums = rowsK.reduce(0, +) * rowsL.reduce(0, +)
    let cross = zip(rowsK, rowsL).reduce(0) { $0 + $1.0 * $1.1 }
    return (trace + sums / ((size - 1) * (size - 2)) - 2 * cross / (size - 2)) / (size * (size - 3))
  }

  /// CKC with C = 1 − 11ᵀ/n.
  package static func centred(_ k: Matrix<Double>) -> Matrix<Double> {
    let n = k.rows
    let rows = (0..<n).map { i in (0..<n).reduce(0) { $0 + k[i, $1] } / Double(n) }
    let mean = rows.reduce(0, +) / Double(n)
    var result = k
    for i in 0..<n { for j in 0..<n { result[i, j] += mean - rows[i] - rows[j] } }
    return result
  }

  /// exp(−Σ p log p) with p = λ/Σλ: the effective rank by entropy (O. Roy, M. Vetterli, EUSIPCO 2007), here of a kernel's eigenvalues,
  /// which are squares of its features' singular values. Eigenvalues below 0, which are rounding, count as 0.
  package static func entropyRank(_ eigenvalues: [Double]) -> Double {
    let values = eigenvalues.map { max(0, $0) }
    let sum = values.reduce(0, +)
    return exp(-values.reduce(0) { $1 > 0 ? $0 + $1 / sum * log($1 / sum) : $0 })
  }

  /// (Σλ)²/Σλ², the participation ratio.
  package static func participationRatio(_ eigenvalues: [Double]) -> Double {
    let values = eigenvalues.map { max(0, $0) }
    let (sum, squares) = (values.reduce(0, +), values.reduce(0) { $0 + $1 * $1 })
    return sum * sum / squares
  }
}
