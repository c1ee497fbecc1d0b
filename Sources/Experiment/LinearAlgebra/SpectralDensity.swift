import Foundation
import OrreryAnalysis
import OrreryTensors

/// The density of eigenvalues of a symmetric operator by stochastic Lanczos quadrature (S. Ubaru, J. Chen, Y. Saad, SIAM J. Matrix
/// Anal. Appl. 38, 1075, 2017; for networks B. Ghorbani, S. Krishnan, Y. Xiao, arXiv:1901.10159).
///
/// A probe z of independent signs, of length 1, gives after m products the quadrature Σ_j τ_j² δ(λ − θ_j): θ_j the eigenvalues of T, τ_j the
/// first components of its eigenvectors. Its moments are zᵀA^p z exactly up to p = 2m − 1; the mean over probes estimates tr A^p/P. Errors
/// are over probes.
package struct SpectralDensity: Sendable {
  /// θ of each probe, ascending.
  package let nodes: [[Double]]
  /// τ² of each probe; they add up to 1.
  package let weights: [[Double]]

  package init(nodes: [[Double]], weights: [[Double]]) {
    self.nodes = nodes
    self.weights = weights
  }

  /// - Parameters:
  ///   - probes: at least 2 for an error.
  ///   - steps: m.
  package init<Scalar: TrainingScalar>(
    of a: any SymmetricOperator<Scalar>, probes: Int, steps: Int, seed: UInt64
  ) {
    let lanczos = Lanczos(a, seed: seed)
    var (nodes, weights): ([[Double]], [[Double]]) = ([], [])
    for probe in 0..<probes {
      lanczos.begin {
        Scalar.fillSigns($0, RandomStream(seed: seed, purpose: .probe, layer: probe, step: 1))
      }
      while lanczos.alphas.count < min(steps, a.count) {
        // Behind a breakdown nothing has weight.
        guard lanczos.step(), lanczos.betas.last != 0 else { break }
      }
      guard let pairs = lanczos.ritzPairs() else {
        nodes.append([.nan])
        weights.append([1])
        continue
      }
      nodes.append(pairs.values)
      weights.append(pairs.values.indices.map { pairs.vectors[$0, 0] * pairs.vectors[$0, 0] })
    }
    self.init(nodes: nodes, weights: weights)
  }

  /// The density on a grid, smoothed by a Gaussian of standard deviation `width`: the mean over probes and its standard error.
  package func density(on grid: [Double], width: Double) -> (value: [Double], error: [Double]) {
    let norm = 1 / (width * (2 * Double.pi).squareRoot())
    var (values, errors): ([Double], [Double]) = ([], [])
    for point in grid {
      let probes = zip(nodes, weights).map { nodes, weights in
        zip(nodes, weights).reduce(0) { sum, pair in
          let u = (point - pair.0) / width
          return sum + pair.1 * norm * exp(-0.5 * u * u)
        }
      }
      let estimate = Statistics.mean(probes)
      values.append(estimate.value)
      errors.append(estimate.error)
    }
    return (values, errors)
  }

  /// A grid over all nodes and three widths beyond, and the width: 1/100 of the nodes' range.
  package func grid(points: Int) -> (grid: [Double], width: Double) {
    let all = nodes.joined()
    let (low, high) = (all.min() ?? 0, all.max() ?? 0)
    let size = max(abs(low), abs(high), .leastNormalMagnitude)
    let width = max(0.01 * (high - low), 1e-6 * size)
    let (first, last) = (low - 3 * width, high + 3 * width)
    return ((0..<points).map { first + (last - first) * Double($0) / Double(max(1, points - 1)) }, width)
  }
}
