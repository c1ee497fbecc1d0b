/// A number that theory says, with its errors: of a ``Quantity`` or of anything else.
package protocol PredictedNumber {
  var value: Double { get }
  /// σ_p, of a number that is itself sampled.
  var samplingError: Double { get }
  /// δ_p, the size of what the theory leaves out.
  var truncationError: Double { get }
}

/// A number that was measured, with its errors.
package protocol MeasuredNumber {
  var value: Double { get }
  /// σ_m, over networks.
  var standardError: Double { get }
  /// τ_m, a bound on the estimator's own bias.
  var systematicBound: Double { get }
  /// The independent networks behind it.
  var networks: Int { get }
}

/// How far a measured number lies from a predicted one, in units of all their errors.
package struct Comparison: Hashable, Sendable {
  /// √(σ_m² + τ_m² + σ_p² + δ_p²).
  package let totalError: Double
  /// (m − p) / total error.
  package let pull: Double
  package let verdict: Verdict

  /// - Parameter smallestEffect: the smallest difference that would matter, fixed before measuring.
  package init(
    _ prediction: some PredictedNumber, _ measurement: some MeasuredNumber, smallestEffect: Double?
  ) {
    let parts = [
      measurement.standardError, measurement.systematicBound, prediction.samplingError, prediction.truncationError,
    ]
    totalError = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    pull = Verdict.pull(difference: measurement.value - prediction.value, totalError: totalError)
    verdict = Verdict(
      pull: pull, totalError: totalError, networks: measurement.networks, smallestEffect: smallestEffect)
  }
}
