import Foundation
import OrreryTensors

extension GaussianExpectation {
  /// The largest number of nodes in a product rule over three or four variables.
  private static let productLimit = 6_000_000

  /// ⟨f(z₁, …, z_d)⟩ for d ≤ 4 smooth zero-mean Gaussian variables of the given covariance: product trapezoid on
  /// Cholesky axes.
  ///
  /// ```swift
  /// let four = try GaussianExpectation.several(covariance: K) { z in tanh(z[0]) * tanh(z[1]) * tanh(z[2]) * tanh(z[3]) }
  /// ```
  ///
  /// The step shrinks by √2 until the tolerance is reached or a grid would exceed six million nodes. A covariance may be
  /// singular (two variables that coincide). Integrands with kinks converge slowly, and the error says so.
  ///
  /// - Parameters:
  ///   - covariance: shape (d, d), symmetric, positive semidefinite, 1 ≤ d ≤ 4.
  ///   - tolerance: by default 10⁻¹⁰ relative.
  /// - Throws: ``GaussianExpectationError`` if the covariance is not one.
  public static func several(
    covariance: Matrix<Double>, tolerance: Tolerance = Tolerance(relative: 1e-10), _ integrand: ([Double]) -> Double
  ) throws(GaussianExpectationError) -> Estimate {
    var point = [Double](repeating: 0, count: covariance.rows)
    return try several(covariance: covariance, components: 1, tolerance: tolerance) { nodes, values in
      let count = values.count
      for i in 0..<count {
        for axis in 0..<point.count { point[axis] = nodes[axis &* count &+ i] }
        values[i] = integrand(point)
      }
    }[0]
  }

  /// Several expectations of an integrand that is evaluated on arrays: variable a of node i is at a · count + i of the
  /// first buffer, component c of its value at c · count + i of the second.
  package static func several(
    covariance: Matrix<Double>, components: Int, tolerance: Tolerance = Tolerance(relative: 1e-10),
    batch integrand: BatchIntegrand
  ) throws(GaussianExpectationError) -> [Estimate] {
    let axes = try choleskyFactor(covariance)
    // The ball |u| ≤ R leaves out less than 10⁻¹⁴ of a Gaussian in four dimensions.
    let radius = 8.6
    var history = RefinementHistory(components: components)
    var outside = [Double](repeating: 0, count: components)
    var step = 1.8
    while true {
      var rim = WeightedSums(components: components + 1)
      history.record(
        product(axes: axes, radius: radius, step: step, components: components, rim: &rim, integrand))
      // What lies outside: its probability times the mean |f| on the rim (the last component is the rim's weight).
      let probability = Distributions.chiSquaredSurvival(radius * radius, degreesOfFreedom: axes.count)
      outside = (0..<components).map { 3 * probability * rim.magnitudes[$0] / rim.magnitudes[components] }
      if history.isHopeless || (step < 0.7 && history.isConverged(tolerance)) { break }
      step /= 2.0.squareRoot()
      let nodes = ballVolume(axes.count) * pow(radius / step, Double(axes.count))
      if nodes > Double(productLimit) { break }
    }
    return zip(history.estimates, outside).map { Estimate(value: $0.value, error: $0.error + $1) }
  }

  private static func ballVolume(_ dimension: Int) -> Double {
    let half = Double(dimension) / 2
    return pow(.pi, half) / tgamma(half + 1)
  }

  /// One pass of the product rule over a ball; all but the last axis are walked, the last is evaluated as a row.
  private static func product(
    axes: [[Double]], radius: Double, step: Double, components: Int, rim: inout WeightedSums,
    _ integrand: BatchIntegrand
  ) -> WeightedSums {
    let dimension = axes.count
    var sums = WeightedSums(components: components)
    let factor = pow(step / (2 * Double.pi).squareRoot(), Double(dimension))
    func walk(_ axis: Int, _ prefix: [Double], _ square: Double) {
      let reach = max(0, radius * radius - square).squareRoot()
      let last = Int(reach / step)
      guard axis == dimension - 1 else {
        for i in -last...last {
          let u = Double(i) * step
          walk(axis + 1, prefix + [u], square + u * u)
        }
        return
      }
      let count = 2 * last + 1
      var weights = [Double](repeating: 0, count: count)
      var exponents = weights
      var nodes = [Double](repeating: 0, count: count * dimension)
      for i in 0..<count {
        let u = Double(i - last) * step
        exponents[i] = 0.5 * (square + u * u)
        weights[i] = factor * exp(-exponents[i])
        for row in 0..<dimension {
          var z = axes[row][axis] * u
          for column in 0..<axis { z += axes[row][column] * prefix[column] }
          nodes[row * count + i] = z
        }
      }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count * components) { values in
        values.initialize(repeating: 0)
        nodes.withUnsafeBufferPointer { integrand($0, values) }
        let ends = [0, count - 1]
        let endValues = (0..<components).flatMap { c in ends.map { values[c * count + $0] } } + [1.0, 1.0]
        endValues.withUnsafeBufferPointer { values in
          ends.map { weights[$0] }.withUnsafeBufferPointer { weights in
            [0.0, 0.0].withUnsafeBufferPointer { rim.add(values, weights: weights, exponents: $0) }
          }
        }
        weights.withUnsafeBufferPointer { weights in
          exponents.withUnsafeBufferPointer {
            sums.add(UnsafeBufferPointer(values), weights: weights, exponents: $0)
          }
        }
      }
    }
    walk(0, [], 0)
    return sums
  }

  /// L with L Lᵀ = K, row by row; a pivot that vanishes to rounding leaves a column of zeros.
  private static func choleskyFactor(_ covariance: Matrix<Double>) throws(GaussianExpectationError) -> [[Double]] {
    let n = covariance.rows
    guard n == covariance.columns, (1...4).contains(n) else {
      throw .unsupportedShape(rows: n, columns: covariance.columns)
    }
    var factor = [[Double]](repeating: Array(repeating: 0, count: n), count: n)
    for j in 0..<n {
      let scale = covariance[j, j]
      var pivot = scale
      for k in 0..<j { pivot -= factor[j][k] * factor[j][k] }
      guard pivot >= -1e-12 * scale.magnitude, scale.isFinite else { throw .notACovariance(index: j) }
      let root = pivot > 1e-15 * scale ? pivot.squareRoot() : 0
      factor[j][j] = root
      for i in (j + 1)..<max(n, j + 1) {
        guard (covariance[i, j] - covariance[j, i]).magnitude <= 1e-12 * (scale * covariance[i, i]).squareRoot()
        else { throw .notACovariance(index: i) }
        var sum = covariance[i, j]
        for k in 0..<j { sum -= factor[i][k] * factor[j][k] }
        factor[i][j] = root > 0 ? sum / root : 0
      }
    }
    return factor
  }
}

/// A covariance that no Gaussian variables can have, or too many variables.
public enum GaussianExpectationError: Error, Hashable, CustomStringConvertible {
  case unsupportedShape(rows: Int, columns: Int)
  case notACovariance(index: Int)

  public var description: String {
    switch self {
    case .unsupportedShape(let rows, let columns):
      "A covariance of one to four variables is a square matrix; this one has \(rows) rows and \(columns) columns."
    case .notACovariance(let index):
      """
      The covariance is not symmetric and positive semidefinite: variable \(index) fails. Check its row, and that no \
      |k_ab| exceeds √(k_aa k_bb).
      """
    }
  }
}
