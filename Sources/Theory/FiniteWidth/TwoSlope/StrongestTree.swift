/// Four variables in the order in which Prim's algorithm reaches them along their strongest correlations |ρ|, with signs
/// that make the correlations along the tree positive.
///
/// The first two are the strongest pair, and the last one is the variable whose tie to the others is weakest, unless it has
/// a close partner itself.
struct StrongestTree {
  /// The original places of the ordered variables.
  let places: (Int, Int, Int, Int)
  /// The parents, by order, of the variables 2 and 3; the parent of 1 is 0.
  let secondParent: Int
  let thirdParent: Int
  /// The signs of the variables 1, 2 and 3; that of 0 is +1.
  let sign1: Double
  let sign2: Double
  let sign3: Double
  /// The pairs 01, 02, 03, 12, 13, 23 of the ordered, flipped variables.
  let pairs: (SignedPair, SignedPair, SignedPair, SignedPair, SignedPair, SignedPair)

  init(_ pairs: UnsafePointer<CorrelatedPair>, stride: Int, _ i: Int, _ j: Int, _ k: Int, _ l: Int) {
    @inline(__always) func distance(_ first: Int, _ second: Int) -> Double { pairs[first &* stride &+ second].distance }
    let (ij, ik, il) = (distance(i, j), distance(i, k), distance(i, l))
    let (jk, jl, kl) = (distance(j, k), distance(j, l), distance(k, l))
    // (place, input) of the variables: a and b are the closest pair.
    var (a, b, c, d) = ((0, i), (1, j), (2, k), (3, l))
    var (ca, cb, da, db) = (ik, jk, il, jl)
    var (closest, cd) = (ij, kl)
    if ik < closest {
      (a, b, c, d, closest) = ((0, i), (2, k), (1, j), (3, l), ik)
      (ca, cb, da, db, cd) = (ij, jk, il, kl, jl)
    }
    if il < closest {
      (a, b, c, d, closest) = ((0, i), (3, l), (1, j), (2, k), il)
      (ca, cb, da, db, cd) = (ij, jl, ik, kl, jk)
    }
    if jk < closest {
      (a, b, c, d, closest) = ((1, j), (2, k), (0, i), (3, l), jk)
      (ca, cb, da, db, cd) = (ij, ik, jl, kl, il)
    }
    if jl < closest {
      (a, b, c, d, closest) = ((1, j), (3, l), (0, i), (2, k), jl)
      (ca, cb, da, db, cd) = (ij, il, jk, kl, ik)
    }
    if kl < closest {
      (a, b, c, d) = ((2, k), (3, l), (0, i), (1, j))
      (ca, cb, da, db, cd) = (ik, il, jk, jl, ij)
    }
    if min(da, db) < min(ca, cb) {
      (c, d) = (d, c)
      (ca, cb, da, db) = (da, db, ca, cb)
    }
    secondParent = ca <= cb ? 0 : 1
    thirdParent = cd < min(da, db) ? 2 : da <= db ? 0 : 1
    places = (a.0, b.0, c.0, d.0)

    let p01 = pairs[a.1 &* stride &+ b.1]
    let (p02, p12) = (pairs[a.1 &* stride &+ c.1], pairs[b.1 &* stride &+ c.1])
    let (p03, p13, p23) = (
      pairs[a.1 &* stride &+ d.1], pairs[b.1 &* stride &+ d.1], pairs[c.1 &* stride &+ d.1]
    )
    let s1 = p01.sign
    let s2 = secondParent == 0 ? p02.sign : s1 * p12.sign
    let s3 = thirdParent == 0 ? p03.sign : thirdParent == 1 ? s1 * p13.sign : s2 * p23.sign
    (sign1, sign2, sign3) = (s1, s2, s3)
    self.pairs = (
      SignedPair(p01, s1), SignedPair(p02, s2), SignedPair(p03, s3), SignedPair(p12, s1 * s2),
      SignedPair(p13, s1 * s3), SignedPair(p23, s2 * s3)
    )
  }
}

/// A pair after a change of sign of one of its variables.
struct SignedPair {
  let minus: Double
  let correlation: Double
  let residual: Double
  let angle: Double

  @inline(__always)
  init(_ pair: CorrelatedPair, _ sign: Double) {
    minus = sign < 0 ? pair.plus : pair.minus
    correlation = sign * pair.correlation
    residual = pair.residual
    angle = sign * pair.angle
  }
}
