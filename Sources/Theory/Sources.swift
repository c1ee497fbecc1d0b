import OrreryFindings

/// The laws and methods behind Theory's numbers, each under the key that reports link to.
///
/// PDLT is Roberts, Yaida and Hanin, *The Principles of Deep Learning Theory*, arXiv:2106.10165.
extension Source {
  /// K^(ℓ+1) = C_b + C_W ⟨σσ⟩.
  public static let kernelRecursion = Source(
    key: "kernel-recursion", title: "kernel recursion",
    statement: "K^(ℓ+1) = C_b + C_W ⟨σσ⟩ over K^(ℓ); exact at infinite width",
    citation: "Roberts, Yaida, Hanin 2021, chapter 4; Poole et al. 2016", link: "https://arxiv.org/abs/2106.10165")

  /// The map of two inputs' correlation through a layer.
  public static let correlationMap = Source(
    key: "correlation-map", title: "correlation map",
    statement: "K_{12}′ = C_b + C_W ⟨σ(z_1)σ(z_2)⟩; near coincidence (1 − c)′ = χ_⊥ (K/K′) (1 − c)",
    citation: "Poole et al. 2016; Schoenholz et al. 2017", link: "https://arxiv.org/abs/1606.05340")

  /// Θ^(ℓ+1) = λ_b + λ_W⟨σσ⟩ + C_W⟨σ′σ′⟩Θ^(ℓ).
  public static let neuralTangentKernel = Source(
    key: "neural-tangent-kernel", title: "neural tangent kernel recursion",
    statement: "Θ′ = λ_b + λ_W ⟨σσ⟩ + C_W ⟨σ′σ′⟩ Θ; exact at infinite width",
    citation: "Jacot, Gabriel, Hongler 2018; Roberts, Yaida, Hanin 2021, chapter 9",
    link: "https://arxiv.org/abs/1806.07572")

  /// Training at infinite width.
  public static let kernelDynamics = Source(
    key: "kernel-dynamics", title: "kernel dynamics",
    statement:
      "f(k+1) = f(k) − η h Θ (f − y) with Θ fixed and f(0) of covariance K: E f = (1 − (1 − ηhΘ)^k) y, "
      + "Cov f = (1 − ηhΘ)^k K (1 − ηhΘ)^k on training samples; exact at infinite width",
    citation: "Lee et al. 2019; Roberts, Yaida, Hanin 2021, chapter 10", link: "https://arxiv.org/abs/1902.06720")

  /// The mean square of the loss's gradient with respect to preactivations, from the output to the input.
  public static let backwardRecursion = Source(
    key: "backward-recursion", title: "backward recursion",
    statement: "E (∂L/∂z^(ℓ))^2 = C_W ⟨σ′^2⟩ (n_{ℓ+1}/n_ℓ) E (∂L/∂z^(ℓ+1))^2, with the mean ⟨ ⟩ over K^(ℓ)",
    citation: "Schoenholz, Gilmer, Ganguli, Sohl-Dickstein 2017", link: "https://arxiv.org/abs/1611.01232")

  /// The exact law of preactivations at any width.
  public static let gramChain = Source(
    key: "gram-chain", title: "Gram chain",
    statement:
      "given z^(ℓ), the neurons of z^(ℓ+1) are independent Gaussians of covariance C_b + (C_W/n_ℓ) Σ_j σ(z_j)σ(z_j)",
    citation: "Roberts, Yaida, Hanin 2021, chapter 4; Hanin 2021", link: "https://arxiv.org/abs/2106.10165")

  /// Order 1/n of the NTK and of its differentials.
  public static let tangentKernelStatistics = Source(
    key: "tangent-kernel-statistics", title: "statistics of the NTK",
    statement:
      "H1, A, B, D, F: mean, variance and correlation of the NTK at order 1/n; P, Q, R, S, T, U: its first and second "
      + "differentials, by which training moves it",
    citation: "Roberts, Yaida, Hanin 2021, chapters 8, 11 and ∞", link: "https://arxiv.org/abs/2106.10165")

  /// The response of one layer's kernel to a change of the layer before.
  public static let susceptibility = Source(
    key: "susceptibility", title: "susceptibilities",
    statement: "χ_∥ = C_W d⟨σ^2⟩/dK, χ_⊥ = C_W ⟨σ′^2⟩",
    citation: "Roberts, Yaida, Hanin 2021, chapter 5", link: "https://arxiv.org/abs/2106.10165")

  /// Where a deep network's kernel neither grows nor shrinks exponentially.
  public static let criticality = Source(
    key: "criticality", title: "criticality",
    statement: "χ_∥(K^{★}) = χ_⊥(K^{★}) = 1: ⟨σσ″⟩ = 0, C_W = 1/⟨σ′^2⟩, C_b = K^{★} − C_W ⟨σ^2⟩",
    citation: "Roberts, Yaida, Hanin 2021, chapter 5", link: "https://arxiv.org/abs/2106.10165")

  /// Fixed points of the kernel recursion and their depth scales.
  public static let fixedPoints = Source(
    key: "fixed-points", title: "fixed points and depth scales",
    statement: "K^{★} = C_b + C_W ⟨σ^2⟩ over K^{★}; depth scale ξ = −1/ln χ",
    citation: "Poole et al. 2016; Schoenholz et al. 2017", link: "https://arxiv.org/abs/1611.01232")

  /// The line χ_⊥(K*) = 1 in the plane of C_b and C_W.
  public static let orderChaosLine = Source(
    key: "order-chaos-line", title: "order-chaos line",
    statement: "C_W = 1/⟨σ′^2⟩, C_b = K − ⟨σ^2⟩/⟨σ′^2⟩, along K",
    citation: "Poole et al. 2016; Schoenholz et al. 2017", link: "https://arxiv.org/abs/1606.05340")

