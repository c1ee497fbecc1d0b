import OrreryTensors

/// Sums of coefficients and integrals over the pairs of one piece; all test samples have the exponent 0, so that their integrals
/// are worked out once.
struct CovarianceSum {
  let piece: CovariancePiece
  /// N.
  let modes: Int
  /// e^(−θ_xt).
  let decay: [Double]
  let tensorError: Double

  private var members: [Int] { piece.tensors.members }

  /// Places of members by exponent: a mode, or all test samples.
  private var classes: [[Int]] {
    Dictionary(grouping: members.indices) { min(members[$0], modes) }.sorted { $0.key < $1.key }.map { $0.value }
  }

  /// −(Z + Zᵀ) with Z_xx′ = e^(−θ_x′t) Σ_k c_xx′k E[θ_x, k].
  ///
  /// - Parameters:
  ///   - integrals: E of all k with this node besides their own.
  ///   - coefficient: c by places of members.
  func add(
    _ contribution: FiniteWidthContribution, to result: inout CovarianceSources.Moments, exponents: [Double],
    _ integrals: (_ exponent: Double) -> [Double], _ coefficient: (_ x: Int, _ other: Int, _ k: Int) -> Double
  ) {
    guard var matrix = result.contributions[contribution] else { return }
    for places in classes {
      let values = integrals(exponents[members[places[0]]])
      let total = values.reduce(0, +)
      for x in places {
        for other in members.indices where piece.takes(x, other, modes: modes) {
          let factor = decay[members[other]]
          guard factor > 0 else { continue }
          let (sum, error) = self.sum(values, total: total) { coefficient(x, other, $0) }
          let (i, j) = (members[x], members[other])
          matrix[i, j] -= sum * factor
          matrix[j, i] -= sum * factor
          result.error[i, j] += error * factor
          result.error[j, i] += error * factor
        }
      }
    }
    result.contributions[contribution] = matrix
  }

  /// The part of A and B in which both residuals respond, Z_xx′ = −Σ_k c_xx′k E_k(θ_x, θ_x′).
  func addPairs(
    to result: inout CovarianceSources.Moments, exponents: [Double],
    _ integrals: (_ first: Double, _ second: Double) -> [Double],
    _ coefficient: (_ x: Int, _ other: Int, _ k: Int) -> Double
  ) {
    guard var matrix = result.contributions[.tangentKernelFluctuation] else { return }
    let classes = classes
    for first in classes {
      for second in classes {
        let pairs = first.flatMap { x in second.map { (x, $0) } }.filter { piece.takes($0.0, $0.1, modes: modes) }
        guard !pairs.isEmpty else { continue }
        let values = integrals(exponents[members[first[0]]], exponents[members[second[0]]])
        let total = values.reduce(0, +)
        for (x, other) in pairs {
          let (sum, error) = self.sum(values, total: total) { coefficient(x, other, $0) }
          let (i, j) = (members[x], members[other])
          matrix[i, j] += sum
          matrix[j, i] += sum
          result.error[i, j] += error
          result.error[j, i] += error
        }
      }
    }
    result.contributions[.tangentKernelFluctuation] = matrix
  }

  /// Σ_k c_k E_k, with the error of coefficients that are off by a share of the largest one.
  private func sum(_ values: [Double], total: Double, _ coefficient: (Int) -> Double) -> (Double, error: Double) {
    var (sum, largest) = (0.0, 0.0)
    for k in values.indices where values[k] != 0 {
      let c = coefficient(k)
      sum += c * values[k]
      largest = max(largest, abs(c))
    }
    return (sum, tensorError * largest * total)
  }
}
