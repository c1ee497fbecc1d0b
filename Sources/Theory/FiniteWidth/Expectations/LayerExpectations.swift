/// The Gaussian expectations over one layer's preactivations on M inputs of which the recursions at order 1/n are made.
///
/// One conforming type is one family of activations and one method. Numbers of inputs are 0 … M − 1; σ^(p) is a derivative.
///
/// Derivatives of a network by its parameters (dNTK, ddNTK) contain σ″ and σ‴. Of a kinked activation these are what automatic
/// differentiation gives, 0, so that what is predicted is what a real network's derivatives show; ``curvature(_:_:_:_:)`` and
/// ``curvatureSlope(_:_:)`` are 0 then. Derivatives of *expectations* by covariances are kept whole.
package protocol LayerExpectations: Sendable {
  /// M.
  var inputs: Int { get }
  /// ⟨σ_ασ_β⟩.
  func product(_ a: Int, _ b: Int) -> PairExpansion
  /// ⟨σ′_ασ′_β⟩.
  func slopes(_ a: Int, _ b: Int) -> PairExpansion
  /// The derivatives of ⟨σ_ασ′_β⟩ by z_α and by z_β.
  func mixedSlope(_ a: Int, _ b: Int) -> PairSlope
  /// ⟨σ^(p)_ασ^(q)_β⟩ with p ≥ 2, as it stands in derivatives of the network.
  func curvature(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> Double
  /// The derivatives of ⟨σ″_ασ′_β⟩ by z_α and by z_β.
  func curvatureSlope(_ a: Int, _ b: Int) -> PairSlope
  /// ⟨σ^(p)_aσ^(q)_bσ^(r)_cσ^(s)_d⟩ and a bound on its error, relative to the norms of the factors it is computed from.
  func four(_ moment: FourPointMoment) -> (value: Double, bound: Double)
  /// The pair's correlation and its functions where σ has two slopes; nil where it is smooth.
  func twoSlopePair(_ a: Int, _ b: Int) -> (functions: TwoSlopePairFunctions, pair: CorrelatedPair)?
}

extension LayerExpectations {
  package func twoSlopePair(_ a: Int, _ b: Int) -> (functions: TwoSlopePairFunctions, pair: CorrelatedPair)? { nil }
}

/// Which four factors an expectation has: inputs a, b, c, d with derivatives of order p, q, r, s.
package struct FourPointMoment: Hashable, Sendable {
  package var inputs: (Int, Int, Int, Int)
  package var orders: (Int, Int, Int, Int)

  package init(_ a: Int, _ p: Int, _ b: Int, _ q: Int, _ c: Int, _ r: Int, _ d: Int, _ s: Int) {
    inputs = (a, b, c, d)
    orders = (p, q, r, s)
  }

  package static func == (x: Self, y: Self) -> Bool { x.inputs == y.inputs && x.orders == y.orders }

  package func hash(into hasher: inout Hasher) {
    for number in [inputs.0, inputs.1, inputs.2, inputs.3, orders.0, orders.1, orders.2, orders.3] {
      hasher.combine(number)
    }
  }
}

/// How much of the theory at order 1/n is wanted.
public enum FiniteWidthExtent: Int, Comparable, Codable, Sendable, CaseIterable {
  /// V and G1.
  case preactivations
  /// And H1, A, B, D, F.
  case tangentKernel
  /// And P, Q, R, S, T, U.
  case differentials

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
