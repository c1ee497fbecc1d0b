import OrreryAnalysis
import Testing

/// Checks what is measured at sizes n and 2n against its limit for n → ∞: 2X(2n) − X(n), which leaves terms of order 1/n².
///
/// - Parameter systematic: the size of what is left. Without it that is taken from the last difference d, as d²/|limit|: each order is
///   smaller than the one before by about the same factor.
public func checkExtrapolationAgrees(
  predicted: Double, narrow: Estimate, wide: Estimate, systematic: Double? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let limit = Richardson.extrapolate([narrow, wide], sizes: [1, 2], powers: [1])
  let difference = abs(narrow.value - wide.value)
  checkMonteCarloAgrees(
    predicted: predicted, measured: limit.value, standardError: limit.error,
    systematic: systematic ?? difference * difference / max(abs(predicted), difference),
    sourceLocation: sourceLocation)
}
