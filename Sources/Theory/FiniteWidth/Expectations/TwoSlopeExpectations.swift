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
