import OrreryNetworks

/// The exact law of the kernel of a homogeneous activation on one input at C_b = 0, for any widths.
///
/// Ĝ^(L) = K^(L) Π_(ℓ<L) X_ℓ with independent X_ℓ = (1/nA₂) Σ_j σ(u_j)², u ~ N(0, 1): E X = 1,
/// E X² = 1 + (3c − 1)/n, E X³ = (15c₆ + 9c(n − 1) + (n − 1)(n − 2))/n², c = A₄/A₂², c₆ = A₆/A₂³.
/// Source: Hanin and Nica 2018 (arXiv:1812.05994), PDLT chapter 3. Domain: exact, Gaussian weights.
public struct HomogeneousKernelLaw: Hashable, Sendable {
  /// E (Ĝ/K)².
  public var secondMoment: Double
  /// E (Ĝ/K)³.
  public var thirdMoment: Double
  /// Σ (3c − 1)/n_ℓ, to which Var log Ĝ tends for wide layers: log Ĝ is nearly normal, with mean −½ of it.
  public var logVariance: Double
  /// Var Ĝ/K².
  public var relativeVariance: Double { secondMoment - 1 }

  /// - Parameters:
  ///   - widths: n_1 … n_(L−1), the hidden layers below the kernel's.
  /// - Returns: nil unless σ is positively homogeneous of degree 1 and not zero.
  public init?(_ activation: Activation, widths: [Int]) {
    guard let slopes = activation.slopes else { return nil }
    let (p, q) = (slopes.positive * slopes.positive, slopes.negative * slopes.negative)
    let a2 = (p + q) / 2
    guard a2 > 0 else { return nil }
    let c = (p * p + q * q) / 2 / (a2 * a2)
    let c6 = (p * p * p + q * q * q) / 2 / (a2 * a2 * a2)
    secondMoment = 1
    thirdMoment = 1
    for width in widths {
      let n = Double(width)
      secondMoment *= 1 + (3 * c - 1) / n
      thirdMoment *= (15 * c6 + 9 * c * (n - 1) + (n - 1) * (n - 2)) / (n * n)
    }
    logVariance = 0
    for width in widths { logVariance += (3 * c - 1) / Double(width) }
  }
}
