import OrreryFindings

/// The laws and methods behind Theory's numbers, each under the key that reports link to.
extension Source {
  /// K^(ℓ+1) = C_b + C_W ⟨σσ⟩.
  public static let kernelRecursion = Source(
    key: "kernel-recursion", title: "kernel recursion",
    statement: "K^(ℓ+1) = C_b + C_W ⟨σσ⟩ over K^(ℓ); exact at infinite width",
    publications: [.roberts2022principles.at("chapter 4"), .poole2016exponential])

  /// The map of two inputs' correlation through a layer.
  public static let correlationMap = Source(
    key: "correlation-map", title: "correlation map",
    statement: "K_{12}′ = C_b + C_W ⟨σ(z_1)σ(z_2)⟩; near coincidence (1 − c)′ = χ_⊥ (K/K′) (1 − c)",
    publications: [.poole2016exponential, .schoenholz2017deep])

  /// Θ^(ℓ+1) = λ_b + λ_W⟨σσ⟩ + C_W⟨σ′σ′⟩Θ^(ℓ).
  public static let neuralTangentKernel = Source(
    key: "neural-tangent-kernel", title: "neural tangent kernel recursion",
    statement: "Θ′ = λ_b + λ_W ⟨σσ⟩ + C_W ⟨σ′σ′⟩ Θ; exact at infinite width",
    publications: [.jacot2018neural, .roberts2022principles.at("chapter 9")])

  /// Training at infinite width.
  public static let kernelDynamics = Source(
    key: "kernel-dynamics", title: "kernel dynamics",
    statement:
      "f(k+1) = f(k) − η h Θ (f − y) with Θ fixed and f(0) of covariance K: E f = (1 − (1 − ηhΘ)^k) y, "
      + "Cov f = (1 − ηhΘ)^k K (1 − ηhΘ)^k on training samples; exact at infinite width",
    publications: [.lee2019wide, .roberts2022principles.at("chapter 10")])

  /// The mean square of the loss's gradient with respect to preactivations, from the output to the input.
  public static let backwardRecursion = Source(
    key: "backward-recursion", title: "backward recursion",
    statement: "E (∂L/∂z^(ℓ))^2 = C_W ⟨σ′^2⟩ (n_{ℓ+1}/n_ℓ) E (∂L/∂z^(ℓ+1))^2, with the mean ⟨ ⟩ over K^(ℓ)",
    publications: [.schoenholz2017deep])

  /// The exact law of preactivations at any width.
  public static let gramChain = Source(
    key: "gram-chain", title: "Gram chain",
    statement:
      "given z^(ℓ), the neurons of z^(ℓ+1) are independent Gaussians of covariance C_b + (C_W/n_ℓ) Σ_j σ(z_j)σ(z_j)",
    publications: [.roberts2022principles.at("chapter 4"), .hanin2020products, .li2022neural])

  /// Order 1/n of the NTK and of its differentials.
  public static let tangentKernelStatistics = Source(
    key: "tangent-kernel-statistics", title: "statistics of the NTK",
    statement:
      "H1, A, B, D, F: mean, variance and correlation of the NTK at order 1/n; P, Q, R, S, T, U: its first and second "
      + "differentials, by which training moves it",
    publications: [.roberts2022principles.at("chapters 8, 11 and ∞")])

  /// The response of one layer's kernel to a change of the layer before.
  public static let susceptibility = Source(
    key: "susceptibility", title: "susceptibilities",
    statement: "χ_∥ = C_W d⟨σ^2⟩/dK, χ_⊥ = C_W ⟨σ′^2⟩",
    publications: [.roberts2022principles.at("chapter 5")])

  /// Where a deep network's kernel neither grows nor shrinks exponentially.
  public static let criticality = Source(
    key: "criticality", title: "criticality",
    statement: "χ_∥(K^{★}) = χ_⊥(K^{★}) = 1: ⟨σσ″⟩ = 0, C_W = 1/⟨σ′^2⟩, C_b = K^{★} − C_W ⟨σ^2⟩",
    publications: [.roberts2022principles.at("chapter 5")])

  /// Fixed points of the kernel recursion and their depth scales.
  public static let fixedPoints = Source(
    key: "fixed-points", title: "fixed points and depth scales",
    statement: "K^{★} = C_b + C_W ⟨σ^2⟩ over K^{★}; depth scale ξ = −1/ln χ",
    publications: [.poole2016exponential, .schoenholz2017deep])

  /// The line χ_⊥(K*) = 1 in the plane of C_b and C_W.
  public static let orderChaosLine = Source(
    key: "order-chaos-line", title: "order-chaos line",
    statement: "C_W = 1/⟨σ′^2⟩, C_b = K − ⟨σ^2⟩/⟨σ′^2⟩, along K",
    publications: [.poole2016exponential, .schoenholz2017deep])

  /// The leading variance of the kernel over networks.
  public static let fourPointVertex = Source(
    key: "four-point-vertex", title: "four-point vertex",
    statement: "Var G^(ℓ) = V^(ℓ)/n_{ℓ−1}; V^(ℓ+1) = C_W^2 (⟨σ^4⟩ − ⟨σ^2⟩^2) + (n_ℓ/n_{ℓ−1}) χ_∥^2 V^(ℓ)",
    publications: [.yaida2020non, .roberts2022principles.at("chapter 4")])

