import Foundation
import OrreryNetworks
import OrreryTensors

/// Gaussian expectations of a smooth activation over M inputs, by Hermite series of its products.
///
/// A product of factors at one input is a function on a line, of factors at two inputs a function on a plane. An expectation
/// of up to four factors is then one of two functions on a line or a plane each: Mehler's series in the canonical correlations
/// of the two, whose remainder is bounded by Cauchy and Schwarz. What a product quadrature would take four nested sums for
/// takes one contraction of O(D³/6), D the degree at which the remainder is below the tolerance (20 to 60 for tanh and GELU
/// at K of order 1). Of the three ways to split four inputs the one with the smallest correlation is taken.
///
/// Source: F. G. Mehler 1866 for the series; the reduction to canonical variables is H. Hotelling's (Biometrika 28, 1936, 321).
/// Domain: σ analytic, |σ| growing like a power or e^(r|z|): grids reach as far as products of three factors have weight. For bounded σ with poles at distance s from the real axis the degree grows like K/s²,
/// and beyond K ≈ 5 (tanh) the bound exceeds 1e-6: it is returned, never hidden.
/// Kernels above ``largestKernel(_:)`` are refused.
package struct SmoothExpectations: LayerExpectations {
  package let inputs: Int
  private let kernel: [Double]
  private let tolerance: Double
  /// For each input: σ^(0) … σ^(5), then products of two and three factors.
  private let lines: [[LineFunction?]]
  /// ⟨σ^(p)σ^(q)σ^(r)σ^(s)⟩ on one input.
  private let single: [[Double]]
  /// For each pair α > β, packed: products of one factor each.
  private let planes: [[PlaneFunction?]]
  /// For each pair α > β, packed: k_αβ/√(k_ααk_ββ) and √(1 − c²).
  private let correlations: [(c: Double, s: Double)]

  /// - Parameters:
  ///   - kernel: K^(ℓ), shape (M, M), positive semidefinite.
  ///   - extent: which products are needed.
  ///   - tolerance: relative to √(⟨f²⟩⟨g²⟩) of the two factors f, g that an expectation is split in.
  package init(_ activation: Activation, kernel: Matrix<Double>, extent: FiniteWidthExtent, tolerance: Double) {
    let count = kernel.rows
    inputs = count
    self.kernel = kernel.tensor.elements
    self.tolerance = tolerance
    let largest = (0..<count).map { kernel[$0, $0] }.max() ?? 0
    let bandwidth = Self.bandwidth(activation) * largest.squareRoot()
    let table = LineProducts(
      activation, bandwidth: bandwidth, largestKernel: largest, extent: extent, tolerance: tolerance)
    let built = Parallel.map(count) { table.functions(variance: kernel[$0, $0]) }
    lines = built.map(\.lines)
    single = built.map(\.single)
    let packed = count * (count - 1) / 2
    var correlations: [(c: Double, s: Double)] = []
    for a in 0..<count {
      for b in 0..<a {
        let scale = (kernel[a, a] * kernel[b, b]).squareRoot()
        let c = scale > 0 ? max(-1, min(1, kernel[a, b] / scale)) : 0
        correlations.append((c, ((1 - c) * (1 + c)).squareRoot()))
      }
    }
    self.correlations = correlations
    let planeTable = PlaneProducts(
      activation, bandwidth: bandwidth, largestKernel: largest, extent: extent, tolerance: tolerance)
    let pairs = (0..<count).flatMap { a in (0..<a).map { (a, $0) } }
    let places = correlations
    // Planes serve three and four different inputs.
    planes =
      count < 3
      ? Array(repeating: [], count: packed)
      : Parallel.map(packed) { place in
        let (a, b) = pairs[place]
        return planeTable.functions(
          first: kernel[a, a].squareRoot(), second: kernel[b, b].squareRoot(), places[place].c, places[place].s)
      }
  }

  /// Above it the transform of a product of four factors in u = z/√K is below e^(−36), in units of √K: e^(−strip·k) for a
  /// function with poles, e^(−k²/8) for a product of four entire ones of Gaussian type.
  static func bandwidth(_ activation: Activation) -> Double {
    // The trapezoid rule is exact for polynomials.
    if activation.polynomialCoefficients != nil { return 0 }
    return switch activation.smoothness {
    case .analytic(let strip): max(17, 36 / strip) * max(1, abs(activation.inputScale))
    case .derivatives: 36
    }
  }

  /// Where |f|e^(−u²/4) is largest for a product f of so many factors: 2m r√K for |σ| ~ e^(r|z|), √(2mp) for |z|^p.
  ///
  /// Coefficients ⟨f He_n⟩/√n! and the norm √⟨f²⟩ take grids that reach 12.6 beyond it. Powers are counted from those of |z|, whose
  /// peak that margin holds.
  static func peak(_ activation: Activation, kernel: Double, factors: Int) -> Double {
    switch activation.growth {
    case .bounded: 0
    case .polynomial(let degree):
      Double(2 * factors * degree).squareRoot() - Double(2 * factors).squareRoot()
    case .exponential(let rate): 2 * Double(factors) * rate * kernel.squareRoot()
    }
  }

  /// The farthest peak of a product of three: there e^(18u − u²/2) still fits float64 at the end of the grid.
  private static let farthestPeak = 18.0

  /// The largest K whose integrals are offered: beyond it grids on planes pass a thousand nodes a side, and the series' remainders
  /// are large whatever their degree; for exponentials of rate r it is 9/r², where ⟨σ⁶⟩ is e^(18 · 9).
  package static func largestKernel(_ activation: Activation) -> Double {
    let bandwidth = bandwidth(activation)
    var largest = bandwidth > 0 ? pow(200 / bandwidth, 2) : .greatestFiniteMagnitude
    let reach = peak(activation, kernel: 1, factors: 3)
    if case .exponential = activation.growth, reach > 0 { largest = min(largest, pow(farthestPeak / reach, 2)) }
    return largest
  }

  /// ⟨σ^(p)_ασ^(q)_β⟩.
  private func two(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> Double {
    lines[a][p]!.expectation(lines[b][q]!, correlation: a == b ? 1 : correlation(a, b).c).value
  }

  @inline(__always)
  private func correlation(_ a: Int, _ b: Int) -> (c: Double, s: Double) {
    a > b ? correlations[a * (a - 1) / 2 + b] : correlations[b * (b - 1) / 2 + a]
  }

  package func product(_ a: Int, _ b: Int) -> PairExpansion { expansion(a, b, order: 0) }

  package func slopes(_ a: Int, _ b: Int) -> PairExpansion { expansion(a, b, order: 1) }

  /// ⟨σ^(p)_ασ^(p)_β⟩.
  private func expansion(_ a: Int, _ b: Int, order p: Int) -> PairExpansion {
    let value = two(a, p, b, p)
    let (m20, m11, m02) = (two(a, p + 2, b, p), two(a, p + 1, b, p + 1), two(a, p, b, p + 2))
    let (m40, m31, m22) = (two(a, p + 4, b, p), two(a, p + 3, b, p + 1), two(a, p + 2, b, p + 2))
    let (m13, m04) = (two(a, p + 1, b, p + 3), two(a, p, b, p + 4))
    if a == b { return PairExpansion(value: value, first: m20 + m11, second: (m40 + 4 * m31 + 3 * m22) / 2) }
    var result = PairExpansion(value: value)
    (result.g11, result.g12, result.g22) = (m20 / 2, m11, m02 / 2)
    (result.h1111, result.h1112, result.h1122) = (m40 / 4, m31 / 2, m22 / 4)
    (result.h1212, result.h1222, result.h2222) = (m22, m13 / 2, m04 / 4)
    return result
  }

  package func mixedSlope(_ a: Int, _ b: Int) -> PairSlope {
    a == b
      ? PairSlope(first: two(a, 1, a, 1) + two(a, 0, a, 2))
      : PairSlope(first: two(a, 1, b, 1), second: two(a, 0, b, 2))
  }

  package func curvature(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> Double { two(a, p, b, q) }

  package func curvatureSlope(_ a: Int, _ b: Int) -> PairSlope {
    a == b
      ? PairSlope(first: two(a, 3, a, 1) + two(a, 2, a, 2))
      : PairSlope(first: two(a, 3, b, 1), second: two(a, 2, b, 2))
  }

  package func four(_ moment: FourPointMoment) -> (value: Double, bound: Double) {
    let (i, o) = (moment.inputs, moment.orders)
    let (ab, ac, ad) = (i.0 == i.1, i.0 == i.2, i.0 == i.3)
    // Three or four factors at one input.
    if ab && ac && ad { return (single[i.0][LineProducts.place(o.0, o.1, o.2, o.3)], Self.rounding) }
    if ab && ac { return triple(i.0, o.0, o.1, o.2, i.3, o.3) }
    if ab && ad { return triple(i.0, o.0, o.1, o.3, i.2, o.2) }
    if ac && ad { return triple(i.0, o.0, o.2, o.3, i.1, o.1) }
    let (bc, bd, cd) = (i.1 == i.2, i.1 == i.3, i.2 == i.3)
    if bc && bd { return triple(i.1, o.1, o.2, o.3, i.0, o.0) }
    // Two at one input.
    if ab { return double(i.0, o.0, o.1, i.2, o.2, i.3, o.3) }
    if ac { return double(i.0, o.0, o.2, i.1, o.1, i.3, o.3) }
    if ad { return double(i.0, o.0, o.3, i.1, o.1, i.2, o.2) }
    if bc { return double(i.1, o.1, o.2, i.0, o.0, i.3, o.3) }
    if bd { return double(i.1, o.1, o.3, i.0, o.0, i.2, o.2) }
    if cd { return double(i.2, o.2, o.3, i.0, o.0, i.1, o.1) }
    return distinct(i, o)
  }

  private func triple(_ a: Int, _ p: Int, _ q: Int, _ r: Int, _ b: Int, _ s: Int) -> (value: Double, bound: Double) {
    let (three, one) = (lines[a][LineProducts.place(p, q, r)]!, lines[b][s]!)
    return relative(three.expectation(one, correlation: correlation(a, b).c), three.norm * one.norm)
  }

  /// Of sums of some hundred terms whose weights e^(−u²/2) have rounding of u²/2 parts in 1e16, relative to the norms of their factors.
  private static let rounding = 1e-13

  /// A value with its bound relative to the product of its factors' norms.
  private func relative(_ result: (value: Double, bound: Double), _ norm: Double) -> (value: Double, bound: Double) {
    (result.value, norm > 0 ? result.bound / norm + Self.rounding : 0)
  }

  /// Two factors at input a, one at b, one at c.
  private func double(
    _ a: Int, _ p: Int, _ q: Int, _ b: Int, _ r: Int, _ c: Int, _ s: Int
  ) -> (value: Double, bound: Double) {
    let pair = lines[a][LineProducts.place(p, q)]!
    if b == c {
      let other = lines[b][LineProducts.place(r, s)]!
      return relative(pair.expectation(other, correlation: correlation(a, b).c), pair.norm * other.norm)
    }
    let (x, y) = b > c ? (b, c) : (c, b)
    let plane = plane(b, r, c, s)
    let (along, across) = coordinates(of: a, inPlane: x, y)
    return relative(plane.expectation(pair, along, across, tolerance: tolerance), plane.norm * pair.norm)
  }

  /// The plane function σ^(p)_aσ^(q)_b in the frame of the larger number first.
  private func plane(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> PlaneFunction {
    a > b
      ? planes[a * (a - 1) / 2 + b][PlaneProducts.place(p, q)]!
      : planes[b * (b - 1) / 2 + a][PlaneProducts.place(q, p)]!
  }

  /// ⟨z_i x⟩ and ⟨z_i y⟩ in units of √k_ii, with the orthonormal axes x ∝ z_a and y of the plane of a > b.
  ///
  /// For 1 − c² below 1e-14 the second axis is rounding, and the plane's functions do not feel it: it is dropped.
  @inline(__always)
  private func coordinates(of i: Int, inPlane a: Int, _ b: Int) -> (Double, Double) {
    let along = i == a ? 1 : correlation(i, a).c
    let (c, s) = correlation(a, b)
    guard s > 1e-7 else { return (along, 0) }
    return (along, ((i == b ? 1 : correlation(i, b).c) - c * along) / s)
  }

  private func distinct(
    _ i: (Int, Int, Int, Int), _ o: (Int, Int, Int, Int)
  ) -> (value: Double, bound: Double) {
    // The least correlated of the three splits converges first.
    let splits = [
      cross((i.0, i.1), (i.2, i.3)), cross((i.0, i.2), (i.1, i.3)), cross((i.0, i.3), (i.1, i.2)),
    ]
    let sizes = splits.map { $0.0 * $0.0 + $0.1 * $0.1 + $0.2 * $0.2 + $0.3 * $0.3 }
    let best = sizes[0] <= sizes[1] ? (sizes[0] <= sizes[2] ? 0 : 2) : (sizes[1] <= sizes[2] ? 1 : 2)
    let (first, second) =
      switch best {
      case 0: (plane(i.0, o.0, i.1, o.1), plane(i.2, o.2, i.3, o.3))
      case 1: (plane(i.0, o.0, i.2, o.2), plane(i.1, o.1, i.3, o.3))
      default: (plane(i.0, o.0, i.3, o.3), plane(i.1, o.1, i.2, o.2))
      }
    return relative(first.expectation(second, splits[best], tolerance: tolerance), first.norm * second.norm)
  }

  /// The cross covariance of the orthonormal axes of two planes.
  @inline(__always)
  private func cross(_ first: (Int, Int), _ second: (Int, Int)) -> (Double, Double, Double, Double) {
    let (a, b) = first.0 > first.1 ? first : (first.1, first.0)
    let (x, y) = second.0 > second.1 ? second : (second.1, second.0)
    let ofA = coordinates(of: a, inPlane: x, y)
    let ofB = coordinates(of: b, inPlane: x, y)
    let (c, s) = correlation(a, b)
    guard s > 1e-7 else { return (ofA.0, ofA.1, 0, 0) }
    return (ofA.0, ofA.1, (ofB.0 - c * ofA.0) / s, (ofB.1 - c * ofA.1) / s)
  }
}
