import Foundation

/// Q = ⟨s₁s₂s₃s₄⟩ of four signs: the one moment of the two-slope family that is not elementary, as one integral.
///
/// Let the correlations of one variable, here the last, grow from 0 to their values as tρ_4j. At every t in [0, 1] the matrix
/// is a covariance, at 0 the moment is ⟨s₄⟩⟨s₁s₂s₃⟩ = 0, and Price's theorem gives
///
/// Q = (4/π²) Σ_j ∫₀¹ dt ρ_4j A_4j(t)/√(1 − t²ρ_4j²),  A_4j(t) = atan(N_j(t)/√(D_j(t) det R(t))),
///
/// where N_j (a cofactor), D_j = 1 − t²ρ_4j² and det R are all of the form t²x₁ + (1 − t²)x₀. The integrand is even in t. Its
/// singularities are zeros of principal minors of R(t); those are linear in t² and fall from x₀ to x₁ ≥ 0, so that the zeros
/// lie at real t² ≥ 1. The map t = tanh y takes the plane cut there to the strip |Im y| < π/2, *wherever on the cuts the
/// singularities are*: the trapezoid rule in y errs by some e^(−π²/h) however close to singular the matrix is, and half of its
/// nodes are negative, mirror images. At large y, A(t) − A(1) and dt = sech² y dy both decay; A(1) itself is integrated exactly,
/// ∫dt ρ/√(1 − t²ρ²) = asin ρ. The largest error over random, clustered, coplanar and integer vectors in 2, 3, 4 and more
/// dimensions is 25 e^(−π²/h): below rounding with h = ¼, in some 30 nodes (60 for correlations of 1 − 10⁻⁹).
///
/// Sources: R. Price, IRE Trans. Inf. Theory 4 (1958) 69; R. L. Plackett, Biometrika 41 (1954) 351 (the reduction of
/// orthant probabilities to one integral); Trefethen, Weideman, SIAM Rev. 56 (2014) 385 (the trapezoid rule).
enum FourSignIntegral {
  /// The step in y.
  static let step = 0.25
  /// Four nodes a block, up to y = 36.
  static let blocks = 36
  /// tanh² y, sech² y, and the weight h sech² y (half of it at y = 0), block after block.
  private static let nodes: [(rising: SIMD4<Double>, falling: SIMD4<Double>, weight: SIMD4<Double>)] =
    (0..<blocks).map { block in
      var (rising, falling, weight) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
      for lane in 0..<4 {
        let y = step * Double(4 * block + lane)
        let (slope, tangent) = (1 / cosh(y), tanh(y))
        rising[lane] = tangent * tangent
        falling[lane] = slope * slope
        weight[lane] = (y == 0 ? 0.5 : 1) * step * slope * slope
      }
      return (rising, falling, weight)
    }

  /// Q.
  @inline(__always)
  static func evaluate(_ geometry: FourSignGeometry) -> Double {
    let (first, second, third) = geometry.legs
    let determinant = geometry.volume * geometry.volume
    let floor = SignLeg.smallestVolume * SignLeg.smallestVolume
    var sums = SIMD4<Double>.zero
    nodes.withUnsafeBufferPointer { nodes in
      for block in 0..<blocks {
        let (rising, falling, weight) = nodes[block]
        let volume = (rising * determinant + falling * geometry.baseDeterminant + floor).squareRoot()
        let f1 = weight * first.integrand(rising, falling, volume)
        let f2 = weight * second.integrand(rising, falling, volume)
        let f3 = weight * third.integrand(rising, falling, volume)
        sums += f1 + f2 + f3
        // Terms fall by e^(−2h) a node or faster from here on; the first nodes could vanish by accident.
        if block >= 4, (f1 * f1 + f2 * f2 + f3 * f3).sum() < 1e-32 { break }
      }
    }
    let exact = first.whole + second.whole + third.whole
    return geometry.sign * (4 / (.pi * .pi)) * (exact + sums.sum())
  }
}

/// The pair of the growing variable with one of the other three.
struct SignLeg {
  /// ρ_4j and 1 − ρ_4j².
  let correlation: Double
  let squaredResidual: Double
  /// The cofactor N_j at t = 0 without its factor, and at t = 1.
  let start: Double
  let end: Double
  /// A_4j at t = 1.
  let endAngle: Double
  /// asin ρ_4j · A_4j(1).
  let whole: Double

  /// Stands for √det R = 0, so that no quotient is 0/0.
  static let smallestVolume = 0x1p-300

  @inline(__always)
  init(_ pair: SignedPair, start: Double, end: Double, endAngle: Double) {
    correlation = pair.correlation
    squaredResidual = pair.residual * pair.residual
    self.start = start
    self.end = end
    self.endAngle = endAngle
    whole = pair.angle * endAngle
  }

  /// ρ (A(t) − A(1))/√(1 − t²ρ²) at four nodes; `rising` is t², `falling` 1 − t².
  @inline(__always)
  func integrand(_ rising: SIMD4<Double>, _ falling: SIMD4<Double>, _ volume: SIMD4<Double>) -> SIMD4<Double> {
    let deviation = (rising * squaredResidual + falling).squareRoot()
    let angle = arcTangent(rising * end + falling * start, over: deviation * volume)
    return correlation * (angle - endAngle) / deviation
  }
}
