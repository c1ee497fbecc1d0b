/// Four unit Gaussian variables no two of which are ± each other, in an order and in coordinates that keep the digits of
/// close ones: the residual angles A_ij and the volume of their covariance.
///
/// - A_ij = asin ρ_kl|ij, the partial correlation of the other two given z_i and z_j, so that Plackett's
///   ∂⟨s₁s₂s₃s₄⟩/∂ρ_ij = ⟨2δ(z_i) 2δ(z_j) s_k s_l⟩ = (4/π²) A_ij/√(1 − ρ_ij²).
/// - With the adjugate P of the correlation matrix R: A_ij = atan(−P_kl / √((1 − ρ_ij²) det R)).
///
/// A determinant of nearly equal unit vectors has no digits left. So the variables are ordered along the tree of the
/// strongest |ρ| (Prim), flipped in sign until that tree's correlations are positive, and replaced by z₀ and the differences
/// z_a − z_parent(a), whose covariances are sums of 1 − ρ. A pivoted Cholesky factor L of the three differences' covariance
/// given z₀ then yields the adjugate as inner products of three cross products of its rows. P and det R therefore belong
/// to one positive semidefinite matrix, to all digits: where R is singular (inputs in a plane, or in three dimensions) single
/// angles are arbitrary, but not the moments, which are sums over angles of one matrix. Without that property rounding
/// would enter as its square root.
struct FourSignGeometry {
  /// A_ij at the place of the pair (i, j) of the *original* variables, with their signs: 01, 02, 03, 12, 13, 23.
  let angles: SIMD8<Double>
  /// √det R.
  let volume: Double
  /// det of the correlations of the first three variables of the order.
  let baseDeterminant: Double
  /// s₁s₂s₃s₄ = `sign` × that of the ordered, flipped variables.
  let sign: Double
  /// The pairs of the last variable of the order with the first three.
  let legs: (SignLeg, SignLeg, SignLeg)

  /// The place of a pair in `angles`.
  @inline(__always)
  static func place(_ i: Int, _ j: Int) -> Int {
    let (low, high) = i < j ? (i, j) : (j, i)
    return low == 0 ? high &- 1 : low &+ high
  }

  /// - Parameters:
  ///   - pairs: all pairs of a table of `stride` inputs.
  ///   - i, j, k, l: the inputs.
  init(_ pairs: UnsafePointer<CorrelatedPair>, stride: Int, _ i: Int, _ j: Int, _ k: Int, _ l: Int) {
    let order = StrongestTree(pairs, stride: stride, i, j, k, l)
    let tree = order.pairs
    let (u01, u02, u03) = (tree.0.minus, tree.1.minus, tree.2.minus)
    let (u12, u13, u23) = (tree.3.minus, tree.4.minus, tree.5.minus)
    let (second, third) = (order.secondParent, order.thirdParent)

    // ⟨z₀(z_a − z_parent)⟩ and the differences' covariances given z₀, from ⟨(z_a − z_b)(z_c − z_d)⟩ = u_ad + u_bc − u_ac − u_bd.
    let m1 = -u01
    let m2 = (second == 0 ? 0 : u01) - u02
    let m3 = (third == 0 ? 0 : third == 1 ? u01 : u02) - u03
    let length2 = second == 0 ? u02 : u12
    let length3 = third == 0 ? u03 : third == 1 ? u13 : u23
    let h11 = 2 * u01 - m1 * m1
    let h22 = 2 * length2 - m2 * m2
    let h33 = 2 * length3 - m3 * m3
    let h12 = (second == 0 ? u01 + u02 - u12 : u02 - u12 - u01) - m1 * m2
    let h13 = (third == 0 ? u01 + u03 - u13 : third == 1 ? u03 - u13 - u01 : u12 + u03 - u13 - u02) - m1 * m3
    let h23: Double
    if second == 0 {
      h23 = (third == 0 ? u02 + u03 - u23 : third == 1 ? u12 + u03 - u23 - u01 : u03 - u23 - u02) - m2 * m3
    } else {
      h23 = (third == 0 ? u02 + u13 - u23 - u01 : third == 1 ? u12 + u13 - u23 : u13 - u23 - u12) - m2 * m3
    }

    // Rows (a, 0, 0), (b, c, 0), (d, e, f) of L, the second pivot being the larger residual on the scale of its difference.
    let a = h11.squareRoot()
    let (l2, l3) = (h12 / a, h13 / a)
    let (rest2, rest3, rest23) = (h22 - l2 * l2, h33 - l3 * l3, h23 - l2 * l3)
    let isInOrder = rest2 * length3 >= rest3 * length2
    let (b, d) = isInOrder ? (l2, l3) : (l3, l2)
    let c = max(isInOrder ? rest2 : rest3, Self.smallestPivot).squareRoot()
    let bound = max(isInOrder ? rest3 : rest2, 0)
    let e = max(-bound.squareRoot(), min(bound.squareRoot(), rest23 / c))
    let f = max(bound - e * e, 0).squareRoot()

    let x1 = SIMD4(c * f, -b * f, b * e - c * d, 0)
    let pivot = SIMD4(0, a * f, -a * e, 0)
    let last = SIMD4(0, 0, a * c, 0)
    let (x2, x3) = isInOrder ? (pivot, last) : (last, pivot)
    var v0 = -(1 + m1) * x1 - m2 * x2 - m3 * x3
    var v1 = x1
    var v2 = x2
    if second == 0 { v0 -= x2 } else { v1 -= x2 }
    if third == 0 { v0 -= x3 } else if third == 1 { v1 -= x3 } else { v2 -= x3 }

    // −P_kl for the pairs 01, 02, 03, 12, 13, 23 of the *others* of each.
    let (n01, n02, n03) = (-(v2 * x3).sum(), -(v1 * x3).sum(), -(v1 * v2).sum())
    let (n12, n13, n23) = (-(v0 * x3).sum(), -(v0 * v2).sum(), -(v0 * v1).sum())
    let volume = a * c * f
    let height = max(volume, SignLeg.smallestVolume)
    let first = arcTangent(
      SIMD4(n01, n02, n03, n12),
      over: height * SIMD4(tree.0.residual, tree.1.residual, tree.2.residual, tree.3.residual))
    let rest = arcTangent(SIMD4(n13, n23, 0, 0), over: height * SIMD4(tree.4.residual, tree.5.residual, 1, 1))

    self.volume = volume
    baseDeterminant = (x3 * x3).sum()
    sign = order.sign1 * order.sign2 * order.sign3
    legs = (
      SignLeg(tree.2, start: u01 + u02 - u12 - u01 * u02, end: n03, endAngle: first[2]),
      SignLeg(tree.4, start: u01 + u12 - u02 - u01 * u12, end: n13, endAngle: rest[0]),
      SignLeg(tree.5, start: u02 + u12 - u01 - u02 * u12, end: n23, endAngle: rest[1])
    )
    var angles = SIMD8<Double>.zero
    let (p0, p1, p2, p3) = order.places
    angles[Self.place(p0, p1)] = order.sign2 * order.sign3 * first[0]
    angles[Self.place(p0, p2)] = order.sign1 * order.sign3 * first[1]
    angles[Self.place(p0, p3)] = order.sign1 * order.sign2 * first[2]
    angles[Self.place(p1, p2)] = order.sign3 * first[3]
    angles[Self.place(p1, p3)] = order.sign2 * rest[0]
    angles[Self.place(p2, p3)] = order.sign1 * rest[1]
    self.angles = angles
  }

  /// In place of a pivot that is 0 or less by rounding: its direction counts, its size does not.
  private static let smallestPivot = 0x1p-200
}
