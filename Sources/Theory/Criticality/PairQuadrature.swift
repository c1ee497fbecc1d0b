import Foundation
import OrreryNetworks

/// ``PairExpectation`` by plain methods: the closed form of homogeneous activations, the product trapezoid rule for
/// smooth ones, two nested one-dimensional rules for kinked ones.
///
/// Relative error about 1e-10 (smooth and homogeneous), 1e-8 (kinked); below 1 − c = 1e-9 the linear response
/// ½⟨(σ₁ − σ₂)²⟩ = (1 − c)K⟨σ′²⟩ is used for activations with a bounded second derivative.
public struct PairQuadrature: PairIntegrator {
  public let activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  public func expectation(at pair: PairKernel) -> PairExpectation {
    if let slopes = activation.homogeneousSlopes {
      return Self.homogeneous(pair, positive: slopes.positive, negative: slopes.negative)
    }
    let first = ActivationMoments(activation, kernel: pair.first)
    let second = pair.second == pair.first ? first : ActivationMoments(activation, kernel: pair.second)
    var result = PairExpectation(
      first: first.secondMoment, second: second.secondMoment, halfSquaredDifference: 0, slopes: first.squaredSlope)
    guard pair.first > 0, pair.second > 0 else {
      let origin = activation.sidesOfZero
      let (value, slope) = ((origin.left.σ + origin.right.σ) / 2, (origin.left.d1 + origin.right.d1) / 2)
      let (mean, meanSlope) = meanAndSlope(kernel: max(pair.first, pair.second))
      result.halfSquaredDifference = (result.first + result.second) / 2 - value * mean
      result.slopes = slope * meanSlope
      return result
    }
    let tiny = pair.oneMinusCorrelation < 1e-9 && pair.first == pair.second
    if tiny, activation.kinks.allSatisfy({ $0.order >= 1 }) {
      result.halfSquaredDifference = pair.oneMinusCorrelation * pair.first * first.squaredSlope
      return result
    }
    let (difference, slopes) = activation.kinks.isEmpty ? smooth(pair) : nested(pair)
    result.halfSquaredDifference = difference
    result.slopes = slopes
    return result
  }

  /// ⟨σ⟩ and ⟨σ′⟩ at one kernel.
  private func meanAndSlope(kernel: Double) -> (Double, Double) {
    guard kernel > 0 else { return (activation(0), activation.derivative(1, at: 0)) }
    let moments = ActivationMoments(activation, kernel: kernel)
    let rule = GaussianNodes(activation: activation, kernel: kernel, reach: 13)
    let slope = (0...4).reduce(0.0) { sum, level in
      sum + rule.nodes(addedAt: level).reduce(0.0) { $0 + $1.weight * activation.derivative(1, at: $1.z) }
    }
    return (moments.mean, slope * rule.step(level: 4))
  }

  /// σ₁σ₂ with the slopes' even part a and odd part b: ⟨σ₁σ₂⟩ = √(k₁₁k₂₂)[a²c + (2b²/π)(sin θ + c asin c)], c = cos θ.
  private static func homogeneous(_ pair: PairKernel, positive: Double, negative: Double) -> PairExpectation {
    let (a, b) = ((positive + negative) / 2, (positive - negative) / 2)
    let (a2, b2) = (a * a, b * b)
    let scale = (pair.first * pair.second).squareRoot()
    let ω = pair.oneMinusCorrelation
    let θ = 2 * asin(min(1, (ω / 2).squareRoot()))
    let s = θ * θ
    // sin θ − θ cos θ, by its series where the two cancel.
    let lens =
      θ < 0.2
      ? θ * s / 3 * (1 - s / 10 * (1 - s / 28 * (1 - s / 54 * (1 - s / 88)))) : sin(θ) - θ * cos(θ)
    let norms = pair.first.squareRoot() - pair.second.squareRoot()
    let angular = scale * (a2 * ω + b2 * (ω - 2 / Double.pi * lens))
    return PairExpectation(
      first: (a2 + b2) * pair.first, second: (a2 + b2) * pair.second,
      halfSquaredDifference: (a2 + b2) * norms * norms / 2 + angular, slopes: a2 + b2 - 2 * b2 / Double.pi * θ)
  }

  /// z₁ = √k₁₁(pu + qv), z₂ = √k₂₂(pu − qv) with p² = (1 + c)/2, q² = (1 − c)/2: near coincidence σ₁ − σ₂ is a small
  /// difference of close values at every node, so that its square keeps half of its digits or more.
  private func smooth(_ pair: PairKernel) -> (Double, Double) {
    let q = (pair.oneMinusCorrelation / 2).squareRoot()
    let p = (1 - pair.oneMinusCorrelation / 2).squareRoot()
    let (r1, r2) = (pair.first.squareRoot(), pair.second.squareRoot())
    let reach = 8.5
    var (difference, slopes) = (0.0, 0.0)
    var last = (Double.nan, Double.nan)
    var h = 0.5
    for level in 0..<6 {
      let count = Int(reach / h)
      for i in -count...count {
        for j in -count...count {
          // Nodes of the coarser rule are summed already.
          if level > 0, i.isMultiple(of: 2), j.isMultiple(of: 2) { continue }
          let (u, v) = (Double(i) * h, Double(j) * h)
          let exponent = (u * u + v * v) / 2
          if exponent > reach * reach / 2 { continue }
          let weight = exp(-exponent)
          let (z1, z2) = (r1 * (p * u + q * v), r2 * (p * u - q * v))
          let d = activation(z1) - activation(z2)
          difference += weight * d * d
          slopes += weight * activation.derivative(1, at: z1) * activation.derivative(1, at: z2)
        }
      }
      let factor = h * h / (2 * Double.pi)
      let now = (difference * factor / 2, slopes * factor)
      if abs(now.0 - last.0) <= 1e-6 * now.0, abs(now.1 - last.1) <= 1e-6 * abs(now.1) { return now }
      last = now
      h /= 2
    }
    return last
  }

  /// z₁ by the one-dimensional rule, then z₂ = c√(k₂₂/k₁₁)z₁ + √(k₂₂(1 − c²))w with each side of the kink apart.
  private func nested(_ pair: PairKernel) -> (Double, Double) {
    let ω = pair.oneMinusCorrelation
    let deviation = (pair.second * ω * (2 - ω)).squareRoot()
    let slope = (1 - ω) * (pair.second / pair.first).squareRoot()
    let outer = GaussianNodes(activation: activation, kernel: pair.first, reach: 9)
    let level = 2
    let outerNodes = (0...level).flatMap { outer.nodes(addedAt: $0) }
    var (difference, slopes) = (0.0, 0.0)
    for node in outerNodes where node.weight > 1e-18 {
      let (σ, d1) = (activation(node.z), activation.derivative(1, at: node.z))
      let shift = slope * node.z
      // The same function of w = z₂ − shift, so that the rule finds its kink.
      var shifted = activation
      shifted.inputShift += shifted.inputScale * shift
      let inner = GaussianNodes(activation: shifted, kernel: deviation * deviation, reach: 9)
      var (innerDifference, innerSlope) = (0.0, 0.0)
      for innerNode in (0...level).flatMap({ inner.nodes(addedAt: $0) }) {
        let d = σ - shifted(innerNode.z)
        innerDifference += innerNode.weight * d * d
        innerSlope += innerNode.weight * shifted.derivative(1, at: innerNode.z)
      }
      difference += node.weight * innerDifference * inner.step(level: level)
      slopes += node.weight * d1 * innerSlope * inner.step(level: level)
    }
    let h = outer.step(level: level)
    return (difference * h / 2, slopes * h)
  }
}
