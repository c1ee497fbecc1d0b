import OrreryTensors

/// What drives the second moments of one output i, S_xx′ = E ε_ix ε_ix′, at order 1/n, in ``ExtendedModes``.
///
/// From dS_xx′/dt = −Θ_xa S_ax′ − R_xx′ − (x ↔ x′), with R_xx′ = E[(Ĥ(t) − Θ)_ij;xa ε_ja(t) ε_ix′(t)] at order 1/n and modes in
/// which the propagator is diagonal,
///
///     S¹_xx′(t) = e^(−(θ_x + θ_x′)t) G1_xx′ − Z_xx′ − Z_x′x,   Z_xx′ = ∫ e^(−(θ_x + θ_x′)(t − τ)) R_xx′(τ) dτ.
///
/// With Y_ab = y_ia y_ib + K_ab, Ȳ_ab = Σ_j y_ja y_jb + m K_ab, E = e^(−θ_x′t) E[θ_x, …], a, b, c training modes, the terms of Z are
///
///     H1     H1_xa Y_ax′                                               E[θ_a]
///     D, F   D_ax′(xa) + F_axx′a + m F_aax′x                           E[θ_a]
///     A, B   −(A + B + mB)_xaac Y_cx′                                  E[θ_a, θ_c]
///            −[(A_(xa)(x′c) + B_xcax′) Y_ca + B_xx′ac Ȳ_ca]            without e^(−θ_x′t), E[θ_x + θ_x′, θ_a + θ_x′, θ_a + θ_c]
///     P, Q   −[𝒟_xab|b Y_ax′ + 𝒟′_xab|a Y_bx′ + 𝒩_xab|x′ Y_ab + 𝒩̄_xab|x′ Ȳ_ab]        E[θ_a, θ_a + θ_b]
///     R … U  Σ_X X_xabc ⟨abcx′⟩_X                                      E[θ_a, θ_a + θ_b, θ_a + θ_b + θ_c]
///
/// with 𝒩_xab|f = Q_xabf + Q_axbf + Q_xbaf + P_axbf, 𝒩̄_xab|f = P_xabf + Q_abxf, Z(ab|cd) = Y_abY_cd − y_ay_by_cy_d, and
///
///     ⟨abcd⟩_1 = Y_ad Ȳ_bc + Z(ab|cd) + Z(ac|bd),  ⟨⟩_2 = Y_bd Ȳ_ac + Z(ba|cd) + Z(bc|ad),  ⟨⟩_3 = Y_cd Ȳ_ab + Z(ca|bd) + Z(cb|ad).
///
/// The expectations of four ε are those of Gaussians: V, their fourth cumulant, would multiply a tensor that is of order 1/n itself.
struct CovarianceSources: Sendable {
  let tensors: CovarianceTensors
  let modes: ExtendedModes
  /// K in extended modes.
  private let kernel: Matrix<Double>
  /// y_ix: [x][i].
  private let targets: [[Double]]
  private let train: Int

  init(tensors: CovarianceTensors, modes: ExtendedModes, kernel: Matrix<Double>, targets: Matrix<Double>) {
    self.tensors = tensors
    self.modes = modes
    self.kernel = modes.rotated(kernel)
    train = targets.rows
    let count = kernel.rows
    var padded = Matrix<Double>(rows: count, columns: targets.columns)
    for row in 0..<train { for column in 0..<targets.columns { padded[row, column] = targets[row, column] } }
    let rotated = modes.transform.product(padded)
    self.targets = (0..<count).map { rotated.row($0) }
  }

  private var count: Int { modes.exponents.count }
  private var theta: [Double] { modes.exponents }

  /// S¹ of one output by contribution: (N + M, N + M), in extended modes.
  func secondMoments(output: Int, time: Double) -> [FiniteWidthContribution: Matrix<Double>] {
    let decay = theta.map { ModeDecay($0, at: time) }
    var start = tensors.kernel
    for x in 0..<count { for y in 0..<count { start[x, y] *= decay[x].factor * decay[y].factor } }
    let moments = ResidualMoments(kernel: kernel, targets: targets, output: output)
    return [
      .kernelMean: start,
      .tangentKernelMean: symmetric(decay, time, singles) { x, other, k in
        tensors.mean[x, k] * moments.own(k, other)
      },
      .kernelCorrelation: symmetric(decay, time, singles) { x, other, k in tensors.correlation[x, k, k, other] },
      .tangentKernelFluctuation: fluctuation(decay, time, moments),
      .differential: symmetric(decay, time, doubles) { x, other, k in
        let (a, b) = (k / train, k % train)
        let linked =
          tensors.motion.early[x, a, b, b] * moments.own(a, other)
          + tensors.motion.late[x, a, b, a] * moments.own(b, other)
        return -linked - tensors.moved.own[x, a, b, other] * moments.own(a, b)
          - tensors.moved.traced[x, a, b, other] * moments.traced(a, b)
      },
      .secondDifferential: symmetric(decay, time, triples) { x, other, k in
        let (a, b, c) = (k / (train * train), k / train % train, k % train)
        return tensors.motion.second.0[x, a, b, c] * moments.four(a, b, c, other)
          + tensors.motion.second.1[x, a, b, c] * moments.four(b, a, c, other)
          + tensors.motion.second.2[x, a, b, c] * moments.four(c, a, b, other)
      },
    ]
  }

