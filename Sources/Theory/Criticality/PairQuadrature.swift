import Foundation
import OrreryAnalysis
import OrreryNetworks

/// ``PairExpectation`` by closed form for homogeneous activations, otherwise by two-dimensional quadrature.
///
/// Below 1 − c = 1e-9, for equal norms, the linear response ½⟨(σ₁ − σ₂)²⟩ = (1 − c)K⟨σ′²⟩ is used, with a relative error
/// of order 1 − c (√(1 − c) where σ′ jumps).
public struct PairQuadrature: PairIntegrator {
  public let activation: Activation
  /// The relative error asked for.
  public var tolerance: Tolerance

  public init(_ activation: Activation, tolerance: Tolerance = Tolerance(relative: 1e-10)) {
    self.activation = activation
    self.tolerance = tolerance
  }

  public func expectation(at pair: PairKernel) -> PairExpectation {
    if let slopes = activation.slopes {
      return Self.homogeneous(pair, positive: slopes.positive, negative: slopes.negative)
    }
    let first = ActivationMoments(activation, kernel: pair.first)
    let second = pair.second == pair.first ? first : ActivationMoments(activation, kernel: pair.second)
    var result = PairExpectation(
      first: first.secondMoment, second: second.secondMoment, halfSquaredDifference: 0, slopes: first.squaredSlope)
    if pair.oneMinusCorrelation < 1e-9, pair.first == pair.second, first.squaredSlope.isFinite {
      result.halfSquaredDifference = pair.oneMinusCorrelation * pair.first * first.squaredSlope
      return result
    }
    let estimates = GaussianExpectation.two(
      GaussianPair(k11: pair.first, k22: pair.second, oneMinusCorrelation: pair.oneMinusCorrelation), components: 2,
      kinks: .init(both: activation.kinks.map(\.location)),
      scale: activation.inputScale == 0 ? 1 : 1 / abs(activation.inputScale), tolerance: tolerance
    ) { (nodes: PairNodes, output: UnsafeMutableBufferPointer<Double>) in
      guard let z1 = nodes.first.baseAddress, let z2 = nodes.second.baseAddress, let output = output.baseAddress
      else { return }
      let n = nodes.count
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n) { scratch in
        scratch.initialize(repeating: 0)
        guard let (a, b) = scratch.baseAddress.map({ ($0, $0 + n) }) else { return }
        activation.apply(to: z1, into: a, count: n)
        activation.apply(to: z2, into: b, count: n)
        for i in 0..<n { output[i] = (a[i] - b[i]) * (a[i] - b[i]) / 2 }
        activation.apply(order: 1, to: z1, into: a, count: n)
        activation.apply(order: 1, to: z2, into: b, count: n)
        for i in 0..<n { output[n &+ i] = a[i] * b[i] }
      }
    }
    result.halfSquaredDifference = estimates[0].value
    result.slopes = estimates[1].value
    return result
  }

  /// With a, b the even and odd part of the slopes: ⟨σ₁σ₂⟩ = √(k₁₁k₂₂)[a²c + (2b²/π)(sin θ + c asin c)], c = cos θ.
  private static func homogeneous(_ pair: PairKernel, positive: Double, negative: Double) -> PairExpectation {
    let (a, b) = ((positive + negative) / 2, (positive - negative) / 2)
    let (a2, b2) = (a * a, b * b)
    let scale = (pair.first * pair.second).squareRoot()
    let gap = pair.oneMinusCorrelation
    let angle = 2 * asin(min(1, (gap / 2).squareRoot()))
    let s = angle * angle
    // sin θ − θ cos θ, by its series where the two cancel.
    let lens =
      angle < 0.2
      ? angle * s / 3 * (1 - s / 10 * (1 - s / 28 * (1 - s / 54 * (1 - s / 88)))) : sin(angle) - angle * cos(angle)
    let norms = pair.first.squareRoot() - pair.second.squareRoot()
    // ⟨σ₁σ₂⟩ = √(k₁₁k₂₂)(a² + b²) − angular, from asin c = π/2 − θ.
    let angular = scale * (a2 * gap + b2 * (gap - 2 / Double.pi * lens))
    return PairExpectation(
      first: (a2 + b2) * pair.first, second: (a2 + b2) * pair.second,
      halfSquaredDifference: (a2 + b2) * norms * norms / 2 + angular, slopes: a2 + b2 - 2 * b2 / Double.pi * angle)
  }
}
