import Foundation
import OrreryNetworks

/// How far a network is from its infinite-width limit, by its kernel's relative variance ν L/n.
///
/// The thresholds 0.03 and 0.3 are rules of thumb: at 0.03 kernels differ between networks by 17 %, at 0.3 by 55 %,
/// where the order after the leading one is 15 % (½νL/n in the scale-invariant class) and tails are log-normal.
public enum CouplingRegime: String, Hashable, Codable, Sendable, CaseIterable {
  /// ν L/n < 0.03.
  case effectivelyInfinite = "effectively infinite"
  /// 0.03 ≤ ν L/n ≤ 0.3.
  case perturbative
  /// ν L/n > 0.3: the 1/n expansion is not to be trusted.
  case stronglyCoupled = "strongly coupled"

  public init(relativeVariance: Double) {
    switch relativeVariance {
    case ..<0.03: self = .effectivelyInfinite
    case ...0.3: self = .perturbative
    default: self = .stronglyCoupled
    }
  }
}

/// L/n and ν L/n of a network at criticality, with the verdict.
public struct AspectRatio: Hashable, Sendable {
  /// L/n, n the harmonic mean of the hidden widths.
  public var value: Double
  /// ν: V/K² → νℓ at criticality.
  public var nu: Double
  /// ν L/n.
  public var coupling: Double { nu * value }
  public var regime: CouplingRegime { CouplingRegime(relativeVariance: coupling) }

  public init(_ architecture: MultilayerPerceptron, point: CriticalPoint) {
    value = architecture.aspectRatio
    nu = point.exponents.nu
  }

  /// The aspect ratio at which m₁ + m₂ = `outputs` neurons share most information, 4/((20 + 3n_L)ν).
  ///
  /// Source: PDLT appendix A, with v = νL/n linearised. Domain: at least two outputs; nil for one, which shares none.
  public static func optimal(outputs: Int, nu: Double) -> Double? {
    outputs >= 2 ? 4 / ((20 + 3 * Double(outputs)) * nu) : nil
  }

  /// One sentence for a report.
  public var statement: String {
    String(format: "L/n = %.2g, ν L/n = %.2g", value, coupling) + " (\(regime.rawValue))."
  }
}