  /// The leading variance of the kernel over networks.
  public static let fourPointVertex = Source(
    key: "four-point-vertex", title: "four-point vertex",
    statement: "Var G^(ℓ) = V^(ℓ)/n_{ℓ−1}; V^(ℓ+1) = C_W^2 (⟨σ^4⟩ − ⟨σ^2⟩^2) + (n_ℓ/n_{ℓ−1}) χ_∥^2 V^(ℓ)",
    citation: "Yaida 2020; Roberts, Yaida, Hanin 2021, chapter 4", link: "https://arxiv.org/abs/1910.00019")

  /// Vertices of residual networks.
  public static let residualVertices = Source(
    key: "residual-vertices", title: "vertices of residual networks",
    statement:
      "z' = b + Wσ(z) + γz: E z_i z_j^2 = T_3/n, T_3' = γ[χ T_3 + C_W⟨z σ^2⟩]; V' = χ^2 V + C_W^2 (⟨σ^4⟩ − ⟨σ^2⟩^2) + 2γ^2 C_W(⟨z^2 σ^2⟩ − "
      + "K⟨σ^2⟩) + 2C_W⟨(σ^2)'⟩χ T_3, and alike for every higher Hermite order of σ^2",
    citation: "Roberts, Yaida, Hanin 2021, appendix B; Fischer, Dahmen, Helias 2023",
    link: "https://arxiv.org/abs/2305.07715")

  /// The leading correction of the mean kernel.
  public static let kernelCorrection = Source(
    key: "kernel-correction", title: "kernel correction",
    statement:
      "E G^(ℓ) = K^(ℓ) + G_1^(ℓ)/n_{ℓ−1}; G_1^(ℓ+1) = (n_ℓ/n_{ℓ−1}) (χ_∥ G_1^(ℓ) + ½ C_W V^(ℓ) d^2⟨σ^2⟩/dK^{2})",
    citation: "Yaida 2020; Roberts, Yaida, Hanin 2021, section 4.5", link: "https://arxiv.org/abs/1910.00019")

  /// The third cumulant of the kernel over networks.
  public static let sixPointVertex = Source(
    key: "six-point-vertex", title: "six-point vertex",
    statement: "the third cumulant of G is U_6/n^2, by the law of total cumulance on the Gram chain",
    citation: "Banta, Cai, Craig, Zhang 2023", link: "https://arxiv.org/abs/2305.02334")

  /// The exact moments of a homogeneous network's kernel.
  public static let homogeneousMoments = Source(
    key: "homogeneous-moments", title: "exact moments of homogeneous networks",
    statement: "Var G/K^2 = Π_ℓ (1 + (3c − 1)/n_ℓ) − 1 with c = A_4/A_2^2",
    citation: "Hanin and Nica 2018; Roberts, Yaida, Hanin 2021, chapter 3", link: "https://arxiv.org/abs/1812.05994")

  /// L/n, the expansion parameter of effective theory.
  public static let aspectRatio = Source(
    key: "aspect-ratio", title: "aspect ratio",
    statement: "V/(n K^2) = ν L/n: below 0.03 effectively infinite, above 0.3 strongly coupled (a rule of thumb)",
    citation: "Roberts, Yaida, Hanin 2021, chapter 5 and appendix A", link: "https://arxiv.org/abs/2106.10165")

  /// The depth at which two inputs' difference sinks below rounding.
  public static let floatHorizon = Source(
    key: "float-horizon", title: "rounding horizon",
    statement:
      "|z − z′|/|z| = √(2(1 − c^(ℓ))) falls as χ_⊥^{ℓ/2}; below the accumulated rounding inputs are alike",
    citation: "correlation map with a standard model of rounding (Higham 2002, chapter 2)")

  /// Adam's step where gradients meet its ε.
  public static let adamEpsilon = Source(
    key: "adam-epsilon", title: "Adam's epsilon",
    statement: "a step of η g/(|g| + ε): independent of the gradient's scale until |g| falls to ε",
    citation: "Kingma and Ba 2015", link: "https://arxiv.org/abs/1412.6980")

  /// What a precision can hold, and what a sum loses.
  public static let floatingPointRange = Source(
    key: "floating-point-range", title: "range of floating point",
    statement:
      "numbers above the largest overflow, below the smallest vanish; w − ηg = w where |ηg| < u |w|, u the unit roundoff",
    citation: "IEEE 754-2019; Higham 2002, chapter 2")

  /// How learning rates go with depth so that every layer contributes alike.
  public static let learningRateDepth = Source(
    key: "learning-rate-depth", title: "learning rates and depth",
    statement: "λ_b ∝ ℓ^{−p_⊥} L^{p_⊥−1}, λ_W ∝ ℓ^{p_0−p_⊥} L^{p_⊥−1}",
    citation: "Roberts, Yaida, Hanin 2021, section 9.4", link: "https://arxiv.org/abs/2106.10165")

  /// Every source that Theory's predictions at initialization cite.
  public static let theory: [Source] = [
    .kernelRecursion, .correlationMap, .neuralTangentKernel, .backwardRecursion, .gramChain, .susceptibility,
    .criticality, .fixedPoints, .orderChaosLine, .fourPointVertex, .kernelCorrection, .sixPointVertex,
    .homogeneousMoments, .aspectRatio, .floatHorizon, .adamEpsilon, .floatingPointRange, .learningRateDepth,
    .kernelDynamics, .tangentKernelStatistics, .finiteWidthDynamics,
  ]
}
