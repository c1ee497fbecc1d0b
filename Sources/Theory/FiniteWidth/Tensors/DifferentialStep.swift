import OrreryTensors

/// The recursions of the NTK's differentials at order 1/n: P, Q of the dNTK and R, S, T, U of the ddNTK (PDLT chapters 11 and ∞).
///
/// With ω_12 = λ_Wσ′_1σ_2 + C_WΘ_12σ″_1σ′_2, ω⁽²⁾_12 = λ_Wσ″_1σ_2 + C_WΘ_12σ‴_1σ′_2, π_12 = C_W⟨σ′_1σ′_2⟩:
///
///     P′_0123 = C_W²⟨σ″_0σ′_1σ′_2σ_3⟩Θ_01Θ_02 + ρC_W²⟨σ′_1σ′_2⟩[⟨σ″_0σ_3⟩B_0012 + Σ_(a∈{0,3})⟨∂_a(σ′_0σ_3)⟩P_012a]
///     Q′_0123 = C_W⟨ω_01σ′_2σ_3⟩Θ_02 + ρ[C_W Σ_(a∈{0,1}, b∈{2,3})⟨∂_aω_01⟩⟨∂_b(σ′_2σ_3)⟩F_a0b2
///               + C_W²⟨σ′_0σ′_1⟩Σ_b⟨∂_b(σ′_2σ_3)⟩Q_012b]
///     R′_0123 = C_W⟨ω⁽²⁾_01σ′_2σ′_3⟩Θ_02Θ_03 + ρπ_23{⟨ω⁽²⁾_01⟩B_0023 + Σ_(a∈{0,1})⟨∂_aω_01⟩P_023a + π_01R_0123}
///     S′_1234 = C_W²⟨σ″_1σ″_2σ′_3σ′_4⟩Θ_12Θ_13Θ_24 + λ_WC_W⟨σ′_1σ′_2σ′_3σ′_4⟩Θ_13Θ_24
///               + ρπ_34{[λ_W⟨σ′_1σ′_2⟩ + C_WΘ_12⟨σ″_1σ″_2⟩]B_1234 + π_12S_1234}
///     T′_1324 = ⟨ω_13ω_24⟩Θ_12 + ρ{Σ_ab⟨∂_aω_13⟩⟨∂_bω_24⟩F_a1b2 + π_13Σ_b⟨∂_bω_24⟩Q_132b
///               + π_24Σ_a⟨∂_aω_13⟩Q_241a + π_13π_24T_1324}
///     U′_1423 = C_W²⟨σ″_1σ″_2σ′_3σ′_4⟩Θ_12Θ_13Θ_24 + ρπ_14π_23U_1423
struct DifferentialStep<Expectations: LayerExpectations>: Sendable {
  private let tangents: TangentKernelStep<Expectations>
  private let differentials: DifferentialTensors
  private let terms: DifferentialMoments
  /// ⟨∂(σ_ασ′_β)⟩ and ⟨∂ω_αβ⟩ at α · M + β.
  private let mixedSlopes: [PairSlope]
  private let gradientSlopes: [PairSlope]

  init(tangents: TangentKernelStep<Expectations>, differentials: DifferentialTensors, terms: DifferentialMoments) {
    self.tangents = tangents
    self.differentials = differentials
    self.terms = terms
    let (m, step) = (tangents.inputs, tangents.step)
    let mixed = tangents.mixedSlopes
    mixedSlopes = mixed
    gradientSlopes = (0..<m * m).map { place in
      let (a, b) = (place / m, place % m)
      // ⟨σ′_aσ_b⟩ is ⟨σ_bσ′_a⟩ with its inputs exchanged.
      let product = mixed[b * m + a]
      let curvature = tangents.recursion.expectations.curvatureSlope(a, b)
      let factor = step.weightVariance * tangents.tangent.mean[a, b]
      return a == b
        ? PairSlope(first: step.weightRate * product.first + factor * curvature.first)
        : PairSlope(
          first: step.weightRate * product.second + factor * curvature.first,
          second: step.weightRate * product.first + factor * curvature.second)
    }
  }

  func next() -> DifferentialTensors {
    DifferentialTensors(
      checkedP: nextP(), q: nextQ(), r: nextR(), s: nextS(), t: nextT(), u: nextU())
  }

  private var m: Int { tangents.inputs }
  private var theta: Matrix<Double> { tangents.tangent.mean }
  private var weight: Double { tangents.step.weightVariance }
  private var rate: Double { tangents.step.weightRate }
  private var ratio: Double { tangents.step.ratio }

