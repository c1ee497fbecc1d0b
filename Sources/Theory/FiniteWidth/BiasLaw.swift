import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors

/// Biases of a layer that are not Gaussian, drawn by the chain as they are.
///
/// A bias is one number for all inputs, so that a preactivation is its Gaussian part, of covariance Ĝ − C_b, plus the bias:
/// exact for any law of the biases, where one variance for both would miss the bias's own fourth cumulant, κ_b C_b², which
/// does not fall with width.
package struct BiasLaw: Sendable {
  /// C_b.
  package let variance: Double
  private let distribution: WeightDistribution

  /// Nil for biases that are Gaussian or zero, which the Gaussian part holds.
  package init?(_ layer: LayerInitialization) {
    guard layer.biasDistribution != .gaussian, layer.biasVariance > 0 else { return nil }
    variance = layer.biasVariance
    distribution = layer.biasDistribution
  }

  /// The stream of a layer's bias draws, beside that of its neurons' normals.
  static func stream(seed: UInt64, member: Int, layer: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: .gramChain, member: member, layer: layer, step: 1)
  }

  /// The bias at the same quantile of its law as a standard normal's `x`: Φ⁻¹ of the law at Φ(x).
  package func bias(atNormal x: Double) -> Double {
    switch distribution {
    case .gaussian, .orthogonal: variance.squareRoot() * x
    case .uniform: (3 * variance).squareRoot() * (2 * Distributions.normalCumulative(x) - 1)
    case .truncatedGaussian: variance.squareRoot() * Self.truncated(Distributions.normalCumulative(x))
    }
  }

  /// The same for many draws in place, in single precision.
  func replaceNormals(_ x: UnsafeMutablePointer<Float>, count: Int) {
    guard distribution == .uniform else {
      for i in 0..<count { x[i] = Float(bias(atNormal: Double(x[i]))) }
      return
    }
    // 2Φ(x) − 1 = erf(x/√2).
    let (root, half) = (Float(0.5.squareRoot()), Float((3 * variance).squareRoot()))
    for i in 0..<count { x[i] *= root }
    Elementwise.apply(.erf, x, into: x, count: count)
    for i in 0..<count { x[i] *= half }
  }

  /// The quantile of a normal cut at ±2 and rescaled to unit variance.
  private static func truncated(_ level: Double) -> Double {
    let lowest = Distributions.normalCumulative(-2)
    // The nearer tail, which keeps its digits.
    let nearer = Distributions.normalQuantile(lowest + min(level, 1 - level) * (1 - 2 * lowest))
    return (level < 0.5 ? nearer : -nearer) / RandomStream.truncatedNormalVariance(bound: 2).squareRoot()
  }

  /// κ₄ of a bias, κ_b C_b².
  package var fourthCumulant: Double { distribution.excessKurtosis * variance * variance }

  /// The probability that a preactivation of variance `kernel`, bias included, is below `edge`.
  ///
  /// For biases uniform on ±a and a Gaussian part of deviation s: s/2a [ψ((x + a)/s) − ψ((x − a)/s)], ψ(y) = yΦ(y) + φ(y).
  /// For others the mean of Φ over 64 equally probable biases, good to 1e-3 for s > a/10.
  package func cumulative(_ edge: Double, kernel: Double) -> Double {
    let deviation = max(kernel - variance, 0).squareRoot()
    guard edge.isFinite else { return edge < 0 ? 0 : 1 }
    guard distribution == .uniform else {
      let levels = (0..<64).map { (Double($0) + 0.5) / 64 }
      let biases = levels.map { bias(atNormal: Distributions.normalQuantile($0)) }
      return biases.reduce(0) { sum, bias in
        let argument = deviation > 0 ? (edge - bias) / deviation : (edge < bias ? -.infinity : .infinity)
        return sum + Distributions.normalCumulative(argument) / 64
      }
    }
    let half = (3 * variance).squareRoot()
    guard deviation > 1e-12 * half else { return min(max((edge + half) / (2 * half), 0), 1) }
    func integral(_ y: Double) -> Double {
      y * Distributions.normalCumulative(y) + exp(-y * y / 2) / (2 * Double.pi).squareRoot()
    }
    return deviation / (2 * half) * (integral((edge + half) / deviation) - integral((edge - half) / deviation))
  }
}
