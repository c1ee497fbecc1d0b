import OrreryFindings

extension Source {
  /// Closed forms for step, ReLU and its relatives.
  static let arcCosine = Source(
    key: "arc-cosine-kernels", title: "arc-cosine kernels",
    statement: "<relu relu> = sqrt(k11 k22) [sin t + (pi - t) cos t] / (2 pi), cos t = k12 / sqrt(k11 k22)",
    citation: "Y. Cho, L. K. Saul, Kernel methods for deep learning, NIPS 2009")
  static let arcSine = Source(
    key: "arc-sine-kernel", title: "arc-sine kernel",
    statement: "<erf erf> = (2/pi) asin(2 k12 / sqrt((1 + 2 k11)(1 + 2 k22)))",
    citation: "C. K. I. Williams, Computing with infinite networks, NIPS 1996")
  static let trigonometricDual = Source(
    key: "trigonometric-kernels", title: "kernels of sines",
    statement: "<sin sin> = exp(-(k11 + k22)/2) sinh k12",
    citation: "A. Rahimi, B. Recht, Random features for large-scale kernel machines, NIPS 2007")
  static let gaussianIntegral = Source(
    key: "gaussian-integrals", title: "Gaussian integrals",
    statement: "<exp(l.z)> = exp(l.K.l / 2)",
    citation: "D. A. Roberts, S. Yaida, B. Hanin, The Principles of Deep Learning Theory, section 1.1",
    link: "https://arxiv.org/abs/2106.10165")
  static let geluDual = Source(
    key: "gelu-kernel", title: "GELU kernel",
    statement:
      "<gelu gelu> = k12 [1/4 + asin(r)/(2 pi)] + [k11 k22 + k12^2 (1 - k11/(1+k11) - k22/(1+k22))] / (2 pi sqrt(D))",
    citation:
      "R. Tsuchida et al., Avoiding kernel fixed points: computing with ELU and GELU infinite networks, AAAI 2021",
    link: "https://arxiv.org/abs/2002.08517")
  static let hermiteSeries = Source(
    key: "hermite-series", title: "Hermite series of the dual activation",
    statement: "<s(z1) s(z2)> = sum_j a_j(k11) a_j(k22) c^j",
    citation: "A. Daniely, R. Frostig, Y. Singer, Toward deeper understanding of neural networks, NIPS 2016",
    link: "https://arxiv.org/abs/1602.05897")
  static let gaussianQuadrature = Source(
    key: "gaussian-quadrature", title: "quadrature of the Gaussian integral",
    statement: "<s(z1) s(z2)> by Gauss-Legendre panels between the kinks of s",
    citation: "P. J. Davis, P. Rabinowitz, Methods of Numerical Integration, Academic Press 1984")
}
