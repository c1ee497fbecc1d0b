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
  let modes: ExtendedModes
  let motion: MotionTensors
  /// K in extended modes.
  private let kernel: Matrix<Double>
  /// y_ix: [x][i].
  private let targets: [[Double]]
  private let train: Int
  /// Of an element of a tensor, relative to the largest that it is added to.
  private let tensorError: Double

  /// S¹ by contribution in extended modes, with a bound on its numerical error.
  struct Moments {
    var contributions: [FiniteWidthContribution: Matrix<Double>]
    var error: Matrix<Double>
  }

  init(motion: MotionTensors, dynamics: KernelDynamics, tensorError: Double) {
    let modes = ExtendedModes(dynamics)
    self.modes = modes
    self.motion = motion.extended(modes.shares)
    self.tensorError = tensorError
    train = dynamics.eigenvalues.count
    let kernels = dynamics.kernels
    kernel = modes.rotated(
      kernels.trainKernel.bordered(cross: kernels.crossKernel, corner: kernels.testKernel))
    var padded = Matrix<Double>(rows: kernel.rows, columns: dynamics.outputs)
    for row in 0..<train {
      for column in 0..<dynamics.outputs { padded[row, column] = dynamics.targets[row, column] }
    }
    let rotated = modes.transform.product(padded)
    targets = (0..<kernel.rows).map { rotated.row($0) }
  }

  private var count: Int { modes.exponents.count }
  private var theta: [Double] { modes.exponents }

  /// S¹ of one output: (N + M, N + M), of those pairs that pieces have.
  func secondMoments(output: Int, time: Double, pieces: [CovariancePiece]) -> Moments {
    let zero = Matrix<Double>(rows: count, columns: count)
    var result = Moments(
      contributions: Dictionary(uniqueKeysWithValues: FiniteWidthContribution.allCases.map { ($0, zero) }), error: zero)
    for piece in pieces { add(piece, output: output, time: time, to: &result) }
    return result
  }

  private func add(_ piece: CovariancePiece, output: Int, time: Double, to result: inout Moments) {
    let decay = theta.map { ModeDecay($0, at: time).factor }
    let moments = ResidualMoments(kernel: kernel, targets: targets, output: output)
    let (tensors, members) = (piece.tensors, piece.tensors.members)
    let sum = CovarianceSum(piece: piece, modes: train, decay: decay, tensorError: tensorError)
    let largest = tensors.kernel.tensor.elements.reduce(0) { max($0, abs($1)) }
    for (place, x) in members.enumerated() {
      for (other, y) in members.enumerated() where piece.takes(place, other, modes: train) {
        result.contributions[.kernelMean]![x, y] = tensors.kernel[place, other] * decay[x] * decay[y]
        result.error[x, y] += tensorError * largest * decay[x] * decay[y]
      }
    }
    /// E of one node of a mode and another one.
    func singles(_ exponent: Double) -> [Double] {
      (0..<train).map { IteratedExponential(theta[$0], exponent).finite(at: time) }
    }
    func chained(_ exponent: Double) -> [Double] {
      (0..<train * train).map {
        IteratedExponential(theta[$0 / train], theta[$0 % train], exponent).finite(at: time)
      }
    }
    func responses(_ first: Double, _ second: Double) -> [Double] {
      (0..<train * train).map { k in
        let (a, c) = (theta[k / train], theta[k % train])
        return IteratedExponential(first + second, a + second, a + c).finite(at: time)
      }
    }
    func doubles(_ exponent: Double) -> [Double] {
      (0..<train * train).map { k in
        let (a, b) = (theta[k / train], theta[k % train])
        return IteratedExponential(a, a + b, exponent).finite(at: time)
      }
    }
    func triples(_ exponent: Double) -> [Double] {
      (0..<train * train * train).map { k in
        let (a, b, c) = (theta[k / (train * train)], theta[k / train % train], theta[k % train])
        return IteratedExponential(a, a + b, a + b + c, exponent).finite(at: time)
      }
    }
    sum.add(.tangentKernelMean, to: &result, exponents: theta, singles) { x, y, k in
      tensors.mean[x, k] * moments.own(k, members[y])
    }
    sum.add(.kernelCorrelation, to: &result, exponents: theta, singles) { x, y, k in tensors.correlation[x, y, k, k] }
    sum.add(.tangentKernelFluctuation, to: &result, exponents: theta, chained) { x, y, k in
      let (a, c) = (k / train, k % train)
      return -motion.fluctuation[members[x], a, a, c] * moments.own(c, members[y])
    }
    sum.addPairs(to: &result, exponents: theta, responses) { x, y, k in
      let (a, c) = (k / train, k % train)
      return tensors.pair.own[x, y, a, c] * moments.own(c, a) + tensors.pair.traced[x, y, a, c] * moments.traced(c, a)
    }
    sum.add(.differential, to: &result, exponents: theta, doubles) { x, y, k in
      let (a, b) = (k / train, k % train)
      let linked =
        motion.early[members[x], a, b, b] * moments.own(a, members[y])
        + motion.late[members[x], a, b, a] * moments.own(b, members[y])
      return -linked - tensors.moved.own[x, y, a, b] * moments.own(a, b)
        - tensors.moved.traced[x, y, a, b] * moments.traced(a, b)
    }
    sum.add(.secondDifferential, to: &result, exponents: theta, triples) { x, y, k in
      let (a, b, c) = (k / (train * train), k / train % train, k % train)
      let (own, other) = (members[x], members[y])
      return motion.second.sharedWithA[own, a, b, c] * moments.four(a, b, c, other)
        + motion.second.sharedWithB[own, a, b, c] * moments.four(b, a, c, other)
        + motion.second.sharedWithC[own, a, b, c] * moments.four(c, a, b, other)
    }
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
