import OrreryTensors

/// One contribution's source in dM_δ/dt = −Θ_δa M_a − J_δ, as a sum of iterated integrals, J_δ(t) = Σ_k c_δk E_k(t).
struct TrainingSource: Sendable {
  let contribution: FiniteWidthContribution
  /// E_k.
  let integrals: [IteratedExponential]
  /// c: row δ · outputs + i, column k; δ is a mode, or a test sample after them.
  let coefficients: Matrix<Double>
}

/// The four sources, in the eigenbasis of Θ on the training samples.
///
/// With G = e^(−Θt), ε̄ = −Gy and C(t, s) = G(t)KG(s) on training samples, m outputs i, and repeated indices summed:
///
///     J^H1 = H1_δa ε̄_ia(t)
///     J^AB = −∫ds [A_(δa)(bc) + B_δbac + m B_δcab] G_ab(t − s) ε̄_ic(s)
///     J^d  = −∫ds [𝒟_δab|b ε̄_ia(t) G_b(s) + 𝒟′_δab|a G_a(t) ε̄_ib(s)]                  (in modes, where G is diagonal)
///     J^dd = ∫ds ∫du X_δ;ijkl;abc E[ε_ja(t) ε_kb(s) ε_lc(u)],                             0 ≤ u ≤ s ≤ t
///
/// 𝒟 and 𝒟′ come from E[(dĤ_ijk;δab + dĤ_jik;aδb) z_c], with z's output that of ε_kb and of ε_ja:
///
///     𝒟_δab|c  = P_δabc + m Q_δabc + Q_δbac + P_aδbc + m Q_aδbc + Q_abδc
///     𝒟′_δab|c = P_δabc + Q_δabc + m Q_δbac + m P_aδbc + Q_aδbc + Q_abδc
///
/// and X = X1 δ_ijδ_kl + X2 δ_ikδ_jl + X3 δ_ilδ_jk from E[ddĤ]:
///
///     X1_δabc = R_δabc + S_δabc + T_δabc + R_aδbc + S_aδbc + T_aδbc
///     X2_δabc = R_δbac + S_δbac + T_δbac + R_acδb + U_acδb + U_acbδ
///     X3_δabc = R_δcab + U_δcab + U_δcba + R_abδc + T_abδc + S_abδc
struct TrainingSources: Sendable {
  let coefficients: TrainingCoefficients
  let sources: [TrainingSource]

  init(tensors: TrainingTensors, dynamics: KernelDynamics) {
    let theta = dynamics.eigenvalues
    let modes = theta.indices
    coefficients = TrainingCoefficients(tensors: tensors, dynamics: dynamics)
    sources = [
      TrainingSource(
        contribution: .tangentKernelMean, integrals: theta.map { IteratedExponential($0) },
        coefficients: coefficients.mean()),
      // The response of mode a at t to a residual e^(−θ_c s) at earlier times.
      TrainingSource(
        contribution: .tangentKernelFluctuation,
        integrals: modes.flatMap { a in modes.map { IteratedExponential(theta[a], theta[$0]) } },
        coefficients: coefficients.fluctuation()),
      // e^(−θ_a t) ∫ e^(−θ_b s) ds.
      TrainingSource(
        contribution: .differential,
        integrals: modes.flatMap { a in modes.map { IteratedExponential(theta[a], theta[a] + theta[$0]) } },
        coefficients: coefficients.differential(tensors.motion.early, tensors.motion.late)),
      // e^(−θ_a t) ∫ e^(−θ_b s) ∫ e^(−θ_c u) du ds.
      TrainingSource(
        contribution: .secondDifferential,
        integrals: modes.flatMap { a in
          modes.flatMap { b in
            modes.map { c in
              IteratedExponential(theta[a], theta[a] + theta[b], theta[a] + theta[b] + theta[c])
            }
          }
        },
        coefficients: coefficients.secondDifferential(tensors.motion.second)),
    ]
  }
}
