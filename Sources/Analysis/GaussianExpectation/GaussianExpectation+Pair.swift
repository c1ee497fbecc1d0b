import Foundation

extension GaussianExpectation {
  /// An integrand of two variables on arrays; component c of the values begins at c · nodes.count.
  package typealias PairIntegrand = (PairNodes, UnsafeMutableBufferPointer<Double>) -> Void

  /// The places where an integrand of two variables, or a derivative of it, jumps: lines z₁ = const and z₂ = const.
  public struct PairKinks: Hashable, Codable, Sendable {
    public var first: [Double]
    public var second: [Double]

    public init(first: [Double] = [], second: [Double] = []) {
      self.first = first
      self.second = second
    }

    /// Kinks at the same places in both variables: σ(z₁)σ(z₂).
    public init(both kinks: [Double]) { self.init(first: kinks, second: kinks) }

    var isEmpty: Bool { first.isEmpty && second.isEmpty }
    /// Whether every kink is at the origin, so that polar sectors contain none.
    var areAtOrigin: Bool { first.allSatisfy { $0 == 0 } && second.allSatisfy { $0 == 0 } }
  }

  /// ⟨f(z₁, z₂)⟩ for a pair of zero-mean Gaussian variables.
  ///
  /// ```swift
  /// let pair = GaussianPair(k11: 1, k22: 1, oneMinusCorrelation: 1e-9)
  /// let kernel = GaussianExpectation.two(pair, kinks: .init(both: [0])) { max($0, 0) * max($1, 0) }
  /// ```
  ///
  /// - Parameters:
  ///   - pair: the covariance; any correlation from −1 to 1, both included.
  ///   - kinks: where f or a derivative of it jumps.
  ///   - scale: the length in z on which f has its structure.
  public static func two(
    _ pair: GaussianPair, kinks: PairKinks = PairKinks(), scale: Double = 1, tolerance: Tolerance = .standard,
    _ integrand: (Double, Double) -> Double
  ) -> Estimate {
    two(pair, components: 1, kinks: kinks, scale: scale, tolerance: tolerance) { nodes, values in
      for i in 0..<nodes.count { values[i] = integrand(nodes.first[i], nodes.second[i]) }
    }[0]
  }

  /// ⟨f(z₁, z₂, z₁ − z₂)⟩: for integrands like (σ(z₁) − σ(z₂))², the third argument keeps all its digits where the
  /// variables almost coincide.
  public static func two(
    _ pair: GaussianPair, kinks: PairKinks = PairKinks(), scale: Double = 1, tolerance: Tolerance = .standard,
    withDifference integrand: (_ z1: Double, _ z2: Double, _ difference: Double) -> Double
  ) -> Estimate {
    two(pair, components: 1, kinks: kinks, scale: scale, tolerance: tolerance) { nodes, values in
      for i in 0..<nodes.count { values[i] = integrand(nodes.first[i], nodes.second[i], nodes.difference[i]) }
    }[0]
  }

  /// Several expectations over the same pair at once; the integrand writes its components.
  public static func two(
    _ pair: GaussianPair, components: Int, kinks: PairKinks = PairKinks(), scale: Double = 1,
    tolerance: Tolerance = .standard, _ integrand: (Double, Double, inout [Double]) -> Void
  ) -> [Estimate] {
    var buffer = [Double](repeating: 0, count: components)
    return two(pair, components: components, kinks: kinks, scale: scale, tolerance: tolerance) {
      (nodes: PairNodes, values: UnsafeMutableBufferPointer<Double>) in
      for i in 0..<nodes.count {
        integrand(nodes.first[i], nodes.second[i], &buffer)
        for component in 0..<components { values[component &* nodes.count &+ i] = buffer[component] }
      }
    }
  }

  /// Several expectations of an integrand that is evaluated on arrays.
  package static func two(
    _ pair: GaussianPair, components: Int, kinks: PairKinks = PairKinks(), scale: Double = 1,
    tolerance: Tolerance = .standard, batch integrand: PairIntegrand
  ) -> [Estimate] {
    guard pair.k11.isFinite, pair.k22.isFinite else {
      return Array(repeating: Estimate(value: .nan, error: .infinity), count: components)
    }
    if pair.k11 == 0 || pair.k22 == 0 || pair.residualDeviation == 0 {
      return degenerate(
        pair, components: components, kinks: kinks, scale: scale, tolerance: tolerance, integrand)
    }
    let spread = max(pair.k11, pair.k22).squareRoot() / scale
    var best: [Estimate]?
    if spread <= 8 {
      let direct =
        kinks.isEmpty
        ? pairTrapezoid(pair, components: components, tolerance: tolerance, integrand)
        : kinks.areAtOrigin
          ? pairPolar(pair, components: components, tolerance: tolerance, integrand) : nil
      if let direct {
        if direct.allSatisfy({ $0.meets(tolerance) }) { return direct }
        best = direct
      }
    }
    let (iterated, areAtRounding) = pairIterated(
      pair, components: components, kinks: kinks, scale: scale, tolerance: tolerance, integrand)
    guard let best, !areAtRounding else { return iterated }
    return zip(best, iterated).map { $0.error <= $1.error ? $0 : $1 }
  }

  /// One variable is constant, or a multiple of the other.
  private static func degenerate(
    _ pair: GaussianPair, components: Int, kinks: PairKinks, scale: Double, tolerance: Tolerance,
    _ integrand: PairIntegrand
  ) -> [Estimate] {
    // z₁ = a z and z₂ = b z with z of unit variance times the larger deviation, so that scales stay those of z.
    let isFirstLarger = pair.k11 >= pair.k22
    let sign = pair.onePlusCorrelation == 0 ? -1.0 : 1.0
    let variance = isFirstLarger ? pair.k11 : pair.k22
    let ratio = variance == 0 ? 0 : ((isFirstLarger ? pair.k22 : pair.k11) / variance).squareRoot()
    let a = isFirstLarger ? 1 : ratio
    let b = (isFirstLarger ? ratio : 1) * sign
    let slope = sign < 0 ? a - b : (variance == 0 ? 0 : pair.deviationDifference / variance.squareRoot())
    let lines =
      (a == 0 ? [] : kinks.first.map { $0 / a }) + (b == 0 ? [] : kinks.second.map { $0 / b })
    return one(
      variance: variance, components: components, kinks: Array(Set(lines)).sorted(), scale: scale,
      tolerance: tolerance
    ) { (nodes: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>) in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * nodes.count) { memory in
        memory.initialize(repeating: 0)
        let n = nodes.count
        for i in 0..<n {
          memory[i] = a * nodes[i]
          memory[n + i] = b * nodes[i]
          memory[2 * n + i] = slope * nodes[i]
        }
        integrand(
          PairNodes(
            first: UnsafeBufferPointer(rebasing: memory[0..<n]),
            second: UnsafeBufferPointer(rebasing: memory[n..<(2 * n)]),
            difference: UnsafeBufferPointer(rebasing: memory[(2 * n)..<(3 * n)])), values)
      }
    }
  }
}
