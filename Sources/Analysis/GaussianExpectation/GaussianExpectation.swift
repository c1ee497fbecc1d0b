/// Expectations ⟨f(z)⟩ over Gaussian variables: the integrals that effective theories of networks are made of.
///
/// ```swift
/// let second = GaussianExpectation.one(variance: 1.3) { z in tanh(z) * tanh(z) }
/// print(second.value, second.error)                                  // 0.4489…, about 1e-15
/// let relu = GaussianExpectation.one(variance: 2, kinks: [0]) { max($0, 0) }
/// ```
///
/// Every result is an ``Estimate``: the rules refine until the tolerance is reached, and when they cannot they return
/// their best value with the error it really has.
///
/// - **Smooth integrands, one variable:** trapezoid rule after z = s sinh t. On an analytic integrand it converges like
///   e^(−2πd/h), d the distance of the nearest singularity from the real axis. For variances K ≪ s² the map is the
///   identity (a plain trapezoid in u = z/√K); for K ≫ s² it spends its nodes where an activation has its structure, at
///   |z| ~ s, and needs O(log K) of them where the plain rule needs O(√K) and Gauss–Hermite more.
/// - **Kinks:** wherever f or a derivative jumps, the line is cut and Gauss–Legendre panels refine on either side.
/// - **Two variables:** product trapezoid for smooth integrands, polar coordinates for kinks at 0, iterated panels for
///   everything else; see ``GaussianPair``.
/// - **Three and four:** product trapezoid.
///
/// The parameter `scale` is the length s in z on which the integrand has its structure, 1 for most activations.
///
/// Sources: L. N. Trefethen, J. A. C. Weideman, "The exponentially convergent trapezoidal rule", SIAM Rev. 56 (2014)
/// 385; the integrals themselves: Roberts, Yaida, Hanin, *The Principles of Deep Learning Theory*, ch. 4–5.
public enum GaussianExpectation {
  /// An integrand of one variable on arrays: reads nodes, writes one value per node for each component, component
  /// after component (component c at c · nodes.count).
  package typealias BatchIntegrand = (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void

  /// The half-width in standard deviations with which integration begins: e^(−13²/2) = 2·10⁻³⁷.
  static let initialHalfWidth = 13.0
  /// The half-width beyond which Gaussian weights leave the range of Double.
  static let largestHalfWidth = 38.0
  /// The largest number of evaluations in one variable before the error reached is returned as it is.
  static let evaluationLimit = 1 << 21

  /// ⟨f(z)⟩ for z ~ N(0, variance).
  ///
  /// - Parameters:
  ///   - variance: K ≥ 0; at 0 the value is f(0). A variance that is not finite gives NaN with infinite error.
  ///   - kinks: the values of z where f or one of its derivatives jumps.
  ///   - scale: the length in z on which f has its structure.
  ///   - tolerance: the error asked for; the result's error is what was reached.
  /// - Precondition: `variance` is not negative, `scale` is positive.
  public static func one(
    variance: Double, kinks: [Double] = [], scale: Double = 1, tolerance: Tolerance = .standard,
    _ integrand: (Double) -> Double
  ) -> Estimate {
    one(variance: variance, components: 1, kinks: kinks, scale: scale, tolerance: tolerance) { nodes, values in
      for i in 0..<nodes.count { values[i] = integrand(nodes[i]) }
    }[0]
  }

  /// Several expectations over the same variable at once; the integrand writes its components for one z.
  ///
  /// ```swift
  /// let moments = GaussianExpectation.one(variance: 2, components: 2) { z, values in
  ///   let t = tanh(z)
  ///   values[0] = t * t                 // ⟨σ²⟩
  ///   values[1] = (1 - t * t) * (1 - t * t)  // ⟨σ′²⟩
  /// }
  /// ```
  public static func one(
    variance: Double, components: Int, kinks: [Double] = [], scale: Double = 1, tolerance: Tolerance = .standard,
    _ integrand: (Double, inout [Double]) -> Void
  ) -> [Estimate] {
    var buffer = [Double](repeating: 0, count: components)
    return one(variance: variance, components: components, kinks: kinks, scale: scale, tolerance: tolerance) {
      (nodes: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>) in
      for i in 0..<nodes.count {
        integrand(nodes[i], &buffer)
        for component in 0..<components { values[component &* nodes.count &+ i] = buffer[component] }
      }
    }
  }

  /// Several expectations of an integrand that is evaluated on arrays.
  package static func one(
    variance: Double, components: Int, kinks: [Double] = [], scale: Double = 1, tolerance: Tolerance = .standard,
    batch integrand: BatchIntegrand
  ) -> [Estimate] {
    precondition(!(variance < 0), "A variance is not negative; this one is \(variance).")
    precondition(scale > 0 && components > 0, "A scale is positive, and there is a component at least.")
    guard variance.isFinite else {
      return Array(repeating: Estimate(value: .nan, error: .infinity), count: components)
    }
    if variance == 0 { return valueAtZero(components: components, integrand) }
    let reach = largestHalfWidth * variance.squareRoot()
    let inside = kinks.filter { $0.magnitude < reach }
    return inside.isEmpty
      ? trapezoid(
        variance: variance, components: components, scale: scale, tolerance: tolerance, integrand)
      : panels(
        variance: variance, components: components, kinks: inside, scale: scale, tolerance: tolerance, integrand)
  }

  private static func valueAtZero(components: Int, _ integrand: BatchIntegrand) -> [Estimate] {
    var values = [Double](repeating: 0, count: components)
    values.withUnsafeMutableBufferPointer { values in
      withUnsafePointer(to: 0.0) { integrand(UnsafeBufferPointer(start: $0, count: 1), values) }
    }
    return values.map { Estimate(value: $0, error: $0.isFinite ? 0x1p-52 * $0.magnitude : .infinity) }
  }
}
