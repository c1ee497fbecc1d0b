/// The sums of P, Q and of R, S, T, U that enter training, at samples x, a, b, c, by the pattern of outputs.
///
/// E ddĤ contracted with ε_ja ε_kb ε_lc is X1 δ_ijδ_kl + X2 δ_ikδ_jl + X3 δ_ilδ_jk: x's output i is ε_a's, ε_b's or ε_c's, and the other
/// two residuals share one.
struct DifferentialCombinations: Sendable {
  /// What of the second differentials is summed.
  enum Part: Sendable {
    /// ddĤ_I;xabc + ddĤ_II;xabc + ddĤ_II;xbac + (x ↔ a): d/dt of dĤ_xab + dĤ_axb.
    case motion
    /// ddĤ_I;xabc + ddĤ_I;axbc + 2 ddĤ_II;xabc: the second derivative of Ĥ_xa along two steps.
    case tangentKernel
    /// ddĤ_I;xabc + ddĤ_II;xabc + ddĤ_II;xbac: d/dt of dĤ_xab.
    case differential
    /// ddĤ_I;xabc: the third derivative of z_x along three steps.
    case output
  }

  private let d: DifferentialTensors
  /// The number of outputs.
  private let m: Double

  init(_ d: DifferentialTensors, outputs: Int) {
    self.d = d
    m = Double(outputs)
  }

  /// 𝒟 = 𝒟_own + (x ↔ a): E[(dĤ_ijk;xab + dĤ_jik;axb) z_c], z's output being k, summed over it.
  func early(_ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    ownEarly(x, a, b, c) + d.p[a, x, b, c] + m * d.q[a, x, b, c] + d.q[a, b, x, c]
  }

  /// 𝒟′, z's output being j.
  func late(_ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    ownLate(x, a, b, c) + m * d.p[a, x, b, c] + d.q[a, x, b, c] + d.q[a, b, x, c]
  }

  /// E[dĤ_ijk;xab z_c], z's output being k, and being j.
  func ownEarly(_ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    d.p[x, a, b, c] + m * d.q[x, a, b, c] + d.q[x, b, a, c]
  }

  func ownLate(_ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    d.p[x, a, b, c] + d.q[x, a, b, c] + m * d.q[x, b, a, c]
  }

  /// X1, of δ_ijδ_kl: output i is that of ε_a.
  func sharedWithA(_ part: Part, _ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    switch part {
    case .motion:
      sharedWithA(.differential, x, a, b, c) + d.r[a, x, b, c] + d.s[a, x, b, c] + d.t[a, x, b, c]
    case .tangentKernel: d.r[x, a, b, c] + d.r[a, x, b, c] + 2 * d.s[x, a, b, c]
    case .differential: d.r[x, a, b, c] + d.s[x, a, b, c] + d.t[x, a, b, c]
    case .output: d.r[x, a, b, c]
    }
  }

  /// X2, of δ_ikδ_jl: output i is that of ε_b.
  func sharedWithB(_ part: Part, _ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    switch part {
    case .motion:
      sharedWithB(.differential, x, a, b, c) + d.r[a, c, x, b] + d.u[a, c, x, b] + d.u[a, c, b, x]
    case .tangentKernel: d.r[x, b, a, c] + d.r[a, c, x, b] + 2 * d.t[x, b, a, c]
    case .differential: d.r[x, b, a, c] + d.s[x, b, a, c] + d.t[x, b, a, c]
    case .output: d.r[x, b, a, c]
    }
  }

  /// X3, of δ_ilδ_jk: output i is that of ε_c.
  func sharedWithC(_ part: Part, _ x: Int, _ a: Int, _ b: Int, _ c: Int) -> Double {
    switch part {
    case .motion:
      sharedWithC(.differential, x, a, b, c) + d.r[a, b, x, c] + d.t[a, b, x, c] + d.s[a, b, x, c]
    case .tangentKernel: d.r[x, c, a, b] + d.r[a, b, x, c] + 2 * d.u[x, c, a, b]
    case .differential: d.r[x, c, a, b] + d.u[x, c, a, b] + d.u[x, c, b, a]
    case .output: d.r[x, c, a, b]
    }
  }
}
