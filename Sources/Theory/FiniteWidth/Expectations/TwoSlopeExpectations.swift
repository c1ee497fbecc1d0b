import OrreryNetworks
import OrreryTensors

/// Gaussian expectations of a two-slope activation (ReLU, leaky ReLU, |z|) over M inputs, in closed form but for one integral.
///
/// A network's own σ″ and σ‴ are 0 here, as automatic differentiation has them; derivatives of expectations by covariances keep
/// what the kink adds to them. So P = R = U = 0, and Q, S, T are those of the slopes alone.
package struct TwoSlopeExpectations: LayerExpectations {
  package let inputs: Int
  private let kernel: [Double]
  private let functions: TwoSlopePairFunctions
  private let moments: TwoSlopeMoments

  /// - Parameters:
  ///   - slopes: σ′ for z > 0 and z < 0.
  ///   - kernel: K^(ℓ), shape (M, M), positive semidefinite.
  /// - Throws: `TwoSlopeError`.
  package init(slopes: (positive: Double, negative: Double), kernel: Matrix<Double>) throws {
    inputs = kernel.rows
    self.kernel = kernel.tensor.elements
    functions = try TwoSlopePairFunctions(positive: slopes.positive, negative: slopes.negative)
    moments = try TwoSlopeMoments(
      positive: slopes.positive, negative: slopes.negative,
      correlations: CorrelationTable(covariance: kernel.tensor.elements, inputs: kernel.rows))
  }

  private func variance(_ a: Int) -> Double { kernel[a * inputs + a] }

  package func product(_ a: Int, _ b: Int) -> PairExpansion {
    a == b ? functions.activations(variance: variance(a)) : functions.activations(moments.correlations.pair(a, b))
  }

  package func slopes(_ a: Int, _ b: Int) -> PairExpansion {
    a == b ? functions.derivatives(variance: variance(a)) : functions.derivatives(moments.correlations.pair(a, b))
  }

  package func mixedSlope(_ a: Int, _ b: Int) -> PairSlope {
    if a == b { return PairSlope(first: functions.mixed(variance: variance(a)).derivative) }
    let mixed = functions.mixed(moments.correlations.pair(a, b))
    return PairSlope(first: mixed.first, second: mixed.second)
  }

  package func curvature(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> Double { 0 }

  package func curvatureSlope(_ a: Int, _ b: Int) -> PairSlope { PairSlope() }

  package func twoSlopePair(_ a: Int, _ b: Int) -> (functions: TwoSlopePairFunctions, pair: CorrelatedPair)? {
    (functions, moments.correlations.pairs[a * inputs + b])
  }

  /// A bound on what rounding does to statistics of the NTK where inputs are alike, and the two most alike ones.
  ///
  /// Kernels and V are known to 1e-16 of their size; derivatives of ⟨σ′σ′⟩ take 1/q of each pair, q = √(1 − c²), of the same pair only
  /// one with ``PairFluctuation``. For c → −1 that has no digits to spare, and H1 takes 1/q³.
  func likeness() -> (bound: Double, first: Int, second: Int)? {
    var closest: (residual: Double, first: Int, second: Int)?
    var next = 1.0
    var opposite = 0.0
    for a in 0..<inputs {
      for b in 0..<a where variance(a) > 0 && variance(b) > 0 {
        let pair = moments.correlations.pairs[a * inputs + b]
        guard !pair.isPerfect else { continue }
        if pair.correlation < 0 { opposite = max(opposite, 1 / (pair.residual * pair.residual * pair.residual)) }
        if pair.residual < (closest?.residual ?? .infinity) {
          next = closest?.residual ?? 1
          closest = (pair.residual, a, b)
        } else {
          next = min(next, pair.residual)
        }
      }
    }
    guard let closest, functions.absoluteSquare > 0 else { return nil }
    let share = functions.absoluteSquare / functions.meanSquareSlope
    return (2e-16 * share * max(1 / (closest.residual * next), opposite), closest.first, closest.second)
  }

  package func four(_ moment: FourPointMoment) -> (value: Double, bound: Double) {
    let (i, o) = (moment.inputs, moment.orders)
    if max(max(o.0, o.1), max(o.2, o.3)) > 1 { return (0, 0) }
    let numbers = [(i.0, o.0), (i.1, o.1), (i.2, o.2), (i.3, o.3)].sorted { $0.1 < $1.1 }.map(\.0)
    let value =
      switch o.0 + o.1 + o.2 + o.3 {
      case 0: moments.moment(i.0, i.1, i.2, i.3)
      case 2: moments.moment(numbers[0], numbers[1], derivatives: numbers[2], numbers[3])
      case 4: moments.derivativeMoment(i.0, i.1, i.2, i.3)
      default: preconditionFailure("The recursions take even numbers of slopes.")
      }
    // Closed forms and an integral to rounding.
    return (value, 1e-13)
  }
}
