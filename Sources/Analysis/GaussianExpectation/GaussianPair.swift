/// The covariance of two zero-mean Gaussian variables, in a form that loses no digits when they almost coincide.
///
/// With variances k₁₁, k₂₂ and correlation c, everything that depends on how different the variables are depends on
/// 1 − c; from k₁₂ it would have to be a difference of nearly equal numbers. So a pair carries 1 − c and 1 + c, each
/// exact where it is small, and √(1 − c²) is the root of their product.
public struct GaussianPair: Hashable, Codable, Sendable {
  /// The variance k₁₁ of the first variable.
  public let k11: Double
  /// The variance k₂₂ of the second.
  public let k22: Double
  /// 1 − c.
  public let oneMinusCorrelation: Double
  /// 1 + c.
  public let onePlusCorrelation: Double

  /// A pair by its distance from equality.
  ///
  /// - Precondition: variances are not negative; 0 ≤ 1 − c ≤ 2.
  public init(k11: Double, k22: Double, oneMinusCorrelation: Double) {
    self.init(k11: k11, k22: k22, minus: oneMinusCorrelation, plus: 2 - oneMinusCorrelation)
  }

  /// A pair by its distance from perfect anticorrelation.
  ///
  /// - Precondition: variances are not negative; 0 ≤ 1 + c ≤ 2.
  public init(k11: Double, k22: Double, onePlusCorrelation: Double) {
    self.init(k11: k11, k22: k22, minus: 2 - onePlusCorrelation, plus: onePlusCorrelation)
  }

  /// A pair by its covariance; 1 − |c| has an absolute error of some 10⁻¹⁶, so use another initializer for close pairs.
  ///
  /// - Precondition: variances are not negative and |k₁₂| ≤ √(k₁₁k₂₂), up to rounding.
  public init(k11: Double, k22: Double, k12: Double) {
    let scale = (k11.squareRoot() * k22.squareRoot())
    let c = scale == 0 ? 0 : k12 / scale
    precondition(c.magnitude <= 1 + 1e-12, "A covariance of \(k12) is too large for variances \(k11) and \(k22).")
    self.init(k11: k11, k22: k22, minus: max(0, 1 - c), plus: max(0, 1 + c))
  }

  private init(k11: Double, k22: Double, minus: Double, plus: Double) {
    precondition(k11 >= 0 && k22 >= 0, "Variances are not negative; these are \(k11) and \(k22).")
    precondition(
      minus >= 0 && plus >= 0, "A correlation is between −1 and 1; here 1 − c = \(minus) and 1 + c = \(plus).")
    self.k11 = k11
    self.k22 = k22
    oneMinusCorrelation = minus
    onePlusCorrelation = plus
  }

  /// c.
  public var correlation: Double {
    oneMinusCorrelation < 1 ? 1 - oneMinusCorrelation : onePlusCorrelation - 1
  }

  /// √(1 − c²), without cancellation.
  public var residualDeviation: Double { (oneMinusCorrelation * onePlusCorrelation).squareRoot() }

  /// k₁₂ = c √(k₁₁k₂₂).
  public var k12: Double { correlation * k11.squareRoot() * k22.squareRoot() }

  /// √k₁₁ − √k₂₂, from the difference of the variances.
  var deviationDifference: Double {
    let sum = k11.squareRoot() + k22.squareRoot()
    return sum == 0 ? 0 : (k11 - k22) / sum
  }

  /// (√k₁₁ − c √k₂₂): how much of u is left in z₁ − z₂.
  var commonDifference: Double { deviationDifference + oneMinusCorrelation * k22.squareRoot() }
}

/// Arrays of nodes (z₁, z₂) and of z₁ − z₂, which keeps its relative accuracy where the two are close.
package struct PairNodes {
  package var first: UnsafeBufferPointer<Double>
  package var second: UnsafeBufferPointer<Double>
  package var difference: UnsafeBufferPointer<Double>
  package var count: Int { first.count }
}

/// Pair nodes gathered with their weights until they are evaluated together.
struct PairNodeBatch {
  var first: [Double] = []
  var second: [Double] = []
  var difference: [Double] = []
  var weights: [Double] = []
  var exponents: [Double] = []

  var count: Int { first.count }

  mutating func removeAll() {
    first.removeAll(keepingCapacity: true)
    second.removeAll(keepingCapacity: true)
    difference.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    exponents.removeAll(keepingCapacity: true)
  }

  mutating func append(_ z1: Double, _ z2: Double, difference d: Double, weight: Double, exponent: Double) {
    first.append(z1)
    second.append(z2)
    difference.append(d)
    weights.append(weight)
    exponents.append(exponent)
  }

  /// Evaluates the integrand, adds its weighted values to the sums, and forgets the nodes.
  mutating func flush(to sums: inout WeightedSums, _ integrand: GaussianExpectation.PairIntegrand) {
    guard count > 0 else { return }
    let components = sums.components
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count * components) { values in
      values.initialize(repeating: 0)
      first.withUnsafeBufferPointer { first in
        second.withUnsafeBufferPointer { second in
          difference.withUnsafeBufferPointer { difference in
            integrand(PairNodes(first: first, second: second, difference: difference), values)
          }
        }
      }
      weights.withUnsafeBufferPointer { weights in
        exponents.withUnsafeBufferPointer {
          sums.add(UnsafeBufferPointer(values), weights: weights, exponents: $0)
        }
      }
    }
    removeAll()
  }
}