  /// Vertices of residual networks.
  public static let residualVertices = Source(
    key: "residual-vertices", title: "vertices of residual networks",
    statement:
      "z' = b + Wσ(z) + γz: E z_i z_j^2 = T_3/n, T_3' = γ[χ T_3 + C_W⟨z σ^2⟩]; V' = χ^2 V + C_W^2 (⟨σ^4⟩ − ⟨σ^2⟩^2) + 2γ^2 C_W(⟨z^2 σ^2⟩ − "
      + "K⟨σ^2⟩) + 2C_W⟨(σ^2)'⟩χ T_3, and alike for every higher Hermite order of σ^2",
    publications: [.fischer2023field, .roberts2022principles.at("appendix B")])

  /// The leading correction of the mean kernel.
  public static let kernelCorrection = Source(
    key: "kernel-correction", title: "kernel correction",
    statement:
      "E G^(ℓ) = K^(ℓ) + G_1^(ℓ)/n_{ℓ−1}; G_1^(ℓ+1) = (n_ℓ/n_{ℓ−1}) (χ_∥ G_1^(ℓ) + ½ C_W V^(ℓ) d^2⟨σ^2⟩/dK^{2})",
    publications: [.yaida2020non, .roberts2022principles.at("section 4.5")])

  /// The third cumulant of the kernel over networks.
  public static let sixPointVertex = Source(
    key: "six-point-vertex", title: "six-point vertex",
    statement: "the third cumulant of G is U_6/n^2, by the law of total cumulance on the Gram chain",
    publications: [.banta2024structures])

  /// The exact moments of a homogeneous network's kernel.
  public static let homogeneousMoments = Source(
    key: "homogeneous-moments", title: "exact moments of homogeneous networks",
    statement: "Var G/K^2 = Π_ℓ (1 + (3c − 1)/n_ℓ) − 1 with c = A_4/A_2^2",
    publications: [.hanin2020products, .roberts2022principles.at("chapter 3")])

  /// L/n, the expansion parameter of effective theory.
  public static let aspectRatio = Source(
    key: "aspect-ratio", title: "aspect ratio",
    statement: "V/(n K^2) = ν L/n: below 0.03 effectively infinite, above 0.3 strongly coupled (a rule of thumb)",
    publications: [.roberts2022principles.at("chapter 5 and appendix A")])

  /// The depth at which two inputs' difference sinks below rounding.
  public static let floatHorizon = Source(
    key: "float-horizon", title: "rounding horizon",
    statement:
      "|z − z′|/|z| = √(2(1 − c^(ℓ))) falls as χ_⊥^{ℓ/2}; below the accumulated rounding inputs are alike",
    publications: [.poole2016exponential, .higham2002accuracy.at("chapter 2"), .orrery])

  /// Adam's step where gradients meet its ε.
  public static let adamEpsilon = Source(
    key: "adam-epsilon", title: "Adam's epsilon",
    statement: "a step of η g/(|g| + ε): independent of the gradient's scale until |g| falls to ε",
    publications: [.kingma2015adam])

  /// What a precision can hold, and what a sum loses.
  public static let floatingPointRange = Source(
    key: "floating-point-range", title: "range of floating point",
    statement:
      "numbers above the largest overflow, below the smallest vanish; w − ηg = w where |ηg| < u |w|, u the unit roundoff",
    publications: [.ieee2019standard, .higham2002accuracy.at("chapter 2")])

  /// How learning rates go with depth so that every layer contributes alike.
  public static let learningRateDepth = Source(
    key: "learning-rate-depth", title: "learning rates and depth",
    statement: "λ_b ∝ ℓ^{−p_⊥} L^{p_⊥−1}, λ_W ∝ ℓ^{p_0−p_⊥} L^{p_⊥−1}",
    publications: [.roberts2022principles.at("section 9.4")])

  /// How the kinks of ReLU move the mean of a trained network.
  public static let kinkMotion = Source(
    key: "kink-motion", title: "motion past kinks",
    statement:
      "√n E(f − f_lin) → R E ε_0|ε_0| √C_W p(0) g^2 ⟨|W|^3⟩/4 for one hidden layer of ReLU and one sample: a sample that pushes a neuron "
      + "below its kink loses hold of it",
    publications: [.orrery])

  /// Every source of this library.
  public static let theory: [Source] = [
    .kernelRecursion, .correlationMap, .neuralTangentKernel, .backwardRecursion, .gramChain, .susceptibility,
    .criticality, .fixedPoints, .orderChaosLine, .fourPointVertex, .kernelCorrection, .sixPointVertex,
    .homogeneousMoments, .residualVertices, .aspectRatio, .floatHorizon, .adamEpsilon, .floatingPointRange,
    .learningRateDepth, .kernelDynamics, .tangentKernelStatistics, .finiteWidthDynamics, .kinkMotion, .arcCosine,
    .arcSine, .trigonometricDual, .gaussianIntegral, .geluDual, .hermiteSeries, .gaussianQuadrature,
  ]
}
