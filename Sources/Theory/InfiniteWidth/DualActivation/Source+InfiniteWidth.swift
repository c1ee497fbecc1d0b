import OrreryFindings

extension Source {
  /// Closed forms for step, ReLU and its relatives.
  static let arcCosine = Source(
    key: "arc-cosine-kernels", title: "arc-cosine kernels",
    statement: "⟨σσ⟩ = √(k_{11}k_{22}) [sin θ + (π − θ) cos θ]/2π for ReLU, cos θ = k_{12}/√(k_{11}k_{22})",
    publications: [.cho2009kernel])
  static let arcSine = Source(
    key: "arc-sine-kernel", title: "arc-sine kernel",
    statement: "⟨σσ⟩ = (2/π) asin(2k_{12}/√((1 + 2k_{11})(1 + 2k_{22})))",
    publications: [.williams1996computing])
  static let trigonometricDual = Source(
    key: "trigonometric-kernels", title: "kernels of sines",
    statement: "⟨sin sin⟩ = e^{−(k₁₁ + k₂₂)/2} sinh k_{12}",
    publications: [.rahimi2007random])
  static let gaussianIntegral = Source(
    key: "gaussian-integrals", title: "Gaussian integrals",
    statement: "⟨exp(λ·z)⟩ = exp(λ·K·λ/2)",
    publications: [.roberts2022principles.at("section 1.1")])
  static let geluDual = Source(
    key: "gelu-kernel", title: "GELU kernel",
    statement:
      "⟨σσ⟩ = {r [¼ + asin(r)/2π] + f_1f_2 [1 − c^2 + (2 − f_1 − f_2) c^2]/(2π√(1 − r^2))}/√((1 − f_1)(1 − f_2)), f = k/(1 + k), r = c√(f_1f_2)",
    publications: [.tsuchida2021avoiding])
  static let hermiteSeries = Source(
    key: "hermite-series", title: "Hermite series of the dual activation",
    statement: "⟨σ(z_1)σ(z_2)⟩ = Σ_j a_j(k_{11}) a_j(k_{22}) c^{j}",
    publications: [.daniely2016toward])
  static let gaussianQuadrature = Source(
    key: "gaussian-quadrature", title: "quadrature of the Gaussian integral",
    statement: "⟨σ(z_1)σ(z_2)⟩ by Gauss–Legendre panels between the kinks of σ",
    publications: [.davis1984methods])
}