  private func pi(_ a: Int, _ b: Int) -> Double { tangents.passage[KernelEntry.packedIndex(a, b)] }
  private func curvature(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> Double {
    tangents.recursion.expectations.curvature(a, p, b, q)
  }

  /// ⟨∂_a(σ′_0σ_3)⟩X_0 + ⟨∂_a(σ′_0σ_3)⟩X_3.
  private func alongMixed(_ primed: Int, _ plain: Int, _ tensor: (Int) -> Double) -> Double {
    let slope = mixedSlopes[plain * m + primed]
    return slope.first * tensor(plain) + slope.second * tensor(primed)
  }

  /// Σ_a⟨∂_aω_01⟩X_a, a ∈ {0, 1}.
  private func alongGradient(_ i0: Int, _ i1: Int, _ tensor: (Int) -> Double) -> Double {
    let slope = gradientSlopes[i0 * m + i1]
    return slope.first * tensor(i0) + slope.second * tensor(i1)
  }

  private func nextP() -> FourPointTensor {
    let (p, b, square) = (differentials.p, tangents.tangent.b, weight * weight)
    let bent = (0..<m * m).map { curvature($0 / m, 2, $0 % m, 0) }
    let theta = theta
    return FourPointTensor(inputs: m) { i0, i1, i2, i3 in
      let carried = bent[i0 * m + i3] * b[i0, i0, i1, i2] + alongMixed(i0, i3) { p[i0, i1, i2, $0] }
      return square * terms.oneSecond(i3, i1, i2, i0) * theta[i0, i1] * theta[i0, i2]
        + ratio * weight * pi(i1, i2) * carried
    }
  }

  private func nextQ() -> FourPointTensor {
    let (q, f, mixed, theta) = (differentials.q, tangents.tangent.f, tangents.mixed, theta)
    return FourPointTensor(inputs: m) { i0, i1, i2, i3 in
      let source =
        rate * mixed[i1, i3, i0, i2] + weight * theta[i0, i1] * terms.oneSecond(i3, i1, i2, i0)
      let correlated = alongGradient(i0, i1) { a in alongMixed(i2, i3) { f[a, i0, $0, i2] } }
      let carried = pi(i0, i1) * alongMixed(i2, i3) { q[i0, i1, i2, $0] }
      return weight * (source * theta[i0, i2] + ratio * (correlated + carried))
    }
  }

  private func nextR() -> FourPointTensor {
    let (r, p, b, theta) = (differentials.r, differentials.p, tangents.tangent.b, theta)
    let bent = (0..<m * m).map { place in
      rate * curvature(place / m, 2, place % m, 0)
        + weight * theta[place / m, place % m] * curvature(place / m, 3, place % m, 1)
    }
    return FourPointTensor(inputs: m) { i0, i1, i2, i3 in
      let source =
        rate * terms.oneSecond(i1, i2, i3, i0) + weight * theta[i0, i1] * terms.withThird[i1, i2, i3, i0]
      let carried =
        bent[i0 * m + i1] * b[i0, i0, i2, i3] + alongGradient(i0, i1) { p[i0, i2, i3, $0] }
        + pi(i0, i1) * r[i0, i1, i2, i3]
      return weight * source * theta[i0, i2] * theta[i0, i3] + ratio * pi(i2, i3) * carried
    }
  }

  private func nextS() -> FourPointTensor {
    let (s, b, slopes, theta) = (differentials.s, tangents.tangent.b, tangents.slopes, theta)
    let bent = (0..<m * m).map { place in
      rate * tangents.recursion.moments.slope(place / m, place % m)
        + weight * theta[place / m, place % m] * curvature(place / m, 2, place % m, 2)
    }
    return FourPointTensor(inputs: m) { i1, i2, i3, i4 in
      let source =
        weight * terms.withTwoSeconds[i3, i4, i1, i2] * theta[i1, i2] + rate * slopes[i1, i2, i3, i4]
      let carried = bent[i1 * m + i2] * b[i1, i2, i3, i4] + pi(i1, i2) * s[i1, i2, i3, i4]
      return weight * source * theta[i1, i3] * theta[i2, i4] + ratio * pi(i3, i4) * carried
    }
  }

  private func nextT() -> FourPointTensor {
    let (t, q, f, mixed, theta) = (
      differentials.t, differentials.q, tangents.tangent.f, tangents.mixed, theta
    )
    return FourPointTensor(inputs: m) { i1, i3, i2, i4 in
      let crossed =
        theta[i2, i4] * terms.oneSecond(i3, i1, i4, i2) + theta[i1, i3] * terms.oneSecond(i4, i2, i3, i1)
      let source =
        rate * rate * mixed[i3, i4, i1, i2] + rate * weight * crossed
        + weight * weight * theta[i1, i3] * theta[i2, i4] * terms.withTwoSeconds[i3, i4, i1, i2]
      let correlated = alongGradient(i1, i3) { a in alongGradient(i2, i4) { f[a, i1, $0, i2] } }
      let carried =
        pi(i1, i3) * alongGradient(i2, i4) { q[i1, i3, i2, $0] }
        + pi(i2, i4) * alongGradient(i1, i3) { q[i2, i4, i1, $0] } + pi(i1, i3) * pi(i2, i4) * t[i1, i3, i2, i4]
      return source * theta[i1, i2] + ratio * (correlated + carried)
    }
  }

  private func nextU() -> FourPointTensor {
    let (u, theta, square) = (differentials.u, theta, weight * weight)
    return FourPointTensor(inputs: m) { i1, i4, i2, i3 in
      square * terms.withTwoSeconds[i3, i4, i1, i2] * theta[i1, i2] * theta[i1, i3] * theta[i2, i4]
        + ratio * pi(i1, i4) * pi(i2, i3) * u[i1, i4, i2, i3]
    }
  }
}
