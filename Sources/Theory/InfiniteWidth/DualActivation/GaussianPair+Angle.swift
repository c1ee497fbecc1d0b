import Foundation
import OrreryAnalysis

/// The pair of preactivations z₁, z₂ of one neuron, as (k₁₁, k₂₂, 1 − c): what duals are functions of.
extension GaussianPair {
  /// θ with cos θ = c, to full relative accuracy near 0 and as near to π as 1 + c allows.
  package var angle: Double {
    oneMinusCorrelation <= 1
      ? 2 * asin((oneMinusCorrelation / 2).squareRoot()) : .pi - 2 * asin((onePlusCorrelation / 2).squareRoot())
  }

  /// √(k₁₁k₂₂).
  package var scale: Double { k11.squareRoot() * k22.squareRoot() }

  /// ½(k₁₁ + k₂₂) − k₁₂ = ½⟨(z₁ − z₂)²⟩ = ½(√k₁₁ − √k₂₂)² + √(k₁₁k₂₂)(1 − c), a sum of positive terms.
  package var halfSquaredDistance: Double {
    let difference = k11.squareRoot() - k22.squareRoot()
    return 0.5 * difference * difference + scale * oneMinusCorrelation
  }

  /// The pair of (βz₁, βz₂).
  package func scaled(by factor: Double) -> GaussianPair {
    let square = factor * factor
    return GaussianPair(k11: square * k11, k22: square * k22, oneMinusCorrelation: oneMinusCorrelation)
  }
}