  private var singles: [IteratedExponential] { (0..<train).map { IteratedExponential(theta[$0]) } }
  private var doubles: [IteratedExponential] {
    (0..<train * train).map { IteratedExponential(theta[$0 / train], theta[$0 / train] + theta[$0 % train]) }
  }
  private var triples: [IteratedExponential] {
    (0..<train * train * train).map { k in
      let (a, b, c) = (theta[k / (train * train)], theta[k / train % train], theta[k % train])
      return IteratedExponential(a, a + b, a + b + c)
    }
  }

  /// −(Z + Zᵀ) with Z_xx′ = e^(−θ_x′t) Σ_k c_xx′k E[θ_x, k].
  private func symmetric(
    _ decay: [ModeDecay], _ time: Double, _ integrals: [IteratedExponential],
    _ coefficient: (_ x: Int, _ other: Int, _ k: Int) -> Double
  ) -> Matrix<Double> {
    var result = Matrix<Double>(rows: count, columns: count)
    for x in 0..<count {
      let values = integrals.map { $0.inserting(theta[x]).finite(at: time) }
      for other in 0..<count where decay[other].factor > 0 {
        let sum = values.indices.reduce(0.0) { sum, k in
          values[k] == 0 ? sum : sum + coefficient(x, other, k) * values[k]
        }
        result[x, other] -= sum * decay[other].factor
        result[other, x] -= sum * decay[other].factor
      }
    }
    return result
  }

  private func fluctuation(_ decay: [ModeDecay], _ time: Double, _ moments: ResidualMoments) -> Matrix<Double> {
    let chained = (0..<train * train).map { IteratedExponential(theta[$0 / train], theta[$0 % train]) }
    var result = symmetric(decay, time, chained) { x, other, k in
      let (a, c) = (k / train, k % train)
      return -tensors.motion.fluctuation[x, a, a, c] * moments.own(c, other)
    }
    for x in 0..<count {
      for other in 0..<count {
        var sum = 0.0
        for a in 0..<train {
          for c in 0..<train {
            let value = IteratedExponential(theta[x] + theta[other], theta[a] + theta[other], theta[a] + theta[c])
              .finite(at: time)
            guard value != 0 else { continue }
            let coefficient =
              tensors.pair.own[x, a, other, c] * moments.own(c, a)
              + tensors.pair.traced[x, a, other, c] * moments.traced(c, a)
            sum += coefficient * value
          }
        }
        result[x, other] += sum
        result[other, x] += sum
      }
    }
    return result
  }
}

/// e^(−θt), also at t = ∞.
private struct ModeDecay {
  let factor: Double

  init(_ exponent: Double, at time: Double) {
    factor = exponent == 0 ? 1 : IteratedExponential(exponent).finite(at: time)
  }
}

/// Second and fourth moments of one output's residuals at the start, of extended modes.
private struct ResidualMoments {
  let kernel: Matrix<Double>
  let targets: [[Double]]
  let output: Int

  /// Y.
  func own(_ a: Int, _ b: Int) -> Double { targets[a][output] * targets[b][output] + kernel[a, b] }

  /// Ȳ.
  func traced(_ a: Int, _ b: Int) -> Double {
    let m = Double(targets[a].count)
    return zip(targets[a], targets[b]).reduce(m * kernel[a, b]) { $0 + $1.0 * $1.1 }
  }

  /// ⟨abcd⟩_1.
  func four(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double {
    own(a, d) * traced(b, c) + linked(a, b, c, d) + linked(a, c, b, d)
  }

  /// Z(ab|cd), from products that do not cancel.
  private func linked(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double {
    let (ya, yb, yc, yd) = (targets[a][output], targets[b][output], targets[c][output], targets[d][output])
    return ya * yb * kernel[c, d] + kernel[a, b] * (yc * yd + kernel[c, d])
  }
}
